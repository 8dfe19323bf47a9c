// What only Wine can show: each call into RTWorkQ.dll, heap corruption, and a DLL with faults. Also that `npm run win` tells
// a crash from a normal exit, because it runs all the other tests.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeFolder, removeFolder } from '../support/folders';
import { root, runProgram, runScript, windowsFixture } from '../support/host';

const onWindows = process.platform === 'win32';
// These need Wine: Windows has no such trace, and we cannot replace a DLL in its System32.
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

describeWine("Wine's trace of calls into RTWorkQ.dll", () => {
  test('shows negative milliseconds for scheduleWorkItem(), and the key for cancel()', async () => {
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

describeWine("Wine's heap check", () => {
  test('detects a double free', async () => {
    const file = script('double-free.js', 'require(process.argv[2]).doubleFree();');
    const helper = join(root, 'build/native/x64/test_helper.node');
    const { stderr } = await runScript('win.mjs', '--wine-debug', 'heap', file, `Z:${helper}`);
    expect(stderr).toMatch(/(err|warn):heap/);
  });
});

describeWine('with an RTWorkQ.dll that fails or misbehaves', () => {
  let seen: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    const { code, stdout, stderr } = await runScript('win.mjs', '--dll', 'stand-in', windowsFixture('faults'));
    if (code !== 0) throw new Error(stderr);
    seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  });

  test.each([
    ['RtwqStartup', 'E_ACCESSDENIED', 0x80070005],
    ['RtwqStartup in startup()', 'E_ACCESSDENIED', 0x80070005],
    ['RtwqLockPlatform', 'E_ACCESSDENIED', 0x80070005],
    ['RtwqLockPlatform in startup()', 'E_ACCESSDENIED', 0x80070005],
    ['RtwqCreateAsyncResult', 'E_OUTOFMEMORY', 0x8007000e],
    ['RtwqPutWorkItem', 'RTWQ_E_INVALID_WORKQUEUE', 0xc00d36ff],
    ['RtwqScheduleWorkItem', 'HRESULT_0x8BADF00D', 0x8badf00d],
  ])('a failing %s throws to the caller, and the next work item works', (what, code, hresult) => {
    const syscall = what.split(' ')[0];
    expect(seen[what]).toMatchObject({ code, hresult, syscall, caller: true, again: 0 });
    expect(seen[what]?.['message']).toContain(`${syscall} failed with ${code} (0x${hresult.toString(16).toUpperCase()})`);
  });

  test.each(['RtwqCreateAsyncResult', 'RtwqPutWorkItem'])(
    '%s failing for one of many work items throws to the caller, and later ones work',
    (syscall) => {
      const failure = expect.objectContaining({ code: 'E_OUTOFMEMORY', syscall, caller: true, again: 0 });
      expect(seen[`${syscall} of many, the first`]).toEqual(failure);
      expect(seen[`${syscall} of many, one`]).toEqual(failure);
      expect(seen[`${syscall} of many, afterwards`]).toBe(1_000);
      expect(seen['the last of many']).toMatchObject({ code: 'E_FAIL', syscall: 'RtwqPutWorkItem', caller: true, again: 0 });
    },
  );

  test('a failing RtwqCancelWorkItem still cancels the work item, which settles once', () => {
    expect(seen['cancel']).toEqual([true, 'cancelled']);
    expect(seen['cancel later']).toEqual(['cancelled', 'ABORT_ERR']);
  });

  test('a work item settles even if its callback runs before its key is known', () => {
    expect(seen['late key']).toEqual({ early: true, settled: 20, keys: 20, states: ['fired'] });
  });

  test('a callback that comes too soon does not make a work item fire early', () => {
    expect(seen['early']).toEqual([true, true, true, true]);
    expect(seen['early, twice']).toEqual([true, true]);
    expect(seen['early, cancelled']).toEqual(['pending', true, 'ABORT_ERR']);
  });

  test('an erratic clock cannot block the queue forever', () => {
    expect(seen['at once']).toBe(0);
  });

  test('every start of the platform is matched by one shutdown', () => {
    const onceEach = [1, 1];
    expect(seen['balance']).toEqual([onceEach, onceEach, onceEach, onceEach, onceEach, onceEach, [2, 2]]);
    expect(seen['failed start']).toBe(true);
  });

  test('the platform stays up while a Worker uses it', () => {
    expect(seen['balance beside a Worker']).toEqual(new Array(7).fill([0, 0]));
  });

  test('a failing RtwqShutdown rejects shutdown(), and the platform can start again', () => {
    expect(seen['RtwqShutdown']).toEqual({ code: 'E_FAIL', syscall: 'RtwqShutdown' });
    expect(seen['after']).toBe(0);
  });
});

describeWine('timers, beside an RTWorkQ.dll that counts its calls, on a Windows whose functions fail', () => {
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    const run = async (...args: string[]): Promise<Record<string, unknown>> => {
      const program = [join(root, 'scripts/win.mjs'), '--dll', 'stand-in', windowsFixture('timer-faults'), ...args];
      const helper = join(root, 'build/native/x64/test_helper.node');
      const { code, stdout, stderr } = await runProgram(process.execPath, program, root, { RTWORKQ_TEST_HELPER: `Z:${helper}` });
      if (code !== 0) throw new Error(stderr);
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    };
    seen = { ...(await run()), CreateEventExW: await run('CreateEventExW') };
  });

  // How often the platform is started and shut down.
  test.each([
    ['an import', [0, 0]],
    ['the first timer', [0, 0]],
    ['shutdown() while timers are pending', [0, 0]],
    ['a timer that starts after shutdown()', [0, 0]],
    ['a lease that ends while a timer is pending', [1, 1]],
    ['a timer that outlives a lease', [0, 0]],
    ['a wait with a timeout', [0, 0]],
    ['a lease that ends while a wait is pending', [1, 1]],
  ])('timers and waits neither start nor hold the platform: %s', (what, calls) => {
    expect(seen[what]).toEqual(calls);
    expect([seen['the wait'], seen['warnings without a fault']]).toEqual(['signaled', 0]);
  });

  test.each([
    ['thread', '_beginthreadex failed with E_OUTOFMEMORY'],
    ['SetWaitableTimer', 'SetWaitableTimer failed with E_ACCESSDENIED'],
    ['SetWaitableTimer during an interval', 'SetWaitableTimer failed with E_ACCESSDENIED'],
    ['CreateWaitableTimerExW', 'CreateWaitableTimerExW failed with HRESULT_0x80070008'],
    ['CreateEventExW', 'CreateEventExW failed with HRESULT_0x80070008'],
  ])("Node's timer serves until no timer is pending, with one warning, if this fails: %s", (what, warning) => {
    expect(seen[what]).toEqual({ warned: [expect.stringContaining(warning)], early: false, exact: true, again: true });
  });

  test('there is one warning for each time that the alarm fails', () => {
    expect([seen['warnings afterwards'], seen['another warning']]).toEqual([0, 1]);
  });

  test('timers still fire after an interval whose alarm had failed was cleared', () => {
    expect(seen['after an interval that was cleared']).toBe('fired');
  });
});

