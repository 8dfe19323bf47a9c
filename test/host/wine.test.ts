// What only Wine shows: the calls into RTWorkQ.dll one by one, a check of the heap, a DLL with faults. And that the
// runner of all the other tests tells a crash from a clean end.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { root, runProgram, runScript, windowsFixture } from '../support/host';

const onWindows = process.platform === 'win32';
// These need Wine: Windows has no such trace, and its System32 is not ours to change.
const describeWine = onWindows ? describe.skip : describe;

let folder: string;
beforeAll(() => {
  folder = makeFolder('scripts of a user');
});
afterAll(() => removeFolder(folder));

function script(name: string, code: string): string {
  const file = join(folder, name);
  writeFileSync(file, code);
  return file;
}

describeWine('the trace of RTWorkQ calls', () => {
  test('shows the negative milliseconds and the key', async () => {
    const file = script(
      'trace.js',
      `const { scheduleWorkItem, putWorkItem, shutdown } = require('rtworkq');
       (async () => {
         const item = scheduleWorkItem(5000.2);
         console.log('key', item.key.toString(16));
         item.cancel();
         await scheduleWorkItem(0);
         await putWorkItem({ priority: 1 });
         await shutdown();
       })();`,
    );
    const { code, stdout, stderr } = await runScript('win.mjs', '--wine-debug', 'trace', file);
    expect(code).toBe(0);
    const calls = stderr.split('\n').filter((line) => /trace:mfplat:Rtwq/.test(line));
    const call = (name: string): string[] =>
      calls.filter((line) => line.includes(`:${name} `)).map((line) => line.split(`:${name} `)[1] ?? '');
    const key = /key (\w+)/.exec(stdout)?.[1];
    const timeouts = call('RtwqScheduleWorkItem').map((line) => BigInt.asIntN(64, BigInt(`0x${line.split(', ')[1]}`)));
    expect(timeouts).toEqual([-5001n, 0n]);
    expect(call('RtwqCancelWorkItem')).toHaveLength(1);
    expect(key).toBeDefined();
    expect(call('RtwqCancelWorkItem')[0]).toContain(key);
    expect(call('RtwqPutWorkItem')).toEqual([expect.stringMatching(/^0x1, 1, /)]);
  });
});

describeWine('the heap check', () => {
  test('sees a double free', async () => {
    const file = script('double-free.js', 'require(process.argv[2]).doubleFree();');
    const helper = join(root, 'build/native/x64/test_helper.node');
    const { stderr } = await runScript('win.mjs', '--wine-debug', 'heap', file, `Z:${helper}`);
    expect(stderr).toMatch(/(err|warn):heap/);
  });
});

