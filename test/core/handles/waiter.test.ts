// What the threads that wait for handles promise: who wins, how precise timeouts are, and that no wait starves.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ProcessHandle,
  Semaphore,
  shutdown,
  signals,
  WaitableEvent,
  WaitableTimer,
  WorkQueue,
  waitFor,
  waitForAll,
  waitForAny,
  waitForProcessExit,
} from 'rtworkq';
import { setTimeout as delay } from 'rtworkq/timers/promises';
import { untilCalm } from '../../support/answers';
import { runCode } from '../../support/child';
import { endedBy, failureOf } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { uniqueName } from '../../support/name';
import { LIMIT, settled, spin } from '../../support/time';
import { spinUntilTaken } from '../../support/waits';

afterEach(() => shutdown());

const helper = loadHelper();

interface Started {
  wait: Promise<unknown>;
  /** Once the wait has settled, the semaphore's count must be 0: the wait resolved with its signal. */
  semaphore: Semaphore;
}

/** Each kind of wait, which has taken its signal when this returns. JavaScript does not know yet. */
const WAITS: [kind: string, start: (options: object) => Started][] = [
  ['waitFor()', (options) => taken((semaphore) => waitFor(semaphore, options))],
  ['wait()', (options) => taken((semaphore) => semaphore.wait(options))],
  ['waitForAny()', (options) => taken((semaphore) => waitForAny([WaitableEvent.create(), semaphore], options))],
  ['waitForAll()', (options) => taken((semaphore) => waitForAll([WaitableEvent.create({ signaled: true }), semaphore], options))],
  ['waitForAny() with 100 handles', (options) => taken((semaphore) => waitForAny([...new Array(99).fill(never), semaphore], options))],
  ['a raw HANDLE', (options) => taken((semaphore) => waitFor(semaphore.handle, options))],
  ['signals()', (options) => taken((semaphore) => semaphore.signals(options).next())],
];
const never = WaitableEvent.create();

function taken(start: (semaphore: Semaphore) => Promise<unknown>): Started {
  const semaphore = Semaphore.create();
  const wait = start(semaphore);
  semaphore.release();
  spinUntilTaken(semaphore);
  return { wait, semaphore };
}

describe.each(WAITS)('%s that has taken its signal resolves', (kind, start) => {
  async function expectSignal({ wait, semaphore }: Started): Promise<void> {
    expect(await wait).toEqual(expect.anything());
    expect(semaphore.closed || semaphore.release() === 0).toBe(true);
  }

  test('after an abort', async () => {
    const controller = new AbortController();
    const started = start({ signal: controller.signal });
    controller.abort('too late');
    await expectSignal(started);
  });

  // A raw HANDLE's wait does not end with this object.
  (kind === 'a raw HANDLE' ? test.skip : test)('after close()', async () => {
    const started = start({});
    started.semaphore.close();
    await expectSignal(started);
  });

  test('after shutdown()', async () => {
    const started = start({});
    const down = shutdown();
    await expectSignal(started);
    await down;
  });
});

describe('shutdown()', () => {
  test('resolves only after the waits have settled', async () => {
    const order: string[] = [];
    const events = Array.from({ length: 100 }, () => WaitableEvent.create());
    const waits = [...events.map((event) => waitFor(event)), waitForAll(events.slice(50)), waitForAny(events)];
    const settling = waits.map((wait) => wait.then(undefined, () => order.push('wait')));
    await shutdown().then(() => order.push('shutdown()'));
    expect(order).toEqual([...new Array(102).fill('wait'), 'shutdown()']);
    await Promise.all(settling);
  });

  test('ends waits if the platform was never started', async () => {
    const code = `
      const event = rtworkq.WaitableEvent.create();
      const order = [];
      Promise.all([
        rtworkq.waitFor(event).catch(({ cause }) => order.push(cause.code)),
        rtworkq.waitFor(event, { ref: false }).catch(({ cause }) => order.push(cause.code)),
        rtworkq.shutdown().then(() => order.push('down')),
      ]).then(() => console.log(order.join(), rtworkq.pendingOperations().length));`;
    expect(await runCode(code)).toMatchObject({ code: 0, last: 'RTWQ_E_SHUTDOWN,RTWQ_E_SHUTDOWN,down 0', stderr: '' });
  });
});

