// Waits for several handles: which one wins, and what happens to the signals of the others.

import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  Semaphore,
  type SignaledTarget,
  shutdown,
  WaitableEvent,
  WaitableTimer,
  type WaitHandle,
  type WaitTarget,
  WorkQueue,
  waitFor,
  waitForAll,
  waitForAny,
} from 'rtworkq';
import { runCode } from '../../support/child';
import { endedBy, expectRejections, failureOf } from '../../support/errors';
import { leastGrowth } from '../../support/handles';
import { loadHelper } from '../../support/helper';
import { uniqueName } from '../../support/name';
import { FOREVER, LIMIT, settled, sleep } from '../../support/time';

afterEach(() => shutdown());

/** Whether a handle is signaled. Consumes the signal. */
const isSignaled = async (target: WaitTarget): Promise<boolean> => (await waitFor(target, { timeout: 0 })) === 'signaled';

const signals = async (targets: readonly WaitTarget[]): Promise<boolean[]> => {
  const seen: boolean[] = [];
  for (const target of targets) seen.push(await isSignaled(target));
  return seen;
};

const events = (count: number): WaitableEvent[] => Array.from({ length: count }, () => WaitableEvent.create());

function closeAll(handles: readonly WaitHandle[]): void {
  for (const handle of handles) handle.close();
}

describe('waitForAny', () => {
  test('consumes only the first of several signaled handles', async () => {
    const all = events(4);
    for (const index of [1, 2, 3]) all[index]!.set();
    const before = performance.now();
    const { index, firedAt } = await waitForAny(all);
    expect(index).toBe(1);
    expect(firedAt).toBeGreaterThanOrEqual(before);
    expect(firedAt).toBeLessThanOrEqual(performance.now());
    expect(await signals(all)).toEqual([false, false, true, true]);
    closeAll(all);
  });

  test.each([0, 1, 2])('resolves with the index of the handle that is signaled: %d', async (chosen) => {
    using event = WaitableEvent.create();
    using semaphore = Semaphore.create();
    using timer = WaitableTimer.create();
    const wait = waitForAny([event, semaphore, timer]);
    expect(await settled(wait)).toBe(false);
    [() => event.set(), () => semaphore.release(), () => timer.set(1)][chosen]!();
    await expect(wait).resolves.toMatchObject({ index: chosen });
    expect(await signals([event, semaphore, timer])).toEqual([false, false, false]);
  });

  test('leaves a signal that arrives after the first one where it is', async () => {
    const [first, second] = [WaitableEvent.create(), Semaphore.create({ maximum: 1 })];
    for (let round = 0; round < 100; round++) {
      const wait = waitForAny([first, second]);
      first.set();
      second.release();
      const { index } = await wait;
      expect(await signals([first, second])).toEqual([index !== 0, index !== 1]);
    }
    closeAll([first, second]);
  });

  test('gives back a signal that another group of 62 handles has taken', async () => {
    const all = events(130);
    for (let round = 0; round < 50; round++) {
      const wait = waitForAny(all);
      for (const event of all) event.set();
      const { index } = await wait;
      // The other groups answer at once, but after the promise.
      await waitForAll(all.filter((_, each) => each !== index));
      expect(await isSignaled(all[index]!)).toBe(false);
    }
    closeAll(all);
  });

  test('consumes no signal after it has resolved', async () => {
    const all = events(3);
    const wait = waitForAny(all);
    all[2]!.set();
    await expect(wait).resolves.toMatchObject({ index: 2 });
    for (const event of all) event.set();
    expect(await signals(all)).toEqual([true, true, true]);
    closeAll(all);
  });

  test('waits for more than 64 handles', async () => {
    const all = events(200);
    const wait = waitForAny(all);
    all[150]!.set();
    await expect(wait).resolves.toMatchObject({ index: 150 });
    all[199]!.set();
    await expect(waitForAny(all, { timeout: LIMIT })).resolves.toMatchObject({ index: 199 });
    closeAll(all);
  });

  test('accepts the same handle twice, and raw HANDLEs', async () => {
    using event = WaitableEvent.create();
    const wait = waitForAny([event, event.handle, event]);
    event.set();
    const { index } = await wait;
    expect([0, 1, 2]).toContain(index);
    expect(await isSignaled(event)).toBe(false);
  });

  test('times out without consuming a signal', async () => {
    const all = events(3);
    expect(await waitForAny(all, { timeout: 0 })).toBe('timeout');
    const from = performance.now();
    expect(await waitForAny(all, { timeout: 20 })).toBe('timeout');
    expect(performance.now() - from).toBeGreaterThanOrEqual(19);
    for (const event of all) event.set();
    expect(await signals(all)).toEqual([true, true, true]);
    all[1]!.set();
    await expect(waitForAny(all, { timeout: 0 })).resolves.toMatchObject({ index: 1 });
    closeAll(all);
  });

  test('that lost a Promise.race() consumes no signal after shutdown()', async () => {
    const all = events(2);
    const waits = [waitForAny(all), waitForAny(all, { timeout: 1 })];
    expect(await Promise.race(waits)).toBe('timeout');
    const down = shutdown();
    await expect(waits[0]).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await down;
    all[0]!.set();
    await sleep(20);
    expect(await isSignaled(all[0]!)).toBe(true);
    closeAll(all);
  });
});

