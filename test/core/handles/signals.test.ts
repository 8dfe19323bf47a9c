// signals() of every kind of handle, and of semaphores and timers. More about events is in handles.test.ts.

import { afterEach, describe, expect, test } from '@jest/globals';
import { type Occurrences, Semaphore, shutdown, WaitableEvent, WaitableTimer, WorkQueue, waitFor } from 'rtworkq';
import { untilCalm } from '../../support/answers';
import { endedBy } from '../../support/errors';
import { uniqueName } from '../../support/name';
import { LIMIT, spin } from '../../support/time';
import { spinUntilTaken } from '../../support/waits';

afterEach(() => shutdown());

interface Repeating extends Disposable {
  close(): void;
  signals(options?: object): Occurrences;
  [Symbol.asyncIterator](): Occurrences;
}

const kinds: [name: string, open: () => { object: Repeating; signal(): void }][] = [
  [
    'WaitableEvent',
    () => {
      const object = WaitableEvent.create();
      return { object, signal: () => object.set() };
    },
  ],
  [
    'Semaphore',
    () => {
      const object = Semaphore.create();
      return { object, signal: () => object.release() };
    },
  ],
  [
    'WaitableTimer',
    () => {
      const object = WaitableTimer.create();
      return { object, signal: () => object.set(0) };
    },
  ],
];

describe.each(kinds)('%s', (name, open) => {
  test('yields each signal in a `for await` loop', async () => {
    const { object, signal } = open();
    let count = 0;
    signal();
    for await (const { firedAt, missed } of object) {
      expect(firedAt).toBeLessThanOrEqual(performance.now());
      expect(missed).toBe(name === 'WaitableEvent' ? undefined : 0);
      if (++count === 5) break;
      signal();
    }
    object.close();
  });

  test('ends signals() when it is closed, and rejects on abort and shutdown()', async () => {
    const { object } = open();
    const controller = new AbortController();
    const aborted = object.signals({ signal: controller.signal }).next();
    const shut = object.signals().next();
    controller.abort('so');
    await expect(aborted).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'so' });
    const down = shutdown();
    await expect(shut).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await down;
    const iterator = object.signals();
    const next = iterator.next();
    object.close();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(await object.signals().next()).toEqual({ done: true, value: undefined });
  });

  test('consumes no signal after its iterator has been disposed', async () => {
    const { object, signal } = open();
    const iterator = object.signals();
    const next = iterator.next();
    await iterator[Symbol.asyncDispose]();
    expect(await next).toEqual({ done: true, value: undefined });
    signal();
    expect(await waitFor(object as WaitableEvent, { timeout: LIMIT })).toBe('signaled');
    object.close();
  });

  test('ends signals() if addEventListener() of the AbortSignal calls return()', async () => {
    const { object } = open();
    let iterator: Occurrences | undefined;
    const signal = {
      aborted: false,
      addEventListener() {
        iterator?.return?.();
      },
      removeEventListener() {},
    };
    iterator = object.signals({ signal });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    object.close();
  });

  test('throws at the call of signals() for unknown and invalid options', () => {
    const { object } = open();
    expect(() => object.signals({ timeout: 5 })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
    expect(() => object.signals({ ref: 1 })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
    const refusal = { code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining('putWaitingWorkItem()') };
    expect(() => object.signals({ queue: WorkQueue.standard })).toThrow(expect.objectContaining(refusal));
    object.close();
  });
});

