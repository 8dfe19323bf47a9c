// What `npm test` runs and how it reports, and the scripts' helpers for steps, parallel work and retries.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { importable, inNodeModules, root, runModule, runProgram } from '../support/host';
import { LIMIT } from '../support/time';

const lib = (name: string): string => importable(`scripts/lib/${name}.mjs`);

interface Run {
  name: string;
  dll: string;
  part: string;
  patterns: string[];
  except: string[];
  optional: boolean;
}

async function plan(values: object, ...patterns: string[]): Promise<Run[]> {
  const { result, error } = await runModule(`import { planRuns } from ${lib('test-plan')}; return planRuns(...values);`, values, patterns);
  if (error) throw new Error(error.message);
  return result as Run[];
}

const names = (runs: Run[]): string[] => runs.map(({ name, part }) => `${name}: ${part}`);

// On Windows everything runs in the installed Node.
(process.platform === 'win32' ? describe.skip : describe)('npm test runs', () => {
  /** The DLLs that a test file meets, Wine's first. */
  const dllsOf = (runs: Run[], file: string): string[] =>
    runs
      .filter(({ patterns }) => patterns.length === 0 || patterns.some((pattern) => file.startsWith(pattern)))
      .filter(({ except }) => !except.some((pattern) => file.startsWith(pattern)))
      .map(({ dll }) => dll)
      .sort()
      .reverse();

  /**
   * Whether a test file is about something that calls RTWorkQ. Everything may call shutdown(); core/internal is about arguments, and
   * core/testing about the simulation.
   */
  const usesRtworkq = (file: string): boolean =>
    !/^core\/(internal|testing)\//.test(file) &&
    /\b(putW\w+|scheduleWorkItem|invokeCallback|addPeriodicCallback|periodicBeat|startup|lockPlatform|register\w+|WorkQueue)\b/.test(
      readFileSync(join(root, 'test', file), 'utf8'),
    );

  const filesIn = (folder: string): string[] =>
    readdirSync(join(root, 'test', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);

  test('the core and the lifetimes with both DLLs, and what depends on Node in every Node', async () => {
    const runs = await plan({});
    expect(names(runs)).toEqual([
      "24-x64, Wine's DLL: lifetimes",
      '26-x64, the stand-in: the core',
      '24-x64, the stand-in: lifetimes',
      "24-x64, Wine's DLL: the core",
      '22-x64, the stand-in: what depends on Node',
      '22-ia32, the stand-in: the core',
    ]);
    const { patterns: depend = [], except: leftOut = [] } = runs.find(({ part }) => part === 'what depends on Node') ?? {};
    for (const file of filesIn('core')) {
      const inAll = depend.some((folder) => file.startsWith(`${folder}/`)) && !leftOut.some((name) => file.startsWith(name));
      const standIn = new Array(inAll ? 3 : 2).fill('stand-in');
      const dlls = dllsOf(runs, file);
      if (dlls.includes('wine')) expect([file, dlls]).toEqual([file, ['wine', ...standIn]]);
      else expect([file, dlls, usesRtworkq(file)]).toEqual([file, standIn, false]);
    }
    // Each of the folders is there.
    expect(depend.map((folder) => filesIn(folder).length > 0)).toEqual([true, true, true, true]);
    const once = filesIn('lifetime').filter((file) => dllsOf(runs, file).length === 1);
    const left = runs.flatMap(({ except }) => except.map((pattern) => `${pattern}.test.ts`)).filter((file) => file.startsWith('lifetime/'));
    expect(once).toEqual(left.sort());
    expect(filesIn('lifetime').filter((file) => dllsOf(runs, file).length === 0)).toEqual([]);
  });

  test('everything that is asked for', async () => {
    const asked = [...(await plan({ dll: 'stand-in' })), ...(await plan({ node: '24' }))];
    for (const { except } of asked) expect(except).toEqual([]);
    expect((await plan({}, 'lifetime/flags')).map(({ except }) => except)).toEqual([[]]);
    expect(names(await plan({ node: '24' }))).toEqual(["24-x64, Wine's DLL: everything", '24-x64, the stand-in: everything']);
  });

  test('everything in every Node with --all-nodes', async () => {
    const runs = await plan({ 'all-nodes': true });
    expect(runs).toHaveLength(8);
    expect(runs.every(({ part }) => part === 'everything')).toBe(true);
  });

  test('one DLL only with --dll', async () => {
    expect(names(await plan({ dll: 'stand-in' }))).toEqual([
      '24-x64, the stand-in: everything',
      '22-x64, the stand-in: the core',
      '26-x64, the stand-in: the core',
      '22-ia32, the stand-in: the core',
    ]);
  });

  test("the default Node with Wine's DLL only, if there is a pattern", async () => {
    const runs = await plan({}, 'core/cancel', 'alive');
    expect(names(runs)).toEqual(["24-x64, Wine's DLL: everything"]);
    expect(runs[0]?.patterns).toEqual(['core/cancel', 'alive']);
  });

  test('ia32 as optional, unless it was asked for by name', async () => {
    const optional = (runs: Run[]): string[] => runs.filter((run) => run.optional).map(({ name }) => name);
    expect(optional(await plan({}))).toEqual(['22-ia32, the stand-in']);
    expect(optional(await plan({ 'all-nodes': true }))).toEqual(["22-ia32, Wine's DLL", '22-ia32, the stand-in']);
    expect(optional(await plan({ arch: 'ia32' }))).toEqual([]);
    expect(optional(await plan({ node: '22', arch: 'ia32' }))).toEqual([]);
  });
});

test.each([
  [[], { lint: true, host: [], windows: [] }],
  [['lint'], { lint: true }],
  [['host'], { lint: false, host: ['host'] }],
  [['core/cancel'], { lint: false, windows: ['core/cancel'] }],
  [['host/links', 'alive', 'lint', 'host/wine'], { lint: true, host: ['host/links', 'host/wine'], windows: ['alive'] }],
])('npm test -- %j runs what the patterns match', async (patterns, expected) => {
  const { result } = await runModule(`import { choose } from ${lib('test-plan')}; return choose(values);`, ...patterns);
  expect(result).toEqual(expected);
});

describe("npm test's report", () => {
  /** The line with the totals, the exit code and stderr, for runs that could not be prepared. */
  async function reportOf(
    kind: 'Unavailable' | 'StepError' | 'TypeError',
    optional: boolean,
  ): Promise<{ last: string; code: number; stderr: string }> {
    const code = `
      import { Unavailable, StepError } from ${lib('log')};
      import { notRun, report } from ${lib('results')};
      const error = new ${kind}('The mirror is down.', 'wait');
      const fine = { name: 'Windows Node 24-x64', passed: 5, failed: 0, skipped: 1 };
      process.exitCode = report([fine, notRun('Windows Node 22-ia32', error, ${optional}), notRun('another', error, ${optional})]);`;
    const { code: exit, stdout, stderr } = await runProgram(process.execPath, ['--input-type=module', '-e', code]);
    return { last: stdout.trim().split('\n').at(-1) ?? '', code: exit, stderr };
  }

  test('counts an optional run that is unavailable as skipped, and says why', async () => {
    const { last, code, stderr } = await reportOf('Unavailable', true);
    expect([last, code]).toEqual(['5 passed, 0 failed, 3 skipped', 0]);
    expect(stderr.trim()).toBe('Not run: Windows Node 22-ia32; another\nThe mirror is down.\n\nWhat to do: wait');
  });

  test.each([
    ['an unavailable run that was asked for', 'Unavailable', false],
    ['a run that does not compile', 'StepError', true],
    ['a run with an unexpected error', 'TypeError', true],
  ] as const)('counts %s as failed', async (_, kind, optional) => {
    const { last, code, stderr } = await reportOf(kind, optional);
    expect([last, code]).toEqual(['5 passed, 2 failed, 1 skipped', 1]);
    expect(stderr).toContain('The mirror is down.');
    // Only an unexpected error is printed with its stack.
    expect(/^ {4}at /m.test(stderr)).toBe(kind === 'TypeError');
  });

  test.each([
    ['noise\n3 passed, 1 failed, 2 skipped\n', { passed: 3, failed: 1, skipped: 2 }],
    ['3 passed, 0 failed, 2 skipped\r\n4 passed, 0 failed, 0 skipped\r\n', { passed: 4, failed: 0, skipped: 0 }],
    ['the program has died', { passed: 0, failed: 1, skipped: 0 }],
  ])("takes another program's counts from its last line: %j", async (output, expected) => {
    const { result } = await runModule(`import { readCounts } from ${lib('results')}; return readCounts(values[0]);`, output);
    expect(result).toEqual(expected);
  });
});

describe('on every system', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeFolder('with spaces in it');
  });
  afterAll(() => removeFolder(folder));

  test('a crash of the Windows program becomes exit code 134', async () => {
    const { result } = await runModule(`import { reportEnd } from ${lib('windows')}; return reportEnd({ code: 1, crash: 'it fell' });`);
    expect(result).toBe(134);
  });

  test('SIGTERM ends the program that a script runs, and the script starts no other', async () => {
    const { result } = await runModule(`import { run } from ${lib('run')}; import { stopOnSignals } from ${lib('stop')};
      stopOnSignals();
      const start = () => run(process.execPath, ['-e', 'setInterval(() => {}, 1_000)']).catch(({ message }) => message);
      const running = start();
      process.emit('SIGTERM');
      return Promise.all([running, start()]);`);
    expect(result).toEqual(Array(2).fill(expect.stringMatching(/^SIGTERM stopped .*node/)));
  });

  test('npm receives its arguments unchanged, and prints no warning', async () => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'spaced' }));
    const args = ['pkg', 'get', 'name', '--prefix', folder];
    const { result } = await runModule(`import { run } from ${lib('run')}; return run('npm', values);`, ...args);
    expect(result).toEqual({ code: 0, output: '"spaced"\n' });
    expect(await runProgram('npm', args)).toEqual({ code: 0, stdout: '"spaced"\n', stderr: '' });
  });

  test("a folder's files are listed in the same order, without built or installed ones", async () => {
    for (const file of ['b.txt', 'a/z.txt', 'a-b.txt', 'a/build/no.txt', 'node_modules/no.txt']) {
      mkdirSync(dirname(join(folder, 'tree', file)), { recursive: true });
      writeFileSync(join(folder, 'tree', file), '');
    }
    const { result } = await runModule(`import { filesBelow } from ${lib('paths')}; return filesBelow(values[0]);`, join(folder, 'tree'));
    expect(result).toEqual(['a/z.txt', 'a-b.txt', 'b.txt'].map((file) => join(folder, 'tree', file)));
  });

  test("a workflow's steps get their values, and an unknown value is an error", async () => {
    const steps = (values: object): ReturnType<typeof runModule> =>
      runModule(`import { shellSteps } from ${lib('workflow')}; return shellSteps('ci.yml', 'prebuild', values[0]);`, values);
    const command = 'node scripts/prebuild.mjs --arch arm64';
    const { result } = await steps({ 'matrix.arch': 'arm64' });
    expect(result).toEqual([expect.objectContaining({ name: command, command, env: {} })]);
    expect((await steps({})).error).toMatchObject({ name: 'StepError', message: expect.stringContaining('matrix.arch') });
  });

  // Only Windows locks the file of a loaded addon.
  (process.platform === 'win32' ? test : test.skip).each([
    ['scripts', `import { remove } from ${lib('paths')};`],
    ['tests', `import { removeFolder as remove } from ${importable('build/test/support/folders.js')};`],
  ])('%s can remove a folder even if a program that is about to end has loaded an addon from it', async (who, source) => {
    const place = join(folder, who);
    const addon = join(place, 'addon.node');
    mkdirSync(place);
    copyFileSync(process.env['RTWORKQ_TEST_HELPER'] ?? join(root, 'test/native/build/Release/test_helper.node'), addon);
    const code = `${source}
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';
      import { existsSync, unlinkSync } from 'node:fs';
      const [place, addon] = values;
      const program = 'require(process.argv[1]); console.log(1); process.stdin.on("end", () => setTimeout(() => {}, 1_000)).resume();';
      const child = spawn(process.execPath, ['-e', program, addon]);
      await once(child.stdout, 'data');
      let locked;
      try { unlinkSync(addon); } catch (error) { locked = error.code; }
      await new Promise((resolve) => child.stdin.end(resolve));
      remove(place);
      return [locked, existsSync(place)];`;
    expect(await runModule(code, place, addon)).toMatchObject({ result: ['EPERM', false] });
  });
});