describeWine('a RTWorkQ.dll with faults', () => {
  let seen: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    const { code, stdout, stderr } = await runScript('win.mjs', '--dll', 'stand-in', windowsFixture('faults'));
    if (code !== 0) throw new Error(stderr);
    seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  });

  test.each([
    ['RtwqStartup', 'E_ACCESSDENIED', 0x80070005],
    ['RtwqStartup by startup()', 'E_ACCESSDENIED', 0x80070005],
    ['RtwqLockPlatform', 'E_ACCESSDENIED', 0x80070005],
    ['RtwqLockPlatform by startup()', 'E_ACCESSDENIED', 0x80070005],
    ['RtwqCreateAsyncResult', 'E_OUTOFMEMORY', 0x8007000e],
    ['RtwqPutWorkItem', 'RTWQ_E_INVALID_WORKQUEUE', 0xc00d36ff],
    ['RtwqScheduleWorkItem', 'HRESULT_0x8BADF00D', 0x8badf00d],
  ])('a failing %s throws at the caller and leaves nothing behind', (what, code, hresult) => {
    const syscall = what.split(' ')[0];
    expect(seen[what]).toMatchObject({ code, hresult, syscall, caller: true, again: 0 });
    expect(seen[what]?.['message']).toContain(`${syscall} failed with ${code} (0x${hresult.toString(16).toUpperCase()})`);
  });

  test.each(['RtwqCreateAsyncResult', 'RtwqPutWorkItem'])(
    'a failing %s of many throws at the caller and leaves nothing behind',
    (syscall) => {
      const refused = expect.objectContaining({ code: 'E_OUTOFMEMORY', syscall, caller: true, again: 0 });
      expect(seen[`${syscall} of many, the first`]).toEqual(refused);
      expect(seen[`${syscall} of many, one`]).toEqual(refused);
      expect(seen[`${syscall} of many, afterwards`]).toBe(1_000);
      expect(seen['the last of many']).toMatchObject({ code: 'E_FAIL', syscall: 'RtwqPutWorkItem', caller: true, again: 0 });
    },
  );

  test('a cancel that RTWorkQ refuses still settles the item, once', () => {
    expect(seen['cancel']).toEqual([true, 'cancelled']);
    expect(seen['cancel later']).toEqual(['cancelled', 'ABORT_ERR']);
  });

  test('a callback may run before the key is known', () => {
    expect(seen['late key']).toEqual({ early: true, settled: 20, keys: 20, states: ['fired'] });
  });

  test('a tick that comes too soon does not make a work item fire early', () => {
    expect(seen['early']).toEqual([true, true, true, true]);
    expect(seen['early, cancelled']).toEqual(['pending', true, 'ABORT_ERR']);
  });

  test('a clock that is beside itself does not occupy the queue for ever', () => {
    expect(seen['at once']).toBe(0);
  });

  test('every start of the platform is matched by one shutdown', () => {
    const onceEach = [1, 1];
    expect(seen['balance']).toEqual([onceEach, onceEach, onceEach, onceEach, onceEach, onceEach, [2, 2]]);
    expect(seen['failed start']).toBe(true);
  });

  test('nobody shuts the platform down under a Worker', () => {
    expect(seen['balance beside a Worker']).toEqual(new Array(7).fill([0, 0]));
  });

  test('a shutdown that fails is reported, and a new start works', () => {
    expect(seen['RtwqShutdown']).toEqual({ code: 'E_FAIL', syscall: 'RtwqShutdown' });
    expect(seen['after']).toBe(0);
  });
});

describeWine.each([
  ['', ''],
  [', whose intervals are counted in ticks', 'tick'],
])('timers and a RTWorkQ.dll with faults%s', (_, options) => {
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    const args = [join(root, 'scripts/win.mjs'), '--dll', 'stand-in', windowsFixture('timer-faults')];
    const { code, stdout, stderr } = await runProgram(process.execPath, args, root, { RTWORKQ_STANDIN: options });
    if (code !== 0) throw new Error(stderr);
    seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  });

  // Starts and ends of the platform.
  test.each([
    ['imported', [0, 0]],
    ['first', [1, 0]],
    ['shutdown', [0, 1]],
    ['pending', [0, 0]],
    ['started afterwards', [1, 0]],
    ['a lease and nothing else', [1, 1]],
    ['cleared after the lease', [1, 1]],
    ['rung for nothing', [1, 1]],
    ['fired after the lease', [1, 1]],
  ])('the platform is up for what needs it: %s', (what, calls) => {
    expect(seen[what]).toEqual(calls);
    expect([seen['held by it'], seen['unwarned']]).toEqual([0, 0]);
  });

  test.each(['RtwqStartup', 'RtwqCreateAsyncResult', 'RtwqPutWaitingWorkItem', 'RtwqPutWaitingWorkItem on the way'])(
    "Node's timer stands in for a failing %s, which is told once",
    (what) => {
      const told = [expect.stringContaining(`${what.split(' ')[0]} failed with E_ACCESSDENIED`)];
      expect(seen[what]).toEqual({ told, early: false, exact: true, up: [0, 1], again: 1 });
    },
  );

  test('timers go on after an interval was cleared that RTWorkQ had refused to go on with', () => {
    expect(seen['after an interval that was cleared']).toBe('fired');
  });
});

