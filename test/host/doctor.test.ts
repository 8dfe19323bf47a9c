// rtworkq-doctor: its findings about made-up machines, and a real run in the Windows Node.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { linuxReport, type Measurement, measured, type Report, reportOf, TICK_BOUND, WINDOWS_10, WINE } from '../support/doctor-reports';
import { makeFolder, removeFolder } from '../support/folders';
import { importable, root, runModule, runProgram, runScript } from '../support/host';
import { LIMIT } from '../support/time';

async function ask(code: string, ...values: unknown[]): Promise<unknown> {
  const { result, error } = await runModule(code, ...values);
  if (error) throw new Error(error.message);
  return result;
}

interface Finding {
  id: string;
  severity: 'problem' | 'advice' | 'note' | 'good';
  title: string;
  text: string;
  code?: string;
}

interface Said {
  findings: Finding[];
  exit: number;
}

const examine = (report: Report, options: { maxLateness?: number } = {}): Promise<Said> =>
  ask(
    `import { exitCodeOf, findingsOf } from ${importable('doctor/lib/findings/findings.js')};
    const findings = findingsOf(...values); return { findings, exit: exitCodeOf(values[0], findings) };`,
    report,
    options,
  ) as Promise<Said>;

const ids = ({ findings }: Said): string[] => findings.map(({ id, severity }) => `${severity} ${id}`).sort();
const find = ({ findings }: Said, id: string): Finding => {
  const found = findings.filter((each) => each.id === id);
  expect(found).toHaveLength(1);
  return found[0]!;
};

// On Windows, the packages for the Node that runs this test.
const arch = process.platform === 'win32' ? process.arch : 'x64';

beforeAll(async () => {
  await ask(`import { ensureDoctorPackages } from ${importable('scripts/lib/packages.mjs')}; await ensureDoctorPackages(values[0]);`, arch);
});

const allTimers = (p50: number, p99 = p50): Measurement[] => [
  measured('setTimeout', p50, p99),
  measured('setInterval', p50, p99),
  measured('rtworkq/timers setTimeout', p50, p99),
  measured('rtworkq/timers setInterval', p50, p99),
];

