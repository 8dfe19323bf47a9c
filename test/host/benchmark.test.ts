// What the benchmark's report makes of its measurements. The measurements themselves are not tested here.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { importable, root, runModule } from '../support/host';

const bench = (name: string): string => importable(`bench/${name}`);

interface Bound {
  about: string;
  figure: string;
  beside: string;
  value: number | null;
  holds: boolean | null;
}

interface Answer {
  case: string;
  subject: string;
  round: number;
  values: Record<string, unknown>;
}

async function ask(code: string, ...values: unknown[]): Promise<unknown> {
  const { result, error } = await runModule(code, ...values);
  if (error) throw new Error(error.message);
  return result;
}

const PERIODS = [0.5, 1, 5, 10, 16.667];
const COUNTS = [1_000, 10_000, 100_000, 1_000_000];

const answers = (name: string, subject: string, ...rounds: Record<string, unknown>[]): Answer[] =>
  rounds.map((values, round) => ({ case: name, subject, round, values }));

/** A subject's intervals in all cases. */
const intervals = (subject: string, values: Record<string, number>): Answer[] =>
  [...PERIODS.flatMap((period) => [`interval ${period} idle`, `interval ${period} busy`]), '100 intervals'].flatMap((name) =>
    answers(name, subject, { ideal: 1000, calls: 1000, missed: 0, driftMs: 0.1, cpuMs: 10, ...values }),
  );

const timerBounds = (records: Answer[]): Promise<Bound[]> =>
  ask(
    `import { ask, summarize } from ${bench('report/results.mjs')}; import { timerBounds } from ${bench('report/timer-bounds.mjs')};
    return timerBounds(ask(summarize(values[0])));`,
    records,
  ) as Promise<Bound[]>;

const workItemBounds = (records: Answer[], bytes: number): Promise<Bound[]> =>
  ask(
    `import { ask, summarize } from ${bench('report/results.mjs')}; import { workItemBounds } from ${bench('report/work-item-bounds.mjs')};
    return workItemBounds(ask(summarize(values[0])), values[1]);`,
    records,
    bytes,
  ) as Promise<Bound[]>;

const find = (bounds: Bound[], about: RegExp): Bound => {
  const found = bounds.filter((each) => about.test(each.about));
  expect(found).toHaveLength(1);
  return found[0]!;
};

describe("the benchmark's bounds for timers", () => {
  const others = ['cpp-timer', 'cpp-delay', 'own-thread'].flatMap((subject) => intervals(subject, {}));
  others.push(...intervals('nanotimer', { cpuMs: 50 }), ...answers('idle', 'node', { wakeUps: 3 }));

  test('are "not measured", not broken, without measurements', async () => {
    const bounds = await timerBounds([]);
    expect(bounds.every(({ value, holds, figure }) => value === null && holds === null && figure === 'not measured')).toBe(true);
  });

  test('hold if all figures are good', async () => {
    const pending = COUNTS.flatMap((count) =>
      ['rtworkq-timers', 'node'].flatMap((subject) =>
        answers(`pending ${count}`, subject, { startNs: 300, cancelNs: 100, heapBytes: 100, rssBytes: 120 }),
      ),
    );
    const idle = answers('idle', 'rtworkq-timers', { wakeUps: 4 });
    const bounds = await timerBounds([
      ...others,
      ...intervals('rtworkq-timers', {}),
      ...intervals('rtworkq-promises', {}),
      ...pending,
      ...idle,
    ]);
    expect(bounds.filter(({ holds }) => holds !== true).map(({ about }) => about)).toEqual([
      expect.stringMatching(/memory of a pending timer$/),
      expect.stringMatching(/memory of a pending timer$/),
    ]);
  });

  test('count missed ticks as reported, but not as delivered', async () => {
    const bounds = await timerBounds([
      ...others,
      ...intervals('rtworkq-timers', {}),
      ...intervals('rtworkq-promises', { calls: 980, missed: 20 }),
    ]);
    expect(find(bounds, /reported as missed, 5 ms/)).toMatchObject({ value: 1, holds: true });
    expect(find(bounds, /^ticks delivered, 5 ms/)).toMatchObject({ value: 0.98, holds: false });
    expect(find(bounds, /^ticks delivered, 100/)).toMatchObject({ value: 0.98, holds: true });
  });

  test('take the worse figure of an idle and a busy machine', async () => {
    const records = [...others, ...intervals('rtworkq-timers', {}), ...intervals('rtworkq-promises', {})].map((record) =>
      record.case === 'interval 5 busy' && record.subject === 'rtworkq-promises'
        ? { ...record, values: { ...record.values, driftMs: 5, calls: 900 } }
        : record,
    );
    const bounds = await timerBounds(records);
    expect(find(bounds, /^lateness of the last tick, 5 ms/)).toMatchObject({ value: 5, holds: false });
    expect(find(bounds, /reported as missed, 5 ms/)).toMatchObject({ figure: '90.00 %', holds: false });
    expect(find(bounds, /^lateness of the last tick, 1 ms/)).toMatchObject({ holds: true });
  });

  test('add up the CPU time of all periods', async () => {
    const bounds = await timerBounds([...others, ...intervals('rtworkq-timers', { cpuMs: 20 }), ...intervals('rtworkq-promises', {})]);
    expect(find(bounds, /nanotimer$/)).toMatchObject({ value: 0.4, holds: false });
    expect(find(bounds, /ThreadSafeFunction$/)).toMatchObject({ value: 2, holds: false });
  });

  test("show what Wine's server adds, if there is one", async () => {
    const beside = async (values: Record<string, number>): Promise<unknown> =>
      find(
        await timerBounds([...intervals('own-thread', { cpuMs: 10, ...values }), ...intervals('rtworkq-timers', { cpuMs: 15, ...values })]),
        /ThreadSafeFunction$/,
      );
    expect(await beside({})).toMatchObject({ value: 1.5, holds: true, beside: 'idle: 15 and 10 µs' });
    expect(await beside({ serverMs: 5 })).toMatchObject({ beside: "idle: 15 and 10 µs; Wine's server: 5 and 5 µs" });
  });

  test('subtract the wake-ups of a program with a timer of Node', async () => {
    const idle = (ours: number): Answer[] => [
      ...answers('idle', 'node', { wakeUps: 3 }),
      ...answers('idle', 'rtworkq-timers', { wakeUps: ours }),
    ];
    expect(find(await timerBounds(idle(4)), /^wake-ups/)).toMatchObject({ value: 1, holds: true });
    expect(find(await timerBounds(idle(5)), /^wake-ups/)).toMatchObject({ value: 2, holds: false });
  });
});