describe('waitForAll', () => {
  test('resolves when every handle has been signaled, in any order', async () => {
    const all = events(4);
    const wait = waitForAll(all);
    for (const index of [3, 0, 2]) {
      all[index]!.set();
      await sleep(5);
      expect(await settled(wait)).toBe(false);
    }
    all[1]!.set();
    expect(await wait).toBe('signaled');
    expect(await signals(all)).toEqual([false, false, false, false]);
    closeAll(all);
  });

  test('resolves if all handles are already signaled', async () => {
    using semaphore = Semaphore.create({ initial: 2 });
    using event = WaitableEvent.create({ manualReset: true, signaled: true });
    expect(await waitForAll([semaphore, event])).toBe('signaled');
    expect(await waitForAll([semaphore, event], { timeout: 0 })).toBe('signaled');
    expect(semaphore.release()).toBe(0);
  });

  test('refuses an object that is listed twice, also by another HANDLE', async () => {
    const name = uniqueName();
    using event = WaitableEvent.create({ name, signaled: true });
    using other = WaitableEvent.open(name);
    using semaphore = Semaphore.create({ initial: 1 });
    for (const twice of [event, event.handle, other, other.handle]) {
      const error = await failureOf(() => waitForAll([event, semaphore, twice]));
      expect(error).toMatchObject({ code: 'E_INVALIDARG', syscall: 'WaitForMultipleObjects' });
      expect(error.message).toContain('twice');
    }
    expect(await signals([event, semaphore])).toEqual([true, true]);
  });

  test.each([0, 20])('takes nothing if it times out after %d ms', async (timeout) => {
    using semaphore = Semaphore.create({ initial: 2, maximum: 2 });
    using event = WaitableEvent.create({ signaled: true });
    using missing = WaitableEvent.create();
    const wait = waitForAll([semaphore, event, missing], { timeout });
    expect(loadHelper().isSignaled(event.handle)).toBe(true);
    expect(await wait).toBe('timeout');
    expect(() => semaphore.release()).toThrow(expect.objectContaining({ code: 'ERROR_TOO_MANY_POSTS' }));
    expect(await signals([event, missing])).toEqual([true, false]);
  });

  test('of more than 64 handles gives back what it has taken when it times out', async () => {
    const all = events(100);
    using semaphore = Semaphore.create({ initial: 2, maximum: 2 });
    for (const event of all.slice(1)) event.set();
    expect(await waitForAll([...all, semaphore, semaphore], { timeout: 20 })).toBe('timeout');
    expect(await waitForAll([...all, semaphore, semaphore], { timeout: 0 })).toBe('timeout');
    expect(() => semaphore.release()).toThrow(expect.objectContaining({ code: 'ERROR_TOO_MANY_POSTS' }));
    expect(await signals(all)).toEqual(all.map((_, index) => index > 0));
    closeAll(all);
  });

  test('takes nothing if it is aborted', async () => {
    const [first, second, missing] = [WaitableEvent.create(), Semaphore.create({ maximum: 1 }), WaitableEvent.create()];
    const controller = new AbortController();
    const wait = waitForAll([first, second, missing], { signal: controller.signal });
    first.set();
    second.release();
    controller.abort('enough');
    await expect(wait).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'enough' });
    expect(await signals([first, second, missing])).toEqual([true, true, false]);
    closeAll([first, second, missing]);
  });

  test('two that overlap do not deadlock', async () => {
    const [one, two] = [Semaphore.create({ initial: 1, maximum: 1 }), Semaphore.create({ initial: 1, maximum: 1 })];
    let held = 0;
    await Promise.all(
      [one, two].map(async (first) => {
        for (let round = 0; round < 200; round++) {
          await waitForAll(first === one ? [one, two] : [two, one]);
          expect(++held).toBe(1);
          await new Promise(setImmediate);
          held--;
          one.release();
          two.release();
        }
      }),
    );
    closeAll([one, two]);
  });

  test('waits for more than 64 handles', async () => {
    const all = events(150);
    const wait = waitForAll(all, { timeout: LIMIT });
    for (const event of all) event.set();
    expect(await wait).toBe('signaled');
    closeAll(all);
  });
});