describe('the findings of rtworkq-doctor', () => {
  test('on Windows 11 say that setTimeout is bound to the timer tick, and which timers are not', async () => {
    const said = await examine(reportOf());
    expect(ids(said)).toEqual([
      'advice coarse-timeout',
      'advice drift',
      'good precise',
      'note beat',
      'note coarse-schedule',
      'note hidden-windows',
      'note raising-helps',
    ]);
    expect(find(said, 'coarse-timeout')).toMatchObject({
      text: expect.stringMatching(
        /^setTimeout\(10\) took 15\.6 ms .*because nothing in this process requested a finer one\. .*took 10\.4 ms/,
      ),
      code: expect.stringContaining("from 'rtworkq/timers'"),
    });
    expect(find(said, 'drift').text).toContain('lost 360 ms per second');
    expect(said.exit).toBe(0);
  });

  test('on Windows 10 do not mention hidden windows', async () => {
    const said = await examine(reportOf(WINDOWS_10));
    expect(ids(said)).not.toContain('note hidden-windows');
    expect(ids(said)).toContain('advice coarse-timeout');
  });

  test("under Wine say that the figures are not Windows', and do not mention the timer tick", async () => {
    const said = await examine(reportOf(WINE));
    expect(ids(said)).toEqual(['advice drift', 'good precise', 'note wine']);
  });

  test("on other systems say that only Node's timers were measured", async () => {
    const said = await examine(linuxReport());
    expect(ids(said)).toEqual(['problem not-windows']);
    expect(said.exit).toBe(2);
  });

  test('give the reason if RTWorkQ.dll is missing', async () => {
    const said = await examine(reportOf({ rtworkq: { version: '0.1.0', supported: false, reason: 'There is no RTWorkQ.dll.' } }));
    expect(find(said, 'unsupported').text).toBe('There is no RTWorkQ.dll.');
    expect(said.exit).toBe(2);
  });

  test('give the reason if the machine could not be examined', async () => {
    const nothing: Report = await (
      ask(`import { allUnknown } from ${importable('doctor/lib/machine/facts.js')}; return allUnknown('it crashed');`) as Promise<
        Report['machine']
      >
    ).then((machine) => ({ ...reportOf(), machine }));
    const said = await examine(nothing);
    expect(find(said, 'unsupported').text).toBe('it crashed');
    expect(said.exit).toBe(2);
  });

  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ['battery power', { power: { source: 'battery', battery: true, percent: 41, saver: false } }, 'note battery', /at 41 %/],
    ['the battery saver', { power: { source: 'battery', battery: true, saver: true } }, 'advice battery-saver', /battery saver is on/],
    ['a power plan that saves power', { powerPlan: { id: 'a1841308-3541-4fab-bc81-f71556f20b4a' } }, 'advice power-plan', /"Power saver"/],
    ['EcoQoS', { powerThrottling: { executionSpeed: true, timerResolution: 'system' } }, 'problem eco-qos', /EcoQoS/],
    [
      'that Windows ignores timer resolution requests',
      { powerThrottling: { executionSpeed: 'system', timerResolution: true } },
      'problem ignores-resolution',
      /IGNORE_TIMER_RESOLUTION/,
    ],
    ['a low process priority', { priority: 19 }, 'problem low-priority', /below normal priority/],
    ['a virtual machine', { virtualMachine: { name: 'Hyper-V' } }, 'note virtual-machine', /Hyper-V/],
    ['Remote Desktop', { remoteSession: true }, 'note remote-session', /Remote Desktop/],
    ['a single processor', { processor: { available: 1 } }, 'note one-processor', /one processor/],
    [
      'that MMCSS does not run',
      { mmcss: { classes: ['Audio'], answers: false, reason: 'ERROR_SERVICE_NOT_ACTIVE' } },
      'advice mmcss',
      /ERROR_SERVICE_NOT_ACTIVE/,
    ],
    ['Electron', { runtime: { node: '22.0.0', electron: '40.0.0', napi: 10, arch: 'x64' } }, 'note electron', /Electron 40/],
    ['missing high-resolution timers', { highResolutionTimers: false }, 'advice no-high-resolution', /version 1803/],
    ['a Windows before version 1703', { windows: { build: 14_393 } }, 'advice old-windows', /build 14393/],
    [
      'missing deadline functions',
      { exports: { found: 31, missing: ['RtwqSetDeadline'] } },
      'note missing-functions',
      /does not have RtwqSetDeadline\./,
    ],
    [
      'GlobalTimerResolutionRequests in the registry',
      { globalTimerRequests: true },
      'note global-requests',
      /GlobalTimerResolutionRequests/,
    ],
  ])('report %s', async (_, machine, finding, text) => {
    const said = await examine(reportOf(machine));
    expect(ids(said)).toContain(finding);
    const [severity, id = ''] = finding.split(' ');
    expect(find(said, id).text).toMatch(text);
    expect(said.exit).toBe(severity === 'problem' ? 1 : 0);
  });

  test('say which programs a finer tick applies to on this version of Windows', async () => {
    const timerResolution = { coarsest: 15.625, finest: 0.5, current: 1 };
    const newer = await examine(reportOf({ timerResolution }));
    expect(find(newer, 'raised-by-others').text).toContain('applies only to that program');
    const older = await examine(reportOf({ timerResolution, windows: { build: 18_363 } }));
    expect(find(older, 'raised-by-others').text).toContain('applies to every process');
    expect(find(older, 'raised-by-others').code).toContain('requestTimerResolution(1)');
  });

  test('say that Windows ignored the request for a finer tick if it did not help', async () => {
    const said = await examine(reportOf({}, [measured('setTimeout', 5.6), measured('setTimeout', 5.5, 6, { situation: 'idle raised' })]));
    expect(find(said, 'raising-ignored')).toMatchObject({ code: 'setPowerThrottling({ timerResolution: false });' });
    expect(ids(said)).not.toContain('note raising-helps');
  });

  test('report a blocked event loop as a problem if frequent, as advice if rare, and not at all if brief', async () => {
    const held = (delay: number[]): Report => reportOf({}, [measured('WaitableTimer', 0.5, 41, { delay })]);
    const often = await examine(held([0.1, 41.2, 30, 0.1]));
    expect(find(often, 'loop-held-up-idle')).toMatchObject({
      severity: 'problem',
      text: expect.stringMatching(/^The event loop was delayed by up to 41\.2 ms .*; 2 of 4 delays were longer than 20 ms\./),
    });
    const rarely = await examine(held([...new Array<number>(500).fill(0.1), 25]));
    expect(find(rarely, 'loop-held-up-idle')).toMatchObject({
      severity: 'advice',
      text: expect.stringContaining('; 1 of 501 delays was longer'),
    });
    expect((await examine(held([19, 0.1]))).findings.map(({ id }) => id)).not.toContain('loop-held-up-idle');
  });

  test('say if other programs used the machine, and then call late timers advice, not a problem', async () => {
    const used = (share: number): Report => ({ ...reportOf(), situations: [{ load: 'idle', resolution: 'default', used: share }] });
    expect(find(await examine(used(0.62)), 'not-idle').text).toMatch(/^62 % of the processor time/);
    expect(ids(await examine(used(0.2)))).not.toContain('advice not-idle');
    // Late timers are not the machine's fault then.
    const late = await examine({ ...used(0.62), measurements: allTimers(1, 12) });
    expect([find(late, 'late').severity, late.exit]).toEqual(['advice', 0]);
  });

  test('say if a busy processor makes timers late', async () => {
    const busy = (p99: number): Report =>
      reportOf({}, [...allTimers(0.3, 0.5), measured('rtworkq/timers setTimeout', 0.4, p99, { situation: 'busy' })]);
    expect(find(await examine(busy(9)), 'busy')).toMatchObject({ code: expect.stringContaining('registerThreadWithMmcss') });
    expect(ids(await examine(busy(1.4)))).not.toContain('advice busy');
  });

  test('report a problem if rtworkq/timers are late too', async () => {
    const said = await examine(reportOf({}, allTimers(1, 12)));
    expect(find(said, 'late')).toMatchObject({ severity: 'problem', text: expect.stringContaining('p99 12.0 ms') });
    expect(said.exit).toBe(1);
  });

  test('list what could not be measured or queried', async () => {
    const report = reportOf({}, [...allTimers(0.3), { ...measured('WaitableTimer', 0), error: 'it gave no answer' }], {
      powerPlan: { unknown: 'no koffi' },
      power: { unknown: 'no koffi' },
      windows: { unknown: 'no registry' },
    });
    const said = await examine(report);
    expect(find(said, 'not-measured').text).toBe('WaitableTimer: it gave no answer');
    expect(find(said, 'unknown').text).toBe('Windows version: no registry; Power plan, Power: no koffi.');
  });

  test('say whether timers stay within --max-lateness in every situation', async () => {
    const report = reportOf({}, [...TICK_BOUND, measured('rtworkq/timers setTimeout', 0.4, 3, { situation: 'busy' })]);
    const within = await examine(report, { maxLateness: 3 });
    expect([find(within, 'max-lateness').severity, within.exit]).toEqual(['good', 0]);
    const over = await examine(report, { maxLateness: 2.9 });
    expect([find(over, 'max-lateness').severity, over.exit]).toEqual(['problem', 1]);
    const failed = await examine(reportOf({}, [measured('setTimeout', 1)]), { maxLateness: 100 });
    expect([find(failed, 'max-lateness').severity, failed.exit]).toEqual(['problem', 1]);
  });
});