describe('the bounds of work items', () => {
  test("are medians of the rounds' ratios", async () => {
    const bounds = await workItemBounds(
      [
        ...answers('put 1000', 'cpp', { ns: 100 }, { ns: 300 }, { ns: 100 }),
        ...answers('put 1000', 'rtworkq', { ns: 200 }, { ns: 400 }, { ns: 1000 }),
      ],
      437_760,
    );
    expect(find(bounds, /put \+ await/)).toMatchObject({ value: 0.5, holds: false });
    expect(find(bounds, /schedule \+ cancel/)).toMatchObject({ figure: 'not measured', holds: null });
    expect(find(bounds, /^size/)).toMatchObject({ figure: '438 KB', holds: true });
  });

  test('about growth need measurements of all sizes', async () => {
    const bulk = (...costs: number[]): Answer[] =>
      costs.flatMap((ns, index) => ['cpp', 'rtworkq'].flatMap((subject) => answers(`bulk ${COUNTS[index]}`, subject, { ns })));
    const flat = /^cost per item of putWorkItems/;
    expect(find(await workItemBounds(bulk(100, 90, 120, 130), 0), flat)).toMatchObject({ value: 1.3, holds: true });
    expect(find(await workItemBounds(bulk(100, 90, 140, 130), 0), flat)).toMatchObject({ value: 1.4, holds: false });
    expect(find(await workItemBounds(bulk(100, 90, 120), 0), flat)).toMatchObject({ holds: null });
  });
});

test('a distribution has percentiles by the nearest rank', async () => {
  const values = [2, 0.5, -1, 5_000, 0.5, 50, 0.001, 0.0005];
  const result = await ask(`import statistics from ${bench('lib/statistics.js')}; return statistics.distribution(values[0]);`, values);
  expect(result).toEqual({ count: 8, min: -1, p50: 0.5, p99: 5_000, p999: 5_000, max: 5_000 });
});