const waits: [name: string, wait: (targets: Iterable<WaitTarget>, options?: object) => Promise<SignaledTarget | string>][] = [
  ['waitForAny', waitForAny],
  ['waitForAll', waitForAll],
];

describe.each(waits)('%s', (_, wait) => {
  test('rejects if its AbortSignal aborts before or during the wait', async () => {
    const all = events(3);
    all[0]!.set();
    await expect(wait(all, { signal: AbortSignal.abort('before') })).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'before' });
    expect(await signals(all)).toEqual([true, false, false]);
    const controller = new AbortController();
    const { signal } = controller;
    const pending = [wait(all, { signal }), wait(all, { signal, timeout: LIMIT })];
    controller.abort('after');
    await expectRejections(pending, expect.objectContaining({ code: 'ABORT_ERR', cause: 'after' }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    closeAll(all);
  });

  test('rejects when one of its handles is closed, and on shutdown()', async () => {
    const all = events(3);
    const one = [wait(all), wait(all, { timeout: LIMIT })];
    all[1]!.close();
    await expectRejections(one, endedBy('E_HANDLE', 'CloseHandle'));
    const rest = [all[0]!, all[2]!];
    const three = [wait(rest), wait(rest, { timeout: LIMIT })];
    const down = shutdown();
    await expectRejections(three, endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await down;
    for (const event of rest) event.set();
    expect(await signals(rest)).toEqual([true, true]);
    closeAll(rest);
  });

  test('refuses a queue, and says what takes one', async () => {
    using event = WaitableEvent.create({ signaled: true });
    const error = await failureOf(() => wait([event], { queue: WorkQueue.standard }));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining('putWaitingWorkItem()') });
    expect(await isSignaled(event)).toBe(true);
  });

  test('reads any iterable, once, and closes it early if there are too many targets', async () => {
    const all = events(2);
    for (const event of all) event.set();
    expect(await wait(new Set(all), { timeout: LIMIT })).not.toBe('timeout');
    let [yielded, returned] = [0, 0];
    const endless = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: all[yielded++ % 2] as WaitTarget }),
        return: () => ({ done: true, value: ++returned }) as never,
      }),
    };
    expect(await failureOf(() => wait(endless))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    expect([yielded, returned]).toEqual([65_537, 1]);
    closeAll(all);
  });

  test('rejects invalid targets without taking a signal', async () => {
    using event = WaitableEvent.create({ signaled: true });
    using closed = WaitableEvent.create();
    closed.close();
    const helper = loadHelper();
    const mutex = helper.createMutex();
    const hole: WaitTarget[] = [event];
    hole.length = 3;
    const rows: [targets: unknown, code: string, message: RegExp][] = [
      [[], 'ERR_INVALID_ARG_VALUE', /'targets' must not be empty/],
      [undefined, 'ERR_INVALID_ARG_TYPE', /"targets" argument must be an iterable/],
      [event, 'ERR_INVALID_ARG_TYPE', /Received an instance of WaitableEvent/],
      [[event, 5], 'ERR_INVALID_ARG_TYPE', /"targets\[1\]"/],
      [hole, 'ERR_INVALID_ARG_TYPE', /"targets\[1\]"/],
      [new Array(2 ** 32 - 1), 'ERR_INVALID_ARG_TYPE', /"targets\[0\]"/],
      [[event, -1n], 'E_HANDLE', /no such handle/],
      [[event, 2n ** 64n], 'ERR_OUT_OF_RANGE', /"targets\[1\]"/],
      [[event, closed], 'E_HANDLE', /has been closed/],
      [[event, 0x7ffffff0n], 'E_HANDLE', /no such handle/],
      [[event, mutex], 'ERROR_NOT_SUPPORTED', /mutex/],
      [Proxy.revocable([], {}).proxy, 'ERR_INVALID_ARG_VALUE', /must not be empty/],
    ];
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    rows.push([proxy, 'ERR_INVALID_ARG_TYPE', /must be an iterable/]);
    for (const [targets, code, message] of rows) {
      const error = await failureOf(() => wait(targets as WaitTarget[], { timeout: 1_000 }));
      expect(error).toMatchObject({ code });
      expect(error.message).toMatch(message);
      expect(String(error.stack).split('\n')[1]).toContain('multiple-waits.test');
    }
    helper.closeHandle(mutex);
    expect(await isSignaled(event)).toBe(true);
  });

  test('reads the array once, and notices a handle that a getter closes meanwhile', async () => {
    const all = events(2);
    const reads: string[] = [];
    const hostile = new Proxy(all, {
      get(target, name, receiver) {
        reads.push(String(name));
        if (name === '1') all[0]!.close();
        return Reflect.get(target, name, receiver);
      },
    });
    expect(await failureOf(() => wait(hostile))).toMatchObject({ code: 'E_HANDLE' });
    expect(reads).toEqual(['Symbol(Symbol.iterator)', 'Symbol(Symbol.iterator)', 'length', '0', 'length', '1', 'length']);
    closeAll(all);
  });

  test('leaks no handle, however it ends', async () => {
    const all = events(20);
    const round = async (): Promise<void> => {
      for (let count = 0; count < 10; count++) {
        const timeouts = [wait(all, { timeout: 0 }), wait(all, { timeout: 1 })];
        await Promise.all(timeouts);
        const fired = wait(all);
        for (const event of all) event.set();
        await fired;
        await signals(all);
      }
      await shutdown();
    };
    expect(await leastGrowth(40, round)).toBeLessThan(40);
    closeAll(all);
  });

  test('with ref: false lets the process end', async () => {
    const ended = await runCode(
      `const events = [rtworkq.WaitableEvent.create(), rtworkq.WaitableEvent.create()];
      rtworkq.${wait.name}(events, { ref: false });
      rtworkq.${wait.name}(events, { ref: false, timeout: ${FOREVER} });`,
    );
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });
});

