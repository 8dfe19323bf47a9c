// Every Windows function that this package calls can be made to fail.

import { afterEach, describe, expect, jest, test } from '@jest/globals';
import * as rtworkq from 'rtworkq';
import type { Simulation, WindowsFunction } from 'rtworkq/testing';
import { setTimeout as callLater } from 'rtworkq/timers';
import { begin, errorOf } from '../../support/simulation';

const { Mutex, ProcessHandle, Semaphore, WaitableEvent, WaitableTimer, WorkQueue } = rtworkq;
const NAME = 'Local\\failing';

/** What fails, and what to do before. `planned` is called between the two. */
type Failing = (planned: () => void, sim: Simulation) => unknown;

const after =
  <T>(prepare: (sim: Simulation) => T | Promise<T>, call: (prepared: T) => unknown): Failing =>
  async (planned, sim) => {
    const prepared = await prepare(sim);
    planned();
    return call(prepared);
  };

const at =
  (call: () => unknown): Failing =>
  (planned) => {
    planned();
    return call();
  };

const event = () => WaitableEvent.create();
const timer = () => WaitableTimer.create();
const queue = () => WorkQueue.allocate('standard');

const CALLS: [name: WindowsFunction, failing: Failing][] = [
  ['RtwqStartup', at(() => rtworkq.startup())],
  [
    'RtwqShutdown',
    after(
      () => rtworkq.startup(),
      () => rtworkq.shutdown(),
    ),
  ],
  [
    'RtwqLockPlatform',
    after(
      () => rtworkq.startup(),
      () => rtworkq.lockPlatform(),
    ),
  ],
  [
    'RtwqUnlockPlatform',
    after(
      () => rtworkq.startup(),
      () => rtworkq.shutdown(),
    ),
  ],
  ['RtwqRegisterPlatformEvents', at(() => rtworkq.platformEvents.on('shutdownStart', () => {}))],
  ['RtwqCreateAsyncResult', at(() => rtworkq.scheduleWorkItem(1))],
  ['RtwqInvokeCallback', at(() => rtworkq.invokeCallback())],
  ['RtwqPutWorkItem', at(() => rtworkq.putWorkItems(3))],
  ['RtwqPutWaitingWorkItem', after(event, (target) => rtworkq.putWaitingWorkItem(target))],
  ['RtwqScheduleWorkItem', at(() => rtworkq.scheduleWorkItem(1))],
  ['RtwqAddPeriodicCallback', at(() => rtworkq.addPeriodicCallback(() => {}))],
  ['RtwqAllocateWorkQueue', at(queue)],
  ['RtwqAllocateSerialWorkQueue', at(() => WorkQueue.allocateSerial(WorkQueue.multithreaded))],
  ['RtwqLockSharedWorkQueue', at(() => WorkQueue.lockShared('Audio'))],
  ['RtwqLockWorkQueue', after(queue, (made) => made.lock())],
  ['RtwqUnlockWorkQueue', after(queue, (made) => made.close())],
  ['RtwqSetLongRunning', after(queue, (made) => made.setLongRunning(true))],
  ['RtwqJoinWorkQueue', at(() => WorkQueue.standard.join(4n))],
  [
    'RtwqUnjoinWorkQueue',
    after(
      () => WorkQueue.standard.join(4n),
      (joined) => joined.unjoin(),
    ),
  ],
  ['RtwqBeginRegisterWorkQueueWithMMCSS', after(queue, (made) => made.registerWithMmcss('Audio'))],
  ['RtwqEndRegisterWorkQueueWithMMCSS', after(queue, (made) => made.registerWithMmcss('Audio'))],
  [
    'RtwqBeginUnregisterWorkQueueWithMMCSS',
    after(
      () => queue().registerWithMmcss('Audio'),
      (made) => made.unregister(),
    ),
  ],
  [
    'RtwqEndUnregisterWorkQueueWithMMCSS',
    after(
      () => queue().registerWithMmcss('Audio'),
      (made) => made.unregister(),
    ),
  ],
  ['RtwqGetWorkQueueMMCSSClass', after(queue, (made) => made.mmcss())],
  [
    'RtwqGetWorkQueueMMCSSTaskId',
    after(
      () => WorkQueue.lockShared('Audio'),
      (made) => made.mmcss(),
    ),
  ],
  [
    'RtwqGetWorkQueueMMCSSPriority',
    after(
      () => WorkQueue.lockShared('Audio'),
      (made) => made.mmcss(),
    ),
  ],
  ['RtwqRegisterPlatformWithMMCSS', at(() => rtworkq.registerPlatformWithMmcss('Audio'))],
  [
    'RtwqUnregisterPlatformFromMMCSS',
    after(
      () => rtworkq.registerPlatformWithMmcss('Audio'),
      (made) => made.unregister(),
    ),
  ],
  ['RtwqSetDeadline', at(() => WorkQueue.standard.setDeadline({ inMilliseconds: 5 }))],
  ['RtwqSetDeadline2', at(() => WorkQueue.standard.setDeadline({ inMilliseconds: 5, preDeadline: 1 }))],
  [
    'RtwqCancelDeadline',
    after(
      () => WorkQueue.standard.setDeadline({ inMilliseconds: 5 }),
      (made) => made.cancel(),
    ),
  ],
  ['CreateEventExW', at(event)],
  [
    'OpenEventW',
    after(
      () => WaitableEvent.create({ name: NAME }),
      () => WaitableEvent.open(NAME),
    ),
  ],
  ['SetEvent', after(event, (made) => made.set())],
  ['ResetEvent', after(event, (made) => made.reset())],
  ['CreateSemaphoreExW', at(() => Semaphore.create())],
  [
    'OpenSemaphoreW',
    after(
      () => Semaphore.create({ name: NAME }),
      () => Semaphore.open(NAME),
    ),
  ],
  [
    'ReleaseSemaphore',
    after(
      () => Semaphore.create(),
      (made) => made.release(),
    ),
  ],
  ['CreateWaitableTimerExW', at(timer)],
  [
    'OpenWaitableTimerW',
    after(
      () => WaitableTimer.create({ name: NAME }),
      () => WaitableTimer.open(NAME),
    ),
  ],
  ['SetWaitableTimer', after(timer, (made) => made.set(1))],
  ['CancelWaitableTimer', after(timer, (made) => made.cancel())],
  ['CreateMutexExW', at(() => Mutex.create())],
  [
    'OpenMutexW',
    after(
      () => Mutex.create({ name: NAME }),
      () => Mutex.open(NAME),
    ),
  ],
  [
    'ReleaseMutex',
    after(
      () => Mutex.create().acquire(),
      (lock) => lock.release(),
    ),
  ],
  [
    'OpenProcess',
    after(
      (sim) => sim.startProcess(),
      ({ pid }) => ProcessHandle.open(pid),
    ),
  ],
  [
    'GetExitCodeProcess',
    after(
      (sim) => ProcessHandle.open(sim.startProcess().pid),
      (made) => made.exitCode,
    ),
  ],
  [
    'GetProcessTimes',
    after(
      (sim) => ProcessHandle.open(sim.startProcess().pid),
      (made) => made.createdAt,
    ),
  ],
  [
    'TerminateProcess',
    after(
      (sim) => ProcessHandle.open(sim.startProcess().pid),
      (made) => made.terminate(),
    ),
  ],
  ['WaitForMultipleObjects', after(event, (made) => rtworkq.waitFor(made))],
  ['_beginthreadex', after(event, (made) => rtworkq.waitFor(made))],
  ['SetProcessInformation', at(() => rtworkq.setPowerThrottling({ executionSpeed: false }))],
  ['timeGetDevCaps', at(() => rtworkq.requestTimerResolution(1))],
  ['timeBeginPeriod', at(() => rtworkq.requestTimerResolution(1))],
  ['AvSetMmThreadCharacteristicsW', at(() => rtworkq.registerThreadWithMmcss('Audio'))],
  ['AvSetMmThreadPriority', at(() => rtworkq.registerTimersWithMmcss('Audio'))],
  [
    'AvRevertMmThreadCharacteristics',
    after(
      () => rtworkq.registerThreadWithMmcss('Audio'),
      (made) => made.unregister(),
    ),
  ],
];