test('rtworkq-doctor identifies virtual machines by their firmware, and does not take a Hyper-V host for one', async () => {
  const names = await ask(
    `import { virtualMachineOf } from ${importable('doctor/lib/machine/virtual-machines.js')}; return values.map((each) => virtualMachineOf(...each) ?? null);`,
    ['Microsoft Corporation', 'Virtual Machine'],
    ['VMware, Inc.', 'VMware20,1'],
    ['innotek GmbH', 'VirtualBox'],
    ['QEMU', 'Standard PC (Q35 + ICH9, 2009)'],
    ['Microsoft Corporation', 'Surface Pro'],
    ['LENOVO', '20XW'],
    [],
  );
  expect(names).toEqual(['Hyper-V', 'VMware', 'VirtualBox', 'KVM or QEMU', null, null, null]);
});

test("rtworkq-doctor's statistics have percentiles of all values, and count each value in exactly one histogram bin", async () => {
  const result = await ask(
    `import { EDGES, histogram, summarize } from ${importable('doctor/lib/statistics.js')};
    const bins = histogram(values); return { summary: summarize(values), bins, edges: EDGES.length, none: summarize([]) ?? null };`,
    ...[-1, 0.5, 0.5, 2, 2_000],
  );
  const { bins, edges, ...rest } = result as { bins: number[]; edges: number };
  expect(rest).toEqual({ summary: { count: 5, mean: 400.4, p50: 0.5, p90: 2_000, p99: 2_000, max: 2_000 }, none: null });
  expect(bins).toHaveLength(edges + 1);
  expect([bins[0], bins.at(-1), bins.reduce((sum, count) => sum + count)]).toEqual([1, 1, 5]);
});