describe('a timeout', () => {
  test('is never early, fractions of a millisecond included', async () => {
    const early: number[] = [];
    await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const timeout = 0.05 + Math.random() ** 2 * 50;
        const from = performance.now();
        const targets = [never, WaitableEvent.create(), ...new Array(index % 3 === 0 ? 70 : 0).fill(never)];
        const wait = index % 4 === 0 ? waitForAll([...new Set(targets)], { timeout }) : waitForAny(targets, { timeout });
        expect(await wait).toBe('timeout');
        early.push(timeout - (performance.now() - from));
      }),
    );
    expect(Math.max(...early)).toBeLessThan(1e-6);
  });

  test('is as precise as a timer', async () => {
    const median = (values: number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1] as number;
    const lateness = async (wait: () => Promise<unknown>): Promise<number> => {
      const late: number[] = [];
      for (let count = 0; count < 15; count++) {
        const from = performance.now();
        await wait();
        late.push(performance.now() - from - 2.3);
      }
      return median(late);
    };
    // Timeouts that count in the system's ticks would be several milliseconds later. A busy machine delays both.
    await untilCalm('timeouts of 2.3 ms, as late as timers', async () => {
      const ours = await lateness(() => waitFor(never, { timeout: 2.3 }));
      return ours < 2 * (await lateness(() => delay(2.3))) + 2;
    });
  });

  test('of Infinity never comes', async () => {
    using event = WaitableEvent.create();
    const waits = [waitFor(event, { timeout: Number.POSITIVE_INFINITY }), event.wait({ timeout: Number.POSITIVE_INFINITY })];
    expect(await settled(Promise.race(waits))).toBe(false);
    event.set();
    await Promise.race(waits);
    event.set();
    expect(await Promise.all(waits)).toEqual(['signaled', 'signaled']);
  });

  test('of 0 starts no thread', async () => {
    const code = `
      const event = rtworkq.WaitableEvent.create({ signaled: true });
      const { threadCount } = require(process.env.RTWORKQ_TEST_HELPER);
      rtworkq.pendingOperations();
      (async () => {
        await event.wait({ timeout: 0 });
        const before = threadCount();
        const outcomes = [];
        for (let round = 0; round < 3; round++) {
          outcomes.push(await rtworkq.waitForAny([event, event], { timeout: 0 }), await rtworkq.waitForAll([event], { timeout: 0 }));
        }
        console.log(new Set(outcomes).size, threadCount() - before);
      })();`;
    expect(await runCode(code)).toMatchObject({ code: 0, last: '1 0', stderr: '' });
  });

  test("ends with the outcome 'timeout' in the channels", async () => {
    const outcomes: unknown[] = [];
    const hear = (message: unknown): void => void outcomes.push((message as { outcome: unknown }).outcome);
    subscribe('rtworkq:operation-end', hear);
    await waitFor(never, { timeout: 1 });
    await waitForAny([never], { timeout: 0 });
    await waitForAll([never], { timeout: 1 });
    unsubscribe('rtworkq:operation-end', hear);
    expect(outcomes).toEqual(['timeout', 'timeout', 'timeout']);
  });
});

test('firedAt lies between the signal and now, however long JavaScript is busy', async () => {
  using event = WaitableEvent.create();
  for (let round = 0; round < 20; round++) {
    const wait = waitForAny([event]);
    const next = event.signals().next();
    const from = performance.now();
    event.set();
    spinUntilTaken(event);
    event.set();
    spinUntilTaken(event);
    const taken = performance.now();
    spin(5);
    for (const firedAt of [(await wait).firedAt, (await next).value?.firedAt]) {
      expect(firedAt).toBeGreaterThanOrEqual(from - 0.05);
      // The thread reads the clock right after it has taken the signal.
      expect(firedAt).toBeLessThan(Math.max(taken + 5, performance.now()));
    }
  }
});

describe('no wait starves', () => {
  test('beside a semaphore that is always signaled', async () => {
    using semaphore = Semaphore.create({ initial: 2 ** 30 });
    const stop = new AbortController();
    let count = 0;
    const hog = async (): Promise<void> => {
      for await (const _ of semaphore.signals({ signal: stop.signal })) count++;
    };
    const hogs = Array.from({ length: 3 }, () => hog().catch(() => {}));
    const events = Array.from({ length: 59 }, () => WaitableEvent.create());
    for (let round = 0; round < 20; round++) {
      const waits = events.map((event) => waitFor(event, { timeout: LIMIT }));
      const before = count;
      for (const event of events) event.set();
      expect(new Set(await Promise.all(waits))).toEqual(new Set(['signaled']));
      expect(count).toBeGreaterThanOrEqual(before);
    }
    stop.abort();
    await Promise.all(hogs);
    expect(count).toBeGreaterThan(0);
  });

  test('beside a stream of waits that begin and end', async () => {
    using semaphore = Semaphore.create();
    let flooding = true;
    const flood = (async () => {
      while (flooding) {
        const controller = new AbortController();
        const waits = Array.from({ length: 20 }, () => waitFor(never, { signal: controller.signal }).catch(() => {}));
        controller.abort();
        await Promise.all(waits);
      }
    })();
    const served = Array.from({ length: 40 }, async () => {
      for (let round = 0; round < 20; round++) {
        const wait = semaphore.wait({ timeout: LIMIT });
        semaphore.release();
        expect(await wait).toBe('signaled');
      }
    });
    await Promise.all(served);
    flooding = false;
    await flood;
    expect(semaphore.release()).toBe(0);
  });
});

