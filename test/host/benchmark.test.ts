// How the benchmark evaluates its measurements. The measurements themselves are not tested here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { importable, root, runModule } from '../support/host';

const bench = (name: string): string => importable(`bench/${name}`);

interface Bound {
  about: string;
  figure: string;
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

const PERIODS = [0.5, 1, 5, 16.667];
const COUNTS = [1_000, 10_000, 100_000, 1_000_000];

const answers = (name: string, subject: string, ...rounds: Record<string, unknown>[]): Answer[] =>
  rounds.map((values, round) => ({ case: name, subject, round, values }));

/** A subject's answers for all interval cases. */
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
  const others = [...intervals('nanotimer', { cpuMs: 50 }), ...intervals('cpp-timer', {}), ...intervals('cpp-delay', {})];

  test('count as not measured, rather than broken, if there are no measurements', async () => {
    const bounds = await timerBounds([]);
    expect(bounds.every(({ value, holds, figure }) => value === null && holds === null && figure === 'not measured')).toBe(true);
  });

  test('hold if all figures are good', async () => {
    const pending = COUNTS.flatMap((count) =>
      ['rtworkq-timers', 'node'].flatMap((subject) =>
        answers(`pending ${count}`, subject, { startNs: 300, cancelNs: 100, heapBytes: 100, rssBytes: 120 }),
      ),
    );
    const bounds = await timerBounds([...others, ...intervals('rtworkq-timers', {}), ...intervals('rtworkq-promises', {}), ...pending]);
    expect(bounds.filter(({ holds }) => holds !== true).map(({ about }) => about)).toEqual([
      expect.stringMatching(/under RtwqPutWaitingWorkItem$/),
      expect.stringMatching(/^memory/),
      expect.stringMatching(/^memory/),
    ]);
  });

  test('count reported missed ticks as calls, but not as delivered ticks', async () => {
    const bounds = await timerBounds([
      ...others,
      ...intervals('rtworkq-timers', {}),
      ...intervals('rtworkq-promises', { calls: 980, missed: 20 }),
    ]);
    expect(find(bounds, /^calls.*, 5 ms/)).toMatchObject({ value: 1, holds: true });
    expect(find(bounds, /^ticks delivered, 5 ms/)).toMatchObject({ value: 0.98, holds: false });
    expect(find(bounds, /^ticks delivered, 100/)).toMatchObject({ value: 0.98, holds: true });
  });

  test('use the worse of the figures for an idle and a busy machine', async () => {
    const records = [...others, ...intervals('rtworkq-timers', {}), ...intervals('rtworkq-promises', {})].map((record) =>
      record.case === 'interval 5 busy' && record.subject === 'rtworkq-promises'
        ? { ...record, values: { ...record.values, driftMs: 5, calls: 900 } }
        : record,
    );
    const bounds = await timerBounds(records);
    expect(find(bounds, /^final drift, 5 ms/)).toMatchObject({ value: 5, holds: false });
    expect(find(bounds, /^calls.*, 5 ms/)).toMatchObject({ figure: '90.00 %', holds: false });
    expect(find(bounds, /^final drift, 1 ms/)).toMatchObject({ holds: true });
  });

  test('add up the CPU time of all periods', async () => {
    const bounds = await timerBounds([...others, ...intervals('rtworkq-timers', { cpuMs: 16 }), ...intervals('rtworkq-promises', {})]);
    expect(find(bounds, /nanotimer/)).toMatchObject({ value: 0.32, holds: false });
    expect(find(bounds, /C\+\+ timer's$/)).toMatchObject({ value: 1.6, holds: false });
  });
});

describe("the benchmark's bounds for work items", () => {
  test("use the median of the rounds' ratios", async () => {
    const bounds = await workItemBounds(
      [
        ...answers('put 1000', 'cpp', { ns: 100 }, { ns: 300 }, { ns: 100 }),
        ...answers('put 1000', 'rtworkq', { ns: 200 }, { ns: 400 }, { ns: 1000 }),
      ],
      437_760,
    );
    expect(find(bounds, /^put \+ await/)).toMatchObject({ value: 0.5, holds: false });
    expect(find(bounds, /^schedule/)).toMatchObject({ figure: 'not measured', holds: null });
    expect(find(bounds, /^size/)).toMatchObject({ figure: '438 KB', holds: true });
  });

  test('tell whether the cost is flat only if all sizes were measured', async () => {
    const bulk = (...costs: number[]): Answer[] =>
      costs.flatMap((ns, index) => ['cpp', 'rtworkq'].flatMap((subject) => answers(`bulk ${COUNTS[index]}`, subject, { ns })));
    const flat = /^putWorkItems, the dearest/;
    expect(find(await workItemBounds(bulk(100, 90, 120, 130), 0), flat)).toMatchObject({ value: 1.3, holds: true });
    expect(find(await workItemBounds(bulk(100, 90, 140, 130), 0), flat)).toMatchObject({ value: 1.4, holds: false });
    expect(find(await workItemBounds(bulk(100, 90, 120), 0), flat)).toMatchObject({ holds: null });
  });
});

test("the benchmark's distributions have percentiles, and count each value in exactly one histogram bin", async () => {
  const values = [-1, 0.0005, 0.001, 0.5, 0.5, 2, 50, 5_000];
  const result = await ask(`import statistics from ${bench('lib/statistics.js')}; return statistics.distribution(values[0]);`, values);
  const { histogram, ...rest } = result as { histogram: number[] };
  expect(rest).toEqual({ count: 8, min: -1, p50: 0.5, p99: 5_000, max: 5_000 });
  expect(histogram.reduce((sum, count) => sum + count)).toBe(8);
  expect([histogram[0], histogram[1], histogram.at(-1)]).toEqual([2, 1, 1]);
});

test('docs/performance.md has a place for each table of the benchmark', async () => {
  const names = await ask(
    `import { ask } from ${bench('report/results.mjs')}; import { tablesOf } from ${bench('report/tables.mjs')};
    return Object.keys(tablesOf(ask({}), { timers: [], workItems: [] }));`,
  );
  const page = readFileSync(join(root, 'docs/performance.md'), 'utf8');
  const places = [...page.matchAll(/^<!-- (.*), written by npm run bench -->$/gm)].map(([, name]) => name);
  expect(new Set(places)).toEqual(new Set(['run', ...(names as string[])]));
  // scripts/figures.mjs writes the other places.
  expect(page.match(/^<!-- end -->$/gm)).toHaveLength(page.match(/^<!-- .*, written by .* -->$/gm)!.length);
});