describe("a script's step", () => {
  const steps = (body: string): ReturnType<typeof runModule> => runModule(`import { step } from ${lib('log')}; ${body}`);

  test('is marked ✓ when it is done', async () => {
    const { stderr, result } = await steps("return step('Count', async () => 3);");
    expect(result).toBe(3);
    expect(stderr).toMatch(/^• Count \.\.\.\n✓ Count \(\d\.\d s\)\n$/);
  });

  test.each([
    ['throws', "await step('Count', async () => { throw new Error('no'); });", /✗ Count failed after \d\.\d s/],
    ['has a result with failed tests', "return step('Count', async () => 3, (failed) => failed + ' failed');", /✗ Count: 3 failed \(\d/],
  ])('is marked ✗ and not ✓ if it %s', async (_, body, line) => {
    const { stderr } = await steps(body);
    expect(stderr).toMatch(line);
    expect(stderr).not.toContain('✓');
  });
});

describe('a jest run', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeFolder('jest');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ testEnvironment: 'node', transform: {} }));
  });
  afterAll(() => removeFolder(folder));

  /** Runs jest on one test, and kills it if it writes nothing for `testing` ms during the test or for `ending` ms after it. */
  async function supervise(body: string, testing: number, ending: number): Promise<{ passed: number; failed: number; log: string }> {
    writeFileSync(join(folder, 'only.test.js'), `test('only', () => { ${body} });`);
    const { result, error } = await runModule(
      `import { superviseJest } from ${lib('jest')}; import { run } from ${lib('run')};
       const [jest, config, patience] = values;
       const start = async ({ args, ...options }) => {
         await run(process.execPath, [jest, ...args], { ...options, allowFailure: true });
       };
       return superviseJest(config, [], start, patience);`,
      inNodeModules('jest/bin/jest.js'),
      join(folder, 'config.json'),
      { testing, ending },
    );
    if (error) throw new Error(error.message);
    return result as { passed: number; failed: number; log: string };
  }

  test('that ends by itself is counted', async () => {
    expect(await supervise('', LIMIT, LIMIT)).toMatchObject({ passed: 1, failed: 0 });
  });

  test('that a test keeps alive is killed, and counts as failed', async () => {
    const { log, ...counts } = await supervise('setInterval(() => {}, 1_000);', LIMIT, 2_000);
    expect(counts).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(log).toMatch(/PASS.*jest: it wrote nothing for 2 s after the tests, and was killed\.\n$/s);
  });

  test('with a test that blocks the thread is killed, and counts as failed', async () => {
    const { log, ...counts } = await supervise('for (;;);', 5_000, 5_000);
    expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(log).toMatch(/jest: it wrote nothing for 5 s during the tests, and was killed\.\n$/);
  });
});