test('waits for several handles never share one signal, and lose none', async () => {
  const pool = Array.from({ length: 5 }, () => Semaphore.create());
  let released = 0;
  let taken = 0;
  const settling: Promise<unknown>[] = [];
  const chosen = (): Semaphore => pool[Math.floor(Math.random() * pool.length)]!;
  for (let round = 0; round < 400; round++) {
    const targets = new Set(Array.from({ length: 1 + Math.floor(Math.random() * 4) }, chosen));
    const all = round % 2 === 0;
    const controller = new AbortController();
    const options = { signal: controller.signal, ...(round % 3 === 0 ? { timeout: Math.random() * 5 } : {}) };
    const wait = all ? waitForAll(targets, options) : waitForAny(targets, options);
    settling.push(
      wait.then(
        (outcome) => {
          if (outcome !== 'timeout') taken += all ? targets.size : 1;
        },
        () => {},
      ),
    );
    for (let count = 0; count < 3; count++) {
      chosen().release();
      released++;
    }
    if (round % 4 === 0) await new Promise(setImmediate);
    if (round % 5 === 0) controller.abort();
  }
  // Ends the remaining waits.
  await shutdown();
  await Promise.all(settling);
  let left = 0;
  for (const semaphore of pool) left += semaphore.release();
  expect(taken + left).toBe(released);
  expect(taken).toBeGreaterThan(0);
  closeAll(pool);
});
