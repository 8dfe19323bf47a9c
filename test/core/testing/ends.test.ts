// When a simulation can start, and what its end leaves.

import { describe, expect, test } from '@jest/globals';
import * as rtworkq from 'rtworkq';
import { simulate } from 'rtworkq/testing';
import * as timers from 'rtworkq/timers';
import * as promises from 'rtworkq/timers/promises';
import { begin, errorOf } from '../../support/simulation';

const { Mutex, platformEvents, Semaphore, WaitableEvent, WorkQueue } = rtworkq;
const before = rtworkq.supportStatus();

describe('simulate()', () => {
  test('makes everything work, and supportStatus() knows', () => {
    using _ = simulate();
    expect(rtworkq.isSupported()).toBe(true);
    expect(rtworkq.supportStatus()).toEqual({
      supported: true,
      waits: true,
      dll: { path: 'simulation', version: '0.0.0.0' },
      wine: undefined,
    });
  });

  test.each<[string, () => Disposable]>([
    ['a timer', () => timers.setTimeout(() => {}, 600_000)],
    ['another simulation', () => simulate()],
    ...(before.supported
      ? ([
          ['a handle', () => WaitableEvent.create()],
          ['a named handle', () => Semaphore.create({ name: `Local\\${process.pid}` })],
          ['a work item', () => rtworkq.scheduleWorkItem(600_000)],
          ['a lease', () => rtworkq.startup()],
          ['a lock of the platform', () => rtworkq.lockPlatform()],
          ['a periodic callback', () => rtworkq.addPeriodicCallback(() => {})],
          ['a timer resolution', () => rtworkq.requestTimerResolution(1)],
        ] as [string, () => Disposable][])
      : []),
  ])('throws while there is %s', async (_, open) => {
    const opened = open();
    const error = await errorOf(() => simulate());
    expect(error).toMatchObject({ code: 'ERR_INVALID_STATE', message: expect.stringContaining('pending or open') });
    opened[Symbol.dispose]();
    await new Promise(setImmediate);
    simulate().end();
  });

  test.each([
    [{ clock: 'sundial' }, 'ERR_INVALID_ARG_VALUE'],
    [{ tick: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ tock: 1 }, 'ERR_INVALID_ARG_VALUE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ])('rejects %p', async (options, code) => {
    expect((await errorOf(() => simulate(options as never))).code).toBe(code);
    expect(rtworkq.supportStatus()).toEqual(before);
  });

  test('is not affected by a lock that was just released', async () => {
    if (before.supported) await rtworkq.locks.request('Local\\just-released', () => {});
    using sim = simulate();
    await rtworkq.locks.request('Local\\just-released', () => {});
    expect(sim.now).toBe(0);
  });
});

describe('the end', () => {
  /** Everything that rejects with an AbortError at the end. */
  async function startEverything(): Promise<Record<string, Promise<unknown>>> {
    const event = WaitableEvent.create();
    const held = Mutex.create({ name: 'held' });
    const queue = WorkQueue.allocate('standard');
    await held.acquire();
    return {
      scheduled: rtworkq.scheduleWorkItem(1_000).completed,
      put: queue.put().completed,
      many: WorkQueue.multithreaded.putMany(3).completed,
      waiting: queue.wait(event).completed,
      wait: rtworkq.waitFor(event),
      any: rtworkq.waitForAny([event, event]),
      all: rtworkq.waitForAll([event], { timeout: 1_000 }),
      acquire: held.acquire(),
      lock: rtworkq.locks.request('held', () => {}),
      exit: rtworkq.waitForProcessExit(process.pid),
      beat: rtworkq.periodicBeat().next(),
      timeout: promises.setTimeout(1_000),
      sleep: promises.sleepUntil(1_000),
      interval: promises.setInterval(1_000).next(),
    };
  }

  test('rejects what is pending, and says why', async () => {
    const sim = begin();
    const started = await startEverything();
    // The puts are under way, but have not run.
    const settled = Object.entries(started).map(async ([name, promise]) => [name, await errorOf(() => promise)] as const);
    sim.end();
    for (const [name, error] of await Promise.all(settled)) {
      expect([name, error]).toEqual([name, expect.objectContaining({ name: 'AbortError', code: 'ABORT_ERR' })]);
      expect(error.message).toContain('the simulation has ended');
      expect(error.cause).toMatchObject({ code: 'RTWQ_E_SHUTDOWN', message: expect.stringContaining('simulation') });
    }
    expect(rtworkq.pendingOperations()).toEqual([]);
  });

  test('settles what waits for an end', async () => {
    const sim = begin();
    const queue = WorkQueue.allocate('standard');
    const item = queue.put({ work: sim.work(undefined, { duration: 1_000 }) });
    await sim.advance(0);
    const closed = queue.close();
    const down = rtworkq.shutdown();
    sim.end();
    await Promise.all([closed, down, item]);
  });

  test('ends loops over the signals of its handles', async () => {
    const sim = begin();
    const event = WaitableEvent.create();
    const loop = (async () => {
      for await (const _ of event);
    })();
    await sim.advance(0);
    sim.end();
    await loop;
  });

  test('delivers what had been taken', async () => {
    const sim = begin();
    const event = WaitableEvent.create({ signaled: true });
    const waiting = rtworkq.waitFor(event);
    sim.end();
    expect(await waiting).toBe('signaled');
  });

  test('clears timers with a callback', async () => {
    const sim = begin();
    let called = false;
    timers.setTimeout(() => {
      called = true;
    }, 1);
    sim.end();
    await promises.setTimeout(5);
    expect(called).toBe(false);
  });

  test('closes handles, queues and leases', async () => {
    const sim = begin();
    const event = WaitableEvent.create();
    const mutex = Mutex.create({ name: 'ours' });
    const lock = await mutex.acquire();
    const queue = WorkQueue.allocate('standard');
    const lease = rtworkq.startup();
    const resolution = rtworkq.requestTimerResolution(1);
    const registration = rtworkq.registerThreadWithMmcss('Audio');
    const work = sim.work();
    sim.end();
    expect([event.closed, mutex.closed, lock.released, queue.closed]).toEqual([true, true, true, true]);
    expect((await errorOf(() => event.set())).code).toBe('E_HANDLE');
    expect((await errorOf(() => event.handle)).code).toBe('E_HANDLE');
    for (const each of [event, mutex, lease, resolution]) each[Symbol.dispose]();
    lock.release();
    registration.unregister();
    await queue.close();
    begin();
    expect((await errorOf(() => queue.put())).code).toBe('RTWQ_E_INVALID_WORKQUEUE');
    expect((await errorOf(() => event.set())).code).toBe('E_HANDLE');
    expect(await rtworkq.putWorkItem({ work })).toMatchObject({ status: 0 });
    expect(Mutex.exists('ours')).toBe(false);
  });

  test('ends what it gave: calling it again does nothing, everything else throws', async () => {
    const sim = begin();
    const other = sim.startProcess();
    other.createMutex('name');
    sim.end();
    sim.end();
    expect(sim.ended).toBe(true);
    for (const call of [
      () => sim.advance(1),
      () => sim.runAll(),
      () => sim.startProcess(),
      () => sim.work(),
      () => sim.fail('SetEvent', 'E_FAIL'),
    ])
      expect((await errorOf(call)).code).toBe('ERR_INVALID_STATE');
  });

  test('stops advance() in the middle', async () => {
    const sim = begin();
    timers.setTimeout(() => sim.end(), 10);
    await sim.advance(1_000);
    expect(sim.now).toBe(10);
  });

  test('brings the real Windows back, or its absence', async () => {
    if (before.supported) await rtworkq.putWorkItem();
    for (const clock of ['manual', 'host'] as const) {
      const sim = begin({ clock });
      const item = rtworkq.scheduleWorkItem(1);
      if (clock === 'manual') await sim.advance(1);
      await item;
      sim.end();
      expect(rtworkq.supportStatus()).toEqual(before);
      const from = performance.now();
      await promises.setTimeout(3);
      expect(performance.now() - from).toBeGreaterThanOrEqual(3);
      if (!before.supported) {
        expect((await errorOf(() => rtworkq.putWorkItem())).code).toBe(before.code);
        continue;
      }
      expect((await rtworkq.scheduleWorkItem(1)).firedAt).toBeGreaterThan(from);
      using event = WaitableEvent.create({ signaled: true });
      expect(await rtworkq.waitFor(event)).toBe('signaled');
      await rtworkq.locks.request('Local\\back', () => {});
    }
    if (before.supported) await rtworkq.shutdown();
  });
});

describe('platform events', () => {
  const NAMES = ['initializationComplete', 'shutdownStart', 'shutdownComplete'] as const;

  test('reach listeners that were there before the platform started', async () => {
    const sim = begin();
    const seen: string[] = [];
    for (const name of NAMES) platformEvents.on(name, () => seen.push(name));
    await rtworkq.putWorkItem();
    await rtworkq.shutdown();
    await sim.advance(0);
    expect(seen).toEqual(NAMES);
    sim.end();
    // The listeners are still there.
    const next = begin();
    rtworkq.startup();
    await next.advance(0);
    expect(seen).toHaveLength(6 - 2);
    for (const name of NAMES) platformEvents.removeAllListeners(name);
  });
});