describeWine('a RTWorkQ.dll whose other functions fail', () => {
  let seen: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    const { code, stdout, stderr } = await runScript('win.mjs', '--dll', 'stand-in', windowsFixture('queue-faults'));
    if (code !== 0) throw new Error(stderr);
    seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  });

  test.each([
    'RtwqAllocateWorkQueue',
    'RtwqAllocateSerialWorkQueue',
    'RtwqLockWorkQueue',
    'RtwqSetLongRunning',
    'RtwqPutWaitingWorkItem',
    'RtwqInvokeCallback',
    'RtwqAddPeriodicCallback',
    'RtwqSetDeadline',
    'RtwqSetDeadline2',
    'RtwqJoinWorkQueue',
    'RtwqLockPlatform',
    'RtwqRegisterPlatformEvents',
  ])('a failing %s throws at the caller and leaves nothing behind', (syscall) => {
    expect(seen[syscall]).toMatchObject({ code: 'E_FAIL', syscall, caller: true, again: 0 });
  });

  test.each([
    'RtwqLockSharedWorkQueue',
    'RtwqRegisterPlatformWithMMCSS',
    'RtwqUnregisterPlatformFromMMCSS',
    'RtwqGetWorkQueueMMCSSClass',
    'RtwqBeginRegisterWorkQueueWithMMCSS',
    'RtwqEndRegisterWorkQueueWithMMCSS',
    'RtwqBeginUnregisterWorkQueueWithMMCSS',
  ])('without the service of MMCSS %s says so, and everything else works', (syscall) => {
    expect(seen[syscall]).toMatchObject({ code: 'ERROR_SERVICE_NOT_ACTIVE', syscall, again: 0 });
    expect(seen[syscall]?.['message']).toContain('Multimedia Class Scheduler service (MMCSS) is not running');
  });

  test('what is got rid of is gone, whatever RTWorkQ says', () => {
    expect(seen['remove()']).toEqual([true, false]);
    expect(seen['deadline.cancel()']).toEqual(['RtwqCancelDeadline', false]);
    expect(seen['close()']).toEqual(['E_FAIL', 'RtwqUnlockWorkQueue']);
  });

  test('what a wait has taken is told or left, whatever fails besides', () => {
    expect(seen['waitFor()']).toBe('signaled');
    expect(seen['next()']).toEqual(['E_FAIL', true, 'signaled']);
  });

  test('every lock is matched by one unlock', () => {
    expect([seen['locks'], seen['platform']]).toEqual([true, true]);
  });
});

describe('npm run win', () => {
  test('passes arguments, output and the exit code through, from any folder', async () => {
    const file = script(
      'echo.mjs',
      `import { isSupported } from 'rtworkq';
       import { createRequire } from 'node:module';
       const required = createRequire(import.meta.url)('rtworkq');
       console.error('to stderr');
       console.log(JSON.stringify([...process.argv.slice(2), isSupported(), required.isSupported === isSupported, process.platform]));
       process.exitCode = 42;`,
    );
    const { code, stdout, stderr } = await runScript('win.mjs', file, '--node', 'a b', '');
    expect(code).toBe(42);
    expect(JSON.parse(stdout)).toEqual(['--node', 'a b', '', true, true, 'win32']);
    expect(stderr).toContain('to stderr');
  });

  test.each([
    ['process.exit()', 'process.exit(7)', 7],
    ['an exit listener', "process.on('exit', () => { process.exitCode = 9; })", 9],
    ['process.exit() in an exit listener', "process.on('exit', () => process.exit(11))", 11],
    ['an uncaught throw', "throw new Error('thrown')", 1],
  ])('a clean end by %s', async (_, code, expected) => {
    const result = await runScript('win.mjs', script('end.js', code));
    expect(result.code).toBe(expected);
    expect(result.stderr).not.toContain('crashed');
  });

  test.each([
    ['process.abort()', 'process.abort()'],
    ['an access violation', 'require(process.argv[2]).crash()'],
    ['a kill', 'process.kill(process.pid)'],
    ['a crash on the way out', "process.reallyExit = () => process.abort(); process.on('exit', () => {}); process.exit(0)"],
  ])('a crash by %s', async (_, code) => {
    const helper = join(root, onWindows ? 'test/native/build/Release' : 'build/native/x64', 'test_helper.node');
    const result = await runScript('win.mjs', script('crash.js', code), onWindows ? helper : `Z:${helper}`);
    expect(result.stderr).toContain('The Windows program crashed');
    expect(result.code).toBe(134);
  });

  test.each([
    [['--node', '3', __filename], /no pinned Windows Node "3-/],
    [['--arch', 'mips', __filename], /no pinned Windows Node/],
    [['--wine-debug', 'x', 'x.js'], /heap or trace/],
    // On Windows there is nothing to choose.
    [['--dll', 'x', __filename], /--dll is /],
    [['--what', 'x.js'], /Unknown option '--what'/],
    [['missing.js'], /There is no file missing\.js/],
    [[], /Which script\?/],
  ])('refuses %j', async (args, message) => {
    const result = await runScript('win.mjs', ...args);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).toContain('What to do:');
  });
});