describe('the helpers for parallel work and retries', () => {
  const helpers = (body: string): ReturnType<typeof runModule> =>
    runModule(`import { inParallel, once, retry, together } from ${lib('parallel')}; ${body}`);

  test('inParallel() starts tasks in order, and runs no more at once than there are places', async () => {
    const { result } = await helpers(`
      const log = [];
      let most = 0;
      const busy = new Set();
      await inParallel([1, 2, 3, 4, 5].map((name) => async (place) => {
        if (busy.has(place)) log.push('shared');
        busy.add(place);
        most = Math.max(most, busy.size);
        log.push(name);
        await new Promise(setImmediate);
        busy.delete(place);
      }), 2);
      return [most, log];`);
    expect(result).toEqual([2, [1, 2, 3, 4, 5]]);
  });

  test('together() waits for every promise before it rejects', async () => {
    const { result } = await helpers(`
      let ended = false;
      const slow = new Promise((resolve) => setTimeout(resolve, 50)).then(() => (ended = true));
      return together(Promise.reject(new Error('first')), slow).catch((error) => [error.message, ended]);`);
    expect(result).toEqual(['first', true]);
  });

  test('once() runs its function once for each argument, and all callers get its error', async () => {
    const { result } = await helpers(`
      let count = 0;
      const action = once(async (name) => { count++; if (name === 'bad') throw new Error(name); return name; });
      const bad = () => action('bad').catch((error) => error.message);
      return [await Promise.all([action('a'), action('a'), action('b'), bad(), bad()]), count];`);
    expect(result).toEqual([['a', 'a', 'b', 'bad', 'bad'], 3]);
  });

  test('retry() pauses longer each time, and gives up after the last attempt or a hopeless error', async () => {
    const { result, stderr } = await helpers(`
      const attempts = [];
      const fail = async (attempt) => { attempts.push(attempt); throw new Error('again'); };
      const error = await retry(fail, { attempts: 3, pause: 1 }).catch((thrown) => thrown.message);
      const hopeless = await retry(fail, { attempts: 3, pause: 1 }, () => true).catch((thrown) => thrown.message);
      return [attempts, error, hopeless];`);
    expect(result).toEqual([[1, 2, 3, 1], 'again', 'again']);
    expect(stderr.match(/again in [\d.]+ s/g)).toEqual(['again in 0.001 s', 'again in 0.002 s']);
  });
});

test('npm test rejects an unknown version of Node', async () => {
  const { code, stderr } = await runProgram(process.execPath, [join(root, 'scripts/test.mjs'), '--node', '3']);
  expect(code).toBe(1);
  expect(stderr).toContain('There is no pinned Windows Node "3-x64"');
});