describe('signals(target)', () => {
  test('yields the signals of a raw HANDLE of an auto-reset object', async () => {
    using event = WaitableEvent.create({ signaled: true });
    using semaphore = Semaphore.create({ initial: 3 });
    using timer = WaitableTimer.create();
    timer.set(0);
    for (const [target, most] of [
      [event, 1],
      [semaphore, 3],
      [timer, 1],
    ] as const) {
      let count = 0;
      for await (const { missed } of signals(target.handle)) {
        expect(missed).toBeUndefined();
        if (++count === most) break;
      }
      expect(helper.isSignaled(target.handle)).toBe(false);
    }
  });

  test('is the same as the method for objects', async () => {
    using event = WaitableEvent.create({ signaled: true });
    using semaphore = Semaphore.create({ initial: 1 });
    using timer = WaitableTimer.create();
    timer.set(0);
    for (const target of [event, semaphore, timer]) {
      const iterator = signals(target, { ref: false });
      expect((await iterator.next()).value?.missed).toBe(target === event ? undefined : 0);
      target.close();
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    }
  });

  test('throws at the call for objects that stay signaled, and for handles that are none', () => {
    using event = WaitableEvent.create({ manualReset: true });
    using self = ProcessHandle.open(process.pid);
    using closed = WaitableEvent.create();
    closed.close();
    const deaf = helper.createDeafEvent();
    const mutex = helper.createMutex();
    const rows: [target: unknown, code: string][] = [
      [event, 'ERR_INVALID_STATE'],
      [event.handle, 'ERR_INVALID_STATE'],
      [self.handle, 'ERR_INVALID_STATE'],
      [0x7ffffff0n, 'E_HANDLE'],
      [-1n, 'E_HANDLE'],
      [2n ** 64n, 'ERR_OUT_OF_RANGE'],
      [self, 'ERR_INVALID_ARG_TYPE'],
      [5, 'ERR_INVALID_ARG_TYPE'],
      [undefined, 'ERR_INVALID_ARG_TYPE'],
      [deaf, 'E_ACCESSDENIED'],
      [mutex, 'ERROR_NOT_SUPPORTED'],
    ];
    for (const [target, code] of rows) {
      let thrown: Error | undefined;
      try {
        signals(target as bigint);
      } catch (error) {
        thrown = error as Error;
      }
      expect(thrown).toMatchObject({ code });
      expect(thrown?.stack?.split('\n')[1]).toContain('waiter.test');
    }
    for (const handle of [deaf, mutex]) helper.closeHandle(handle);
  });

  test('goes on for a raw HANDLE when the object that it came from is idle, and ends with an abort or shutdown()', async () => {
    using event = WaitableEvent.create();
    const controller = new AbortController();
    const aborted = signals(event.handle, { signal: controller.signal }).next();
    const shut = signals(event.handle).next();
    controller.abort('enough');
    await expect(aborted).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'enough' });
    const down = shutdown();
    await expect(shut).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await down;
    event.set();
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
  });
});

test('no wait takes a queue, and each says what does', async () => {
  using event = WaitableEvent.create({ signaled: true });
  const options = { queue: WorkQueue.standard } as object;
  for (const call of [
    () => waitFor(event, options),
    () => event.wait(options),
    () => waitForProcessExit(process.pid, options),
    () => signals(event, options),
    () => signals(event.handle, options),
  ]) {
    const refusal = { code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining('putWaitingWorkItem()') };
    expect(await failureOf(async () => await call())).toMatchObject(refusal);
  }
  expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
});

describe('a period that the package keeps', () => {
  test.each([
    ['cancel()', (timer: WaitableTimer) => timer.cancel()],
    ['set()', (timer: WaitableTimer) => timer.set(LIMIT)],
    ['close()', (timer: WaitableTimer) => timer.close()],
  ])('has had its last beat when %s returns', async (_, end) => {
    const name = uniqueName();
    using observer = WaitableTimer.create({ name });
    for (let round = 0; round < 150; round++) {
      const timer = WaitableTimer.open(name);
      timer.set(0.1, { period: 0.5 + Math.random() / 3 });
      spin(Math.random() * 2);
      end(timer);
      // One that came before.
      await waitFor(observer, { timeout: 0 });
      spin(2);
      expect(helper.isSignaled(observer.handle)).toBe(false);
      timer.close();
      observer.cancel();
      await waitFor(observer, { timeout: 0 });
    }
  });
});

test("many waits share one listener of 'exit'", async () => {
  const before = process.listenerCount('exit');
  const waits = Array.from({ length: 50 }, () => waitFor(never, { timeout: 1 }));
  await Promise.all(waits);
  await Promise.all(Array.from({ length: 50 }, () => waitForAny([never], { timeout: 1 })));
  expect(process.listenerCount('exit') - before).toBeLessThanOrEqual(1);
});