/** Calls after whose failure there is only a warning. */
const WARNINGS: [name: WindowsFunction, failing: Failing][] = [
  [
    'RtwqCancelWorkItem',
    after(
      () => ({ item: rtworkq.scheduleWorkItem(1) }),
      ({ item }) => item.cancel(),
    ),
  ],
  [
    'RtwqRemovePeriodicCallback',
    after(
      () => rtworkq.addPeriodicCallback(() => {}),
      (made) => made.remove(),
    ),
  ],
  [
    'timeEndPeriod',
    after(
      () => rtworkq.requestTimerResolution(1),
      (lease) => lease.release(),
    ),
  ],
  ['CreateWaitableTimerExW', at(() => callLater(() => {}, 1))],
];

/** Resolves to the next process warning. */
const nextWarning = (): Promise<unknown> => new Promise((resolve) => jest.spyOn(process, 'emitWarning').mockImplementation(resolve));

afterEach(() => {
  jest.restoreAllMocks();
  rtworkq.platformEvents.removeAllListeners('shutdownStart');
});

describe('a call throws or rejects with the failure, once', () => {
  test.each(CALLS)('%s', async (name, failing) => {
    const sim = begin();
    const error = await errorOf(() => failing(() => sim.fail(name, 'E_ABORT'), sim));
    expect(error).toMatchObject({ name: 'RtwqError', code: 'E_ABORT', syscall: name });
    sim.end();
    const again = begin();
    let failure: unknown;
    const second = errorOf(() => failing(() => {}, again)).then(
      (thrown) => {
        failure = thrown;
      },
      () => {},
    );
    await again.advance(1);
    again.end();
    await second;
    // What would have waited for longer ends with the simulation.
    expect([undefined, 'ABORT_ERR']).toContain((failure as { code?: string } | undefined)?.code);
  });

  test('ConvertStringSecurityDescriptorToSecurityDescriptorW', async () => {
    const sim = begin();
    sim.fail('ConvertStringSecurityDescriptorToSecurityDescriptorW', 'E_ABORT');
    const error = await errorOf(() => WaitableEvent.create({ security: 'D:P' }));
    expect(error.cause).toMatchObject({ code: 'E_ABORT' });
  });
});