test('rtworkq-doctor decodes the structures that Windows fills in', async () => {
  const read = await ask(
    `import { guidOf, powerOf, textOf, throttlingOf, tickOf } from ${importable('doctor/lib/machine/decode.js')};
    const bytes = (...hex) => Buffer.from(hex.join(''), 'hex');
    return [
      guidOf(bytes('22421b3894f6f041', '9685ff5bb260df2e')),
      powerOf(bytes('00', '01', '29', '01')),
      powerOf(bytes('01', '80', 'ff', '00')),
      powerOf(bytes('ff', 'ff', 'ff', '00')),
      throttlingOf(bytes('01000000', '05000000', '01000000')),
      throttlingOf(bytes('01000000', '00000000', '00000000')),
      textOf(bytes('570069006e00', '0000', '7800'), 10),
      tickOf(bytes('5a620200')),
    ];`,
  );
  expect(read).toEqual([
    '381b4222-f694-41f0-9685-ff5bb260df2e',
    { source: 'battery', battery: true, percent: 41, saver: true },
    { source: 'mains', battery: false, saver: false },
    { source: 'unknown', battery: false, saver: false },
    { executionSpeed: true, timerResolution: false },
    { executionSpeed: 'system', timerResolution: 'system' },
    'Win',
    15.625,
  ]);
});

test('rtworkq-doctor looks in RTWorkQ.dll for every function that rtworkq calls', async () => {
  const asked = await ask(
    `import { BASIC, DEADLINES } from ${importable('doctor/lib/machine/exports.js')}; return [...BASIC, ...DEADLINES].sort();`,
  );
  const called = [...readFileSync(join(root, 'src/base/outcome.h'), 'utf8').matchAll(/^ *X\((Rtwq\w+)\)/gm)].map(([, name]) => name);
  expect(asked).toEqual(called.sort());
});