describe('an interval of the benchmark', () => {
  /** Measures a timer that is called at fixed times after its start, on a clock that only these calls move. */
  const measure = (flags: object, period: number, seconds: number, callsAt: number[]): Promise<Record<string, unknown>> =>
    ask(
      `import { createRequire } from 'node:module';
      import { fileURLToPath } from 'node:url';
      import { performance } from 'node:perf_hooks';
      const [flags, period, seconds, callsAt] = values;
      let now = 0;
      performance.now = () => now;
      const { measureIntervals } = createRequire(fileURLToPath(${bench('lib/intervals.js')}))('./intervals.js');
      const every = (period, tick) => {
        for (const at of callsAt) queueMicrotask(() => { now = at; tick(); });
        queueMicrotask(() => { now = 1e9; tick(); });
        return () => {};
      };
      return await measureIntervals({ every, ...flags }, 1, period, seconds);`,
      flags,
      period,
      seconds,
      callsAt,
    ) as Promise<Record<string, unknown>>;

  test('is late by the schedule of its start', async () => {
    const { calls, ideal, driftMs, lateMs } = await measure({}, 10, 0.03, [11, 22, 33]);
    expect([calls, ideal, driftMs, lateMs]).toEqual([3, 3, 3, [1, 2, 3]]);
  });

  test('is late by its last call if the timer restarts after each call', async () => {
    const { driftMs, lateMs, behind } = await measure({ restarts: true }, 10, 0.03, [11, 22, 33]);
    expect([driftMs, lateMs]).toEqual([3, [1, 1, 1]]);
    expect(behind).toEqual({ atMs: [0, 11, 22, 33], behindMs: [0, 1, 2, 3] });
  });
});