describe('a failure that no caller can catch is a warning', () => {
  test.each(WARNINGS)('%s', async (name, failing) => {
    const sim = begin();
    const warning = nextWarning();
    await failing(() => sim.fail(name, 0x80004004), sim);
    expect(String(await warning)).toContain(`${name} failed with E_ABORT`);
  });
});

describe('fail()', () => {
  test('fails as many calls as it says, then others that were planned', () => {
    const sim = begin();
    sim.fail('SetEvent', 'E_ABORT', 2);
    sim.fail('SetEvent', 0x80070005);
    using target = event();
    const codes = Array.from({ length: 4 }, () => {
      try {
        target.set();
        return undefined;
      } catch (error) {
        return (error as rtworkq.RtwqError).code;
      }
    });
    expect(codes).toEqual(['E_ABORT', 'E_ABORT', 'E_ACCESSDENIED', undefined]);
  });

  test('a timer whose alarm cannot be set still fires', async () => {
    const sim = begin();
    let isDue = false;
    const warning = nextWarning();
    sim.fail('SetWaitableTimer', 'E_ABORT');
    callLater(() => {
      isDue = true;
    }, 5);
    await sim.advance(5);
    expect([isDue, String(await warning)]).toEqual([true, expect.stringContaining('SetWaitableTimer')]);
  });

  test.each([
    ['an unknown function', ['RtwqNothing', 'E_FAIL'], 'ERR_INVALID_ARG_VALUE'],
    ['an unknown code', ['SetEvent', 'E_NOTHING'], 'ERR_INVALID_ARG_VALUE'],
    ['a success', ['SetEvent', 0], 'ERR_INVALID_ARG_VALUE'],
    ['no code', ['SetEvent'], 'ERR_INVALID_ARG_TYPE'],
    ['no times', ['SetEvent', 'E_FAIL', 0], 'ERR_OUT_OF_RANGE'],
  ])('rejects %s', async (_, args, code) => {
    const sim = begin();
    expect((await errorOf(() => Reflect.apply(sim.fail, sim, args))).code).toBe(code);
  });

  test('has a test here for every function that lib/ can see fail', () => {
    // Called only at the end of a thread.
    const others = ['RtwqUnregisterPlatformEvents', 'ConvertStringSecurityDescriptorToSecurityDescriptorW'];
    const tested = new Set([...CALLS, ...WARNINGS].map(([name]) => name as string).concat(others));
    const sim = begin();
    let message = '';
    try {
      sim.fail('' as WindowsFunction, 'E_FAIL');
    } catch (error) {
      ({ message } = error as Error);
    }
    const all = [...message.matchAll(/'(\w+)'/g)].map(([, name = '']) => name).filter((name) => name !== 'name');
    expect(all.length).toBeGreaterThan(50);
    expect([...tested].sort()).toEqual(all.sort());
  });
});
