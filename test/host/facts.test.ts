// `npm run facts`: its rows, how it treats a program that crashes or hangs, and its table. Windows' answers are not tested here.
// Also the pages' Windows tables, which are made from these answers and other reports.

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import markdownIt from 'markdown-it';
import { importable, root, runModule, runProgram, runScript } from '../support/host';

interface Row {
  id: string;
  question: string;
  relies: string[];
  native?: string;
  script?: string;
}

interface Answered extends Omit<Row, 'native' | 'script'> {
  answers: Record<string, unknown>[];
  problem?: string;
  stderr?: string;
}

interface Report {
  date: string;
  machine: { host: string; wine: boolean; node: string; arch: string };
  rows: Answered[];
}

async function ask(code: string, ...values: unknown[]): Promise<unknown> {
  const { result, error } = await runModule(code, ...values);
  if (error) throw new Error(error.message);
  return result;
}

const facts = (name: string): string => importable(`facts/${name}`);

// The first run compiles facts.exe, and perhaps the addon.
const BUILD_LIMIT_MS = 900_000;

let folder: string;
let rows: Row[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rtworkq-facts-'));
  rows = (await ask(`import { ROWS } from ${facts('rows.mjs')}; return ROWS;`)) as Row[];
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

/** The cells of a page's tables, row by row. */
function cellsOf(markdown: string): string[][] {
  const found: string[][] = [];
  const tokens = markdownIt().parse(markdown, {});
  for (const [index, { type }] of tokens.entries()) {
    if (type === 'tr_open') found.push([]);
    if (type === 'th_open' || type === 'td_open') found.at(-1)!.push(tokens[index + 1]!.content);
  }
  return found;
}

describe('the rows of npm run facts', () => {
  test.each([
    ['the format and reuse of keys', ['keys', 'js-keys']],
    ['what a cancelled wait has consumed', ['cancelled-waits', 'cancelled-pool-waits']],
    ['the order of waits', ['wait-order']],
    ['the threads of queue 7', ['queue-threads']],
    ['the number of private queues and waits', ['private-queues', 'many-waits']],
    ['MMCSS registrations', ['mmcss-registration', 'js-mmcss']],
    ['SwitchToThread', ['switch-to-thread']],
    ['QueryPerformanceCounter', ['clock-cost', 'machine-sleep']],
    ['lateness', ['late-timers', 'late-work-items', 'late-timeouts', 'js-late-timers']],
    ['async results', ['async-results']],
    ['the timer tick', ['timer-tick']],
    ['WaitForMultipleObjects', ['conserved-semaphore', 'conserved-event', 'conserved-timer', 'wait-all-twice']],
    ['threads', ['abandoned-mutex', 'many-threads']],
    ['the DLL that the package uses', ['js-support']],
  ])('ask about %s', (_about, ids) => {
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  });

  test('have unique ids and questions', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(new Set(rows.map(({ question }) => question)).size).toBe(rows.length);
    expect(rows.map(({ question }) => question).filter((question) => !question.endsWith('?'))).toEqual([]);
  });

  test.each(['relies', 'script'] as const)('name files that exist: %s', (name) => {
    const files = rows.flatMap((row) => (name === 'relies' ? row.relies : row.script ? [`facts/programs/${row.script}`] : []));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    if (name === 'relies') expect(rows.filter(({ relies }) => relies.length === 0)).toEqual([]);
  });

  test('match those that the programs implement', () => {
    const main = readFileSync(join(root, 'facts/native/main.cc'), 'utf8');
    const known = [...main.matchAll(/\{L"([\w-]+)", \{/g)].map(([, name]) => name);
    // "wine" is asked for the table's head.
    expect(known.sort()).toEqual([...rows.flatMap(({ native }) => native ?? []), 'wine'].sort());
    expect(readdirSync(join(root, 'facts/programs')).sort()).toEqual(rows.flatMap(({ script }) => script ?? []).sort());
  });

  test("all have Wine's answer as a control", () => {
    const control = JSON.parse(readFileSync(join(root, 'facts/wine.json'), 'utf8')) as Report;
    expect(control.machine).toMatchObject({ wine: true, host: expect.stringMatching(/^Wine \d+\./) });
    expect(control.rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    for (const { id, answers, problem } of control.rows) expect({ id, problem, said: answers.length > 0 }).toEqual({ id, said: true });
  });
});

describe('a program of npm run facts that', () => {
  const PROGRAMS = {
    crashes: `console.log('{"about":"first","value":1}'); process.abort();`,
    hangs: 'setInterval(() => {}, 1000);',
    'says nothing': `console.log('no JSON'); console.log(5);`,
    fails: `console.error('a reason'); process.exitCode = 3;`,
    answers: `const { sayAll, sayEnd } = require(${JSON.stringify(join(root, 'facts/lib/say.js'))});
      sayAll('late', 'ms', Array.from({ length: 100 }, (_, index) => index + 1)); sayEnd();`,
  };
  let report: Report;

  const rowOf = (id: string): Answered => report.rows.find((row) => row.id === id)!;

  beforeAll(async () => {
    const madeUp = Object.entries(PROGRAMS).map(([id, code]) => {
      writeFileSync(join(folder, `${id}.js`), code);
      return { id, question: `What if it ${id}?`, relies: [], script: join(folder, `${id}.js`), limit: id === 'hangs' ? 5 : 120 };
    });
    const notBuilt = { id: 'is missing', question: 'What if it is missing?', relies: [], native: 'keys' };
    report = (await ask(
      `import { ask } from ${facts('ask.mjs')}; import { reportOf } from ${facts('report/report.mjs')};
      import { forWindows } from ${importable('scripts/lib/windows.mjs')};
      const rows = values[0].map((row) => (row.script ? { ...row, script: forWindows(row.script) } : row));
      return reportOf(rows, await ask(rows, {}), new Date());`,
      [...madeUp, notBuilt],
    )) as Report;
  });

  test('crashes counts as an answer, and keeps its earlier output', () => {
    const { answers, problem } = rowOf('crashes');
    expect(answers).toEqual([{ about: 'first', value: 1 }]);
    // SIGABRT is 22 on Windows, and Node has used two ways to abort there.
    expect(problem).toMatch(/^crashed: exit code (134|22|3|\d+ \(0x[0-9A-F]{8}\))$/);
  });

  test('hangs is killed, and counts as an answer', () => {
    expect(rowOf('hangs')).toMatchObject({ answers: [], problem: 'hung for 5 s and was killed' });
  });

  test('ends without its last line is reported as a problem, even with exit code 0', () => {
    expect(rowOf('says nothing')).toMatchObject({
      answers: [
        { about: 'printed', value: 'no JSON' },
        { about: 'printed', value: '5' },
      ],
      problem: 'exited before it was finished: exit code 0',
    });
    expect(rowOf('fails')).toMatchObject({ problem: 'crashed: exit code 3', stderr: 'a reason' });
  });

  test('could not be built is reported as a problem', () => {
    expect(rowOf('is missing')).toMatchObject({ answers: [], problem: 'not run: its program was not built' });
  });

  test('answers is still run after all of these, and its many numbers are summarized', () => {
    const { answers, problem } = rowOf('answers');
    expect(problem).toBeUndefined();
    expect(answers).toEqual([{ about: 'late', unit: 'ms', count: 100, median: 50.5, p95: 95, max: 100 }]);
  });

  test('does not end well is named in the last line', async () => {
    const line = await ask(`import { closingLine } from ${facts('report/report.mjs')}; return closingLine(values[0]);`, report);
    expect(line).toMatch(/^6 rows asked, 1 answered; failed: crashes \(crashed: .*\), hangs \(hung for 5 s and was killed\), /);
  });
});

const readJson = (file: string): never => JSON.parse(readFileSync(file, 'utf8')) as never;

describe('npm run facts', () => {
  const only = ['js-keys', 'wait-all-twice', 'mmcss-registration'];
  let code: number;
  let stdout: string;
  let stderr: string;
  let summary: string;
  let report: Report;

  beforeAll(async () => {
    const json = join(folder, 'facts.json');
    const file = join(folder, 'summary.md');
    writeFileSync(file, '# Before\n\n');
    const args = [join(root, 'scripts/facts.mjs'), '--only', `^(${only.join('|')})$`, '--json', json];
    ({ code, stdout, stderr } = await runProgram(process.execPath, args, root, { GITHUB_STEP_SUMMARY: file }));
    if (!existsSync(json)) throw new Error(stderr);
    report = readJson(json);
    summary = readFileSync(file, 'utf8');
  }, BUILD_LIMIT_MS);

  test('exits with 0 and says how many rows were answered', () => {
    expect(code).toBe(0);
    expect(stdout.trim().split(/\r?\n/).at(-1)).toBe('3 rows asked, 3 answered.');
  });

  test('prints one table with the question, what relies on it, the answer and the control', () => {
    for (const text of ['Question', 'What relies on it', 'Answer', 'Answer of Wine']) expect(stdout).toContain(text);
    const borders = stdout.split(/\r?\n/).filter((line) => line.startsWith('├'));
    expect(borders).toHaveLength(only.length);
    expect(stdout).toContain('bigint: 100 of 100');
  });

  test("adds a Markdown table to the job's summary", () => {
    expect(summary).toMatch(/^# Before\n/);
    const [head, ...cells] = cellsOf(summary);
    expect(head).toEqual(['Question', 'What relies on it', 'Answer', expect.stringMatching(/^Answer of Wine /)]);
    expect(cells.map(([question]) => question)).toEqual(report.rows.map(({ question }) => question));
    for (const row of cells) expect(row.map((cell) => cell !== '')).toEqual([true, true, true, true]);
  });

  test('writes the same rows as JSON, with the machine', () => {
    expect(report.rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).filter((id) => only.includes(id)));
    const { wine, host, arch } = report.machine;
    expect(arch).toMatch(/^(x64|arm64|ia32)$/);
    // Wine says that it is Windows too.
    expect(host).toMatch(process.platform === 'win32' ? /^(Wine|Windows) / : /^Wine /);
    expect(wine).toBe(host.startsWith('Wine '));
    for (const { answers } of report.rows) expect(answers.length).toBeGreaterThan(0);
  });

  test('rejects --write for only some of the rows', async () => {
    const { code: refused, stderr: reason } = await runScript('facts.mjs', '--write', '--only', 'keys');
    expect(refused).toBe(1);
    expect(reason).toContain('--write wants all rows');
  });

  test.each(['a | b', '<script>', '`code`', 'C:\\*.dll'])("shows Windows' text verbatim: %s", async (text) => {
    const row = { id: 'x', question: 'What?', relies: ['lib/index.ts'], answers: [{ about: 'it', value: text }] };
    const markdown = (await ask(
      `import { toMarkdown } from ${facts('report/tables.mjs')}; return toMarkdown(values[0], values[1]);`,
      { ...report, rows: [row] },
      { ...report, rows: [] },
    )) as string;
    const parser = markdownIt({ html: true });
    expect(parser.render(markdown)).toContain(`<td>it: ${parser.utils.escapeHtml(text)}</td>`);
  });

  describe("the pages' Windows tables", () => {
    type Reports = Record<'bench' | 'doctor' | 'facts', Record<string, never>>;
    let made: Reports;

    // Real reports, most of them made under Wine here, with the machine's name changed.
    const onMachine = ({ bench, doctor, facts: answers }: Reports, wine: string | undefined): Reports => {
      const { machine } = doctor as unknown as { machine: { system: { value: object }; rtworkq: { value: object } } };
      const system = { value: { ...machine.system.value, name: 'Windows Server 2025', release: '10.0.26100' } };
      const rtworkq = { value: { ...machine.rtworkq.value, wine } };
      return {
        bench: { ...bench, host: wine ? `Wine ${wine}` : 'Windows 10.0.26100', wine: wine !== undefined } as never,
        doctor: { ...doctor, machine: { ...machine, system, rtworkq } } as never,
        facts: {
          ...answers,
          machine: { ...(answers as unknown as Report).machine, host: 'Windows Server 2025', wine: wine !== undefined },
        } as never,
      };
    };

    function keep(name: string, reports: Partial<Reports>): string {
      const place = join(folder, name);
      for (const [kind, content] of Object.entries(reports)) {
        mkdirSync(join(place, `measured-${kind}`), { recursive: true });
        writeFileSync(join(place, `measured-${kind}`, `${kind}.json`), JSON.stringify(content));
      }
      return place;
    }

    /** Copies of the pages, and the function that writes them. */
    function pages(name: string): {
      readme: () => string;
      performance: () => string;
      bench: () => string;
      write: (artifacts?: string) => Promise<unknown>;
    } {
      const copy = join(folder, name);
      mkdirSync(join(copy, 'docs'), { recursive: true });
      mkdirSync(join(copy, 'bench'), { recursive: true });
      for (const file of ['README.md', 'docs/performance.md', 'bench/README.md', 'bench/results.json'])
        copyFileSync(join(root, file), join(copy, file));
      return {
        readme: () => readFileSync(join(copy, 'README.md'), 'utf8'),
        performance: () => readFileSync(join(copy, 'docs/performance.md'), 'utf8'),
        bench: () => readFileSync(join(copy, 'bench/README.md'), 'utf8'),
        write: (artifacts) =>
          ask(
            `import { readArtifacts } from ${importable('scripts/lib/figures/artifacts.mjs')};
            import { writePages } from ${importable('scripts/lib/figures/pages.mjs')};
            writePages(values[0], values[1] === null ? undefined : readArtifacts(values[1]));`,
            copy,
            artifacts ?? null,
          ),
      };
    }

    beforeAll(async () => {
      const doctor = await runScript('doctor.mjs', '--quick', '--json');
      made = { bench: readJson(join(root, 'bench/results.json')), doctor: JSON.parse(doctor.stdout), facts: report as never };
    }, BUILD_LIMIT_MS);

    test('show what was measured, and on which machine', async () => {
      const { readme, performance, write } = pages('filled');
      await write(keep('windows', onMachine(made, undefined)));
      expect(readme()).not.toContain("We don't have Windows numbers yet");
      expect(readme()).toContain('Measured by CI');
      expect(performance()).not.toContain("We don't have Windows numbers yet");
      const cells = cellsOf(performance());
      const answer = cells.find(([question]) => question === 'Is the key of scheduleWorkItem a bigint with its top bit set?');
      expect(answer?.[1]).toContain('bigint: 100 of 100');
      const { timers } = (made.bench as unknown as { bounds: { timers: { about: string; limit: string; figure: string }[] } }).bounds;
      const { about, limit, figure } = timers[0]!;
      expect(cells.find(([name]) => name === `${about}: ${limit}`)?.[1]).toBe(figure);
      expect(cells.find(([name]) => name === 'setTimeout, 10 ms, idle')?.[1]).toMatch(/^[\d.,-]+ \/ [\d.,-]+$/);
      expect(performance()).toContain('Windows Server 2025 10.0.26100');
    });

    test('do not change if they are written again, and disappear without artifacts', async () => {
      const { readme, performance, write } = pages('again');
      await write();
      const before = [readme(), performance()];
      const artifacts = keep('windows again', onMachine(made, undefined));
      await write(artifacts);
      const filled = [readme(), performance()];
      expect(filled[0]).not.toBe(before[0]);
      expect(filled[1]).not.toBe(before[1]);
      await write(artifacts);
      expect([readme(), performance()]).toEqual(filled);
      await write();
      expect([readme(), performance()]).toEqual(before);
    });

    test('are what the script writes, so that no figure is typed by hand', async () => {
      const { readme, performance, bench, write } = pages('typed');
      const before = [readme(), performance(), bench()];
      // With artifacts only those who have them can tell.
      if (!before[0]!.includes("We don't have Windows numbers yet")) return;
      await write();
      expect([readme(), performance(), bench()]).toEqual(before);
    });

    test.each(['bench', 'doctor', 'facts'] as const)('cannot be written from a report made under Wine: %s', async (kind) => {
      const reports = { ...onMachine(made, undefined), [kind]: onMachine(made, '10.0')[kind] };
      await expect(pages(`wine ${kind}`).write(keep(`from wine ${kind}`, reports))).rejects.toThrow(
        new RegExp(`${kind}\\.json was made under Wine, not on Windows`),
      );
    });

    test.each(['bench', 'doctor', 'facts'] as const)('need a report of each kind: %s', async (kind) => {
      const { [kind]: _, ...others } = onMachine(made, undefined);
      await expect(pages(`without ${kind}`).write(keep(`no ${kind}`, others))).rejects.toThrow(new RegExp(`has no report of: ${kind}\\.`));
    });

    test('cannot be written from files that are not reports', async () => {
      const strange = keep('strange', { ...onMachine(made, undefined), bench: { anything: 1 } as never });
      await expect(pages('strange pages').write(strange)).rejects.toThrow(/bench\.json is not a report of the benchmark/);
      writeFileSync(join(strange, 'measured-bench/bench.json'), '{');
      await expect(pages('broken pages').write(strange)).rejects.toThrow(/bench\.json is not a report: /);
    });

    test('keep two machines of the same kind apart', async () => {
      const { readme, performance, write } = pages('two');
      const artifacts = keep('two machines', onMachine(made, undefined));
      writeFileSync(join(artifacts, 'second.json'), readFileSync(join(artifacts, 'measured-bench/bench.json')));
      await write(artifacts);
      expect(performance()).toMatch(/Windows 10\.0\.26100 \w+, Node v[\d.]+ \(2\)/);
      expect(cellsOf(readme()).filter(([machine]) => machine?.startsWith('Windows 10.0.26100'))).toHaveLength(4);
    });
  });
});