describe('figures for readers', () => {
  const own = (subject: string, values: Record<string, unknown> = {}): Answer[] =>
    answers('interval 10 idle', subject, {
      ideal: 500,
      calls: subject === 'node' ? 490 : 500,
      missed: 0,
      driftMs: subject === 'node' ? 100 : 1,
      cpuMs: 10,
      lateMs: { count: 500, min: 0, p50: 0.5, p99: 2, max: 3 },
      behind: { atMs: [0, 5000], behindMs: [0, 1] },
      ...values,
    });
  const records = ['cpp-timer', 'node', 'rtworkq-timers'].flatMap((subject) => own(subject));

  const headline = (from: Answer[]): Promise<string[][] | null> =>
    ask(
      `import { ask, summarize } from ${bench('report/results.mjs')}; import { headlineOf, headlineTable } from ${bench('report/headline.mjs')};
      const results = ask(summarize(values[0]));
      const found = headlineOf(results);
      return found ? headlineTable(results, found, ['node', 'rtworkq-timers']) : null;`,
      from,
    ) as Promise<string[][] | null>;

  test('show calls a second, lateness, drift and CPU time with their units', async () => {
    expect(await headline(records)).toEqual([
      ['one interval of 10 ms', 'calls a second', 'late, p50', 'late, p99', 'behind after 5 s', 'CPU time per call'],
      ['node:timers', '98', '0.5 ms', '2 ms', '100 ms', '20.4 µs'],
      ['rtworkq/timers', '100', '0.5 ms', '2 ms', '1 ms', '20 µs'],
    ]);
  });

  test('compare only runs of the same length', async () => {
    expect(await headline([...own('node', { ideal: 100, calls: 98 }), ...own('rtworkq-timers')])).toBeNull();
    const hundred = [...own('node', { ideal: 20_000, calls: 19_600 }), ...own('rtworkq-timers', { ideal: 20_000, calls: 20_000 })];
    const [head, ...rows] = (await headline([
      ...own('node', { ideal: 100, calls: 98 }),
      ...own('rtworkq-timers'),
      ...hundred.map((record) => ({ ...record, case: '100 intervals' })),
    ]))!;
    expect(head?.slice(0, 2)).toEqual(['100 intervals of 10 ms at once', 'calls a second']);
    expect(head).toContain('behind after 2 s');
    expect(rows.map(([, calls]) => calls)).toEqual(['98', '100']);
  });

  /** The two blocks of docs/performance.md that show intervals. */
  const intervalBlocks = async (from: Answer[]): Promise<string[]> =>
    (await ask(
      `import { blocksOf, report } from ${bench('report/report.mjs')};
      const blocks = blocksOf(report({}, values[0], 0))['docs/performance.md'];
      return [blocks['an interval'], blocks['all periods']];`,
      from,
    )) as string[];

  const hundred = ['node', 'rtworkq-timers'].flatMap((subject) =>
    answers('100 intervals', subject, { ideal: 20_000, calls: 20_000, missed: 0, driftMs: 1, cpuMs: 10 }),
  );

  test('explain lateness if one interval was measured, and show 100 intervals below the periods', async () => {
    const [interval, periods] = await intervalBlocks([...records, ...hundred]);
    expect(interval).toMatch(/^\*Late\*: after the call was due\./);
    expect(interval).toMatch(/^\| one interval of 10 ms +\| calls a second +\| late, p50/m);
    expect(periods).toContain('| ms late, p50 / p99; idle');
    expect(periods).toContain('| 100 intervals of 10 ms at once');
  });

  test('show 100 intervals once if single intervals do not compare, and say why', async () => {
    const [interval, periods] = await intervalBlocks([...own('node', { ideal: 100, calls: 98 }), ...own('rtworkq-timers'), ...hundred]);
    expect(interval).toMatch(/^This run has no comparable figures of a single interval/);
    expect(interval).toMatch(/^\| 100 intervals of 10 ms at once +\| calls a second/m);
    expect(periods).toBe('Not measured in this run, or not for the same time with all contenders.');
  });

  test('show the bounds by their present names, even if the run stored others', async () => {
    const block = await ask(
      `import { blocksOf, report } from ${bench('report/report.mjs')};
      const stored = report({}, [], 0);
      for (const bound of stored.bounds.timers) bound.about = 'an old name';
      return blocksOf(stored)['bench/README.md']['bounds of timers'];`,
    );
    expect(block).not.toContain('an old name');
  });

  interface Drawn {
    alt: string;
    colours: Record<string, string[]>;
  }

  /** The charts' texts, and the colours of the rows' names. */
  const charts = (from: Answer[]): Promise<Record<string, Drawn>> =>
    ask(
      `import { ask, summarize } from ${bench('report/results.mjs')}; import { behindChart, chartsOf, THEMES } from ${bench('report/charts.mjs')};
      const results = ask(summarize(values[0]));
      const charts = { ...chartsOf(results), behind: behindChart(results) };
      return Object.fromEntries(Object.entries(charts).filter(([, chart]) => chart).map(([name, { alt, option }]) => [name, {
        alt,
        colours: Object.fromEntries(Object.entries(THEMES).map(([theme, colours]) => {
          const { yAxis, series } = option(colours);
          const shown = yAxis.data ? yAxis.data.map((label, index) => yAxis.axisLabel.color(label, index)) : series.map(({ lineStyle }) => lineStyle.color);
          return [theme, shown.map((colour) => Object.keys(colours).find((each) => colours[each] === colour))];
        })),
      }]));`,
      from,
    ) as Promise<Record<string, Drawn>>;

  test('are drawn with one colour for the package and grey for all others, on light and on dark pages', async () => {
    const drawn = await charts(records);
    expect(Object.keys(drawn).sort()).toEqual(['behind', 'cpu', 'late-idle']);
    for (const name of ['late-idle', 'cpu']) {
      const rows = ['ours', 'others', 'others'];
      expect(drawn[name]!.colours).toEqual({ light: rows, dark: rows });
    }
    expect(drawn['behind']!.colours).toEqual({ light: ['others', 'ours'], dark: ['others', 'ours'] });
    expect(drawn['behind']!.alt).toBe('setInterval of 10 ms after 5 s: node:timers is 100 ms behind, rtworkq/timers is 1 ms behind');
    expect(drawn['late-idle']!.alt).toContain('rtworkq/timers 0.5 to 2 ms; node:timers');
  });

  test('are not drawn from runs of different lengths', async () => {
    expect(await charts([...own('node', { ideal: 100, calls: 98 }), ...own('rtworkq-timers')])).toEqual({});
  });
});

test('every generated table has a block in docs/performance.md or bench/README.md', async () => {
  const blocks = (await ask(
    `import { blocksOf, report } from ${bench('report/report.mjs')};
    return Object.entries(blocksOf(report({}, [], 0))).map(([page, blocks]) => [page, Object.keys(blocks)]);`,
  )) as [page: string, blocks: string[]][];
  for (const [path, names] of blocks) {
    const page = readFileSync(join(root, path), 'utf8');
    const found = [...page.matchAll(/^<!-- (.*), written by node scripts\/figures\.mjs -->$/gm)].map(([, name]) => name);
    // Its figures are from CI.
    expect(found.filter((name) => name !== 'Windows').sort()).toEqual(names.sort());
    expect(page.match(/^<!-- end -->$/gm)).toHaveLength(found.length);
  }
});

test('bench/charts holds the charts that the pages show, and no others', () => {
  const shown = ['README.md', 'docs/performance.md'].flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/"[./]*bench\/charts\/([\w-]+\.svg)"/g)].map(([, file]) => file),
  );
  expect(readdirSync(join(root, 'bench/charts')).sort()).toEqual([...new Set(shown)].sort());
});