describeWine('with an RTWorkQ.dll that cannot end what it has begun', () => {
  test('failures without a caller are warnings, and shutdown() says what RTWorkQ still holds', async () => {
    const { code, stdout } = await runScript('win.mjs', '--dll', 'stand-in', windowsFixture('clean-up-faults'));
    const operations = [
      { kind: 'shutdown', ref: true },
      { kind: 'putWaitingWorkItem', ref: false, held: true },
    ];
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      cancel: [['RtwqCancelWorkItem', 'E_FAIL']],
      // The callback has run, or is about to.
      'cancel too late': [],
      abort: [['RtwqCancelWorkItem', 'E_UNEXPECTED']],
      held: operations,
      timeout: { code: 'ERR_OPERATION_TIMEOUT', operations },
      'in the end': [],
      'a released lease': ['ERR_OPERATION_TIMEOUT', true, 1],
      'no lease': ['ERR_OPERATION_TIMEOUT', false, 1],
      remove: [['RtwqRemovePeriodicCallback', 'E_FAIL']],
      close: [],
      shutdown: [['RtwqUnlockWorkQueue', 'E_FAIL']],
      down: [],
    });
  });
});

describeWine('with an RTWorkQ.dll whose other functions fail', () => {
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
  ])('a failing %s throws to the caller, and the next work item works', (syscall) => {
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
  ])('%s reports that the MMCSS service is not running, and the next work item works', (syscall) => {
    expect(seen[syscall]).toMatchObject({ code: 'ERROR_SERVICE_NOT_ACTIVE', syscall, again: 0 });
    expect(seen[syscall]?.['message']).toContain('Multimedia Class Scheduler service (MMCSS) is not running');
  });

  test('remove(), cancel() and close() take effect even if RTWorkQ reports an error', () => {
    expect(seen['remove()']).toEqual([true, false]);
    expect(seen['deadline.cancel()']).toEqual(['RtwqCancelDeadline', false]);
    expect(seen['close()']).toEqual(['E_FAIL', 'RtwqUnlockWorkQueue']);
  });

  test('waits do not need the functions that fail', () => {
    expect([seen['waitFor()'], seen['next()']]).toEqual(['signaled', false]);
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
    ['an uncaught exception', "throw new Error('thrown')", 1],
  ])('passes the exit code of %s through, and reports no crash', async (_, code, expected) => {
    const result = await runScript('win.mjs', script('end.js', code));
    expect(result.code).toBe(expected);
    expect(result.stderr).not.toContain('crashed');
  });

  test.each([
    ['process.abort()', 'process.abort()'],
    ['an access violation', 'require(process.argv[2]).crash()'],
    ['a killed process', 'process.kill(process.pid)'],
    ['process.abort() during exit', "process.reallyExit = () => process.abort(); process.on('exit', () => {}); process.exit(0)"],
  ])('reports %s as a crash, with exit code 134', async (_, code) => {
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
    [['--dll', 'x', __filename], /--dll (must be|works only) /],
    [['--what', 'x.js'], /Unknown option '--what'/],
    [['missing.js'], /There is no file missing\.js/],
    [[], /Which script\?/],
  ])('rejects %j and says what to do', async (args, message) => {
    const result = await runScript('win.mjs', ...args);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).toContain('What to do:');
  });
});