describe('a signal that was taken', () => {
  test('goes to the pending next() even if return() is called first', async () => {
    using semaphore = Semaphore.create();
    const iterator = semaphore.signals();
    const next = iterator.next();
    semaphore.release();
    spinUntilTaken(semaphore);
    await iterator.return?.();
    expect(await next).toMatchObject({ done: false });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});

describe('a signals() loop that is running its body', () => {
  test('rejects at its next turn after shutdown()', async () => {
    using event = WaitableEvent.create({ signaled: true });
    const iterator = event.signals();
    await iterator.next();
    await shutdown();
    event.set();
    await expect(iterator.next()).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    // A loop that begins now is not affected.
    expect(await event.signals().next()).toMatchObject({ done: false });
  });

  test('ends at its next turn after its handle was closed', async () => {
    const event = WaitableEvent.create({ signaled: true });
    const iterator = event.signals();
    await iterator.next();
    event.close();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});

test('signals() rejects on abort even if the handle is closed right after it', async () => {
  const event = WaitableEvent.create();
  const controller = new AbortController();
  const next = event.signals({ signal: controller.signal }).next();
  controller.abort('so');
  event.close();
  await expect(next).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'so' });
});

test('signals() throws at the call for an object of another class', () => {
  using event = WaitableEvent.create({ manualReset: true });
  using timer = WaitableTimer.create();
  const wrong = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
  for (const [kind, object] of [
    [WaitableTimer, event],
    [Semaphore, event],
    [WaitableEvent, timer],
    [WaitableEvent, {}],
    [WaitableEvent, WaitableEvent.prototype],
  ] as const) {
    expect(() => Reflect.apply(kind.prototype.signals, object, [])).toThrow(wrong);
  }
});

test('a semaphore yields one signal per count', async () => {
  using semaphore = Semaphore.create({ initial: 3 });
  const seen: number[] = [];
  for await (const { firedAt } of semaphore)
    if (seen.push(firedAt) === 5) break;
    else if (seen.length === 3) semaphore.release(2);
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  expect(semaphore.release()).toBe(0);
});

describe('signals() of a timer', () => {
  test('throws for a manual-reset timer, unless it was opened by name', async () => {
    const name = uniqueName();
    using timer = WaitableTimer.create({ name, manualReset: true });
    expect(timer.manualReset).toBe(true);
    expect(() => timer.signals()).toThrow(expect.objectContaining({ code: 'ERR_INVALID_STATE' }));
    using opened = WaitableTimer.open(name);
    expect(opened.manualReset).toBeUndefined();
    timer.set(0);
    await expect(opened.signals().next()).resolves.toMatchObject({ done: false });
  });

  test('restarts the count of missed signals when the timer is set again, even during a wait', async () => {
    using timer = WaitableTimer.create();
    timer.set(0);
    const iterator = timer.signals();
    await iterator.next();
    timer.set(0);
    const next = iterator.next();
    spinUntilTaken(timer);
    timer.set(1_000, { period: LIMIT });
    expect(await next).toMatchObject({ value: { missed: 0 } });
    timer.set(5, { period: LIMIT });
    expect(await iterator.next()).toMatchObject({ value: { missed: 0 } });
    await iterator.return?.();
  });

  test('accounts for every period as delivered or missed', async () => {
    using timer = WaitableTimer.create();
    const period = 2;
    timer.set(5, { period });
    // Missed signals count from the first one that is taken, which may be late.
    let first: number | undefined;
    let count = 0;
    for await (const { firedAt, missed } of timer) {
      if (first !== undefined) count += 1 + (missed as number);
      first ??= firedAt;
      if (firedAt - first < 1_000) continue;
      expect(Math.abs(count - (firedAt - first) / period)).toBeLessThan(20);
      break;
    }
  });

  test('does not report late signals as missed', async () => {
    const period = 100;
    // On a busy machine a signal may be later than its own period.
    await untilCalm('five signals, each in its own period of 100 ms', async () => {
      using timer = WaitableTimer.create();
      // The first signal is due between these two times, which are far apart on a busy machine.
      const earliest = performance.now() + period;
      timer.set(period, { period });
      const latest = performance.now() + period;
      let count = 0;
      let total = 0;
      let calm = true;
      for await (const { firedAt, missed } of timer.signals()) {
        // The first may be a little early.
        calm &&= [earliest, latest].every((due) => Math.max(0, Math.floor((firedAt - due) / period)) === count);
        count++;
        total += missed as number;
        if (count >= 5) break;
        // Asks for each signal only when nine tenths of its period are over.
        spin(Math.max(0, earliest + (count + 0.9) * period - performance.now()));
      }
      if (calm) expect(total).toBe(0);
      return calm;
    });
  });

  test('leaves `missed` undefined if the timer was set through another handle', async () => {
    const name = uniqueName();
    using timer = WaitableTimer.create({ name });
    using opened = WaitableTimer.open(name);
    timer.set(0, { period: 5.5 });
    for await (const { missed } of opened) {
      expect(missed).toBeUndefined();
      break;
    }
  });
});