describe('the report of rtworkq-doctor', () => {
  const hostile = reportOf({ processor: { model: '<script>alert("1")</script> & Co', processors: 4, available: 4 } });
  const show = (report: Report): Promise<unknown> =>
    ask(
      `import { findingsOf } from ${importable('doctor/lib/findings/findings.js')};
      import { toPage } from ${importable('doctor/lib/show/page.js')};
      import { toTerminal } from ${importable('doctor/lib/show/terminal.js')};
      const [report] = values;
      const findings = findingsOf(report);
      return { findings, page: toPage(report, findings), plain: toTerminal(report, findings, { colour: false }),
        colours: toTerminal(report, findings, { colour: true }) };`,
      report,
    );
  let shown: { findings: Finding[]; page: string; plain: string; colours: string };

  beforeAll(async () => {
    shown = (await show(hostile)) as typeof shown;
  });

  test('as a page has every finding, in one file that loads and runs nothing', () => {
    const { page, findings } = shown;
    for (const { id, title } of findings) {
      expect(page).toContain(`id="${id}"`);
      expect(page).toContain(title.replaceAll("'", '&#39;'));
    }
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(/);
    expect([...page.matchAll(/https?:\/\/[^"\s]+/g)].map(([url]) => url).filter((url) => !url.startsWith('http://www.w3.org/'))).toEqual(
      [],
    );
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Co');
    // A histogram for each situation, in the page's colours.
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).toContain('var(--good)');
  });

  test('in a terminal has every finding, fits 110 columns, and has colours only if wanted', () => {
    const { plain, colours, findings } = shown;
    const text = plain.replaceAll(/\s+/g, ' ');
    for (const { title, text: body, code } of findings)
      for (const each of [title, body, code ?? '']) expect(text).toContain(each.replaceAll(/\s+/g, ' '));
    expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
    expect(plain).not.toContain('\x1b');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
    expect(colours.replaceAll(/\x1b\[\d+m/g, '')).toBe(plain);
  });
});

describe('a helper program of rtworkq-doctor', () => {
  const runInDoctor = (body: string): Promise<unknown> =>
    ask(`import { Program } from ${importable('doctor/lib/programs/program.js')}; ${body}`);

  test('reports an error if it cannot start', async () => {
    const answer = await runInDoctor(
      `const program = new Program('contender.js', 'no such timer'); const answer = await program.receive(${LIMIT}); await program.end(); return answer;`,
    );
    expect(answer).toEqual({ error: expect.any(String) });
  });

  test('fails if it ends without an answer, and if it hangs', async () => {
    const errors = await runInDoctor(`
      const missing = new Program('nothing.js');
      const hanging = new Program('busy.js');
      await hanging.receive(${LIMIT});
      const all = await Promise.allSettled([missing.receive(${LIMIT}), hanging.receive(1)]);
      await Promise.all([missing.end(), hanging.end()]);
      return all.map(({ reason }) => reason.message);`);
    expect(errors).toEqual([
      expect.stringMatching(/^nothing\.js ended without an answer \(exit code 1\)/),
      expect.stringMatching(/^busy\.js did not answer within 0\.001 s/),
    ]);
  });
});

const doctor = (...args: string[]) => runProgram(process.execPath, [join(root, 'doctor/main.js'), ...args]);

describe('the rtworkq-doctor command', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeFolder('doctor');
  });
  afterAll(() => removeFolder(folder));

  test.each([
    [['--slow']],
    [['--max-lateness', 'soon']],
    [['--max-lateness', '0']],
    [['--from', 'nowhere.json']],
    [['--from', 'x', '--quick']],
  ])('rejects %j with the usage text and exit code 2', async (args) => {
    const { code, stdout, stderr } = await doctor(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('npx rtworkq-doctor [options]');
  });

  test('prints its options and its version', async () => {
    const help = await doctor('--help');
    expect([help.code, help.stdout]).toEqual([0, expect.stringContaining('Exit codes')]);
    const { version } = JSON.parse(readFileSync(join(root, 'doctor/package.json'), 'utf8')) as { version: string };
    expect((await doctor('--version')).stdout.trim()).toBe(version);
  });

  test("shows another machine's report as a page, and as JSON with the findings", async () => {
    const from = join(folder, 'report.json');
    const html = join(folder, 'report.html');
    writeFileSync(from, JSON.stringify(reportOf()));
    const { code, stdout } = await doctor('--from', from, '--json', '--html', html);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...reportOf(),
      findings: expect.arrayContaining([expect.objectContaining({ id: 'precise' })]),
    });
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/);
    expect((await doctor('--from', from, '--max-lateness', '0.5')).code).toBe(1);
    expect((await doctor('--from', from, '--html', join(folder, 'none', 'report.html'))).code).toBe(2);
  });

  // On Windows it measures more.
  (process.platform === 'win32' ? test.skip : test)(
    "on other systems measures only Node's timers, and reports that this is not Windows",
    async () => {
      const { code, stdout } = await doctor('--quick', '--json');
      const { measurements, findings } = JSON.parse(stdout) as Report & { findings: Finding[] };
      expect(code).toBe(2);
      expect(findings.map(({ id }) => id)).toContain('not-windows');
      expect(new Set(measurements.map(({ contender }) => contender))).toEqual(new Set(['setTimeout', 'setInterval', 'event loop']));
      expect(measurements.every(({ ticks }) => Number(ticks) > 0)).toBe(true);
    },
  );

  test('in the Windows Node measures every kind of timer, and describes the machine', async () => {
    const html = join(folder, 'windows.html');
    const { code, stdout, stderr } = await runScript(
      'doctor.mjs',
      '--quick',
      '--json',
      '--html',
      process.platform === 'win32' ? html : `Z:${html}`,
    );
    const report = JSON.parse(stdout) as Report & { findings: Finding[] };
    expect(report.measurements.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(report.measurements).toHaveLength(2 * 8);
    expect(report.situations.map(({ load }) => load)).toEqual(['idle', 'busy']);
    for (const { used } of report.situations) expect(used).toBeGreaterThan(0);
    for (const { lateness, late, ticks } of report.measurements) {
      expect(late).toHaveLength(Number(ticks));
      expect(lateness?.p50).toBeLessThanOrEqual(Number(lateness?.max));
    }
    expect(report.machine).toMatchObject({
      system: { value: { platform: 'win32' } },
      windows: { value: { build: expect.any(Number) } },
      rtworkq: { value: { supported: true } },
      // These come from calls through koffi.
      exports: { value: { found: 34, missing: [] } },
      remoteSession: { value: expect.any(Boolean) },
      power: { value: { source: expect.any(String) } },
    });
    // Whether there is a problem depends on the machine.
    expect(code).toBe(report.findings.some(({ severity }) => severity === 'problem') ? 1 : 0);
    expect(stderr).not.toContain('Error');
    expect(existsSync(html)).toBe(true);
  });
});
