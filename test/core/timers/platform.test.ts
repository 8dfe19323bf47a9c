// Timers and the platform: they survive its shutdown, and timers that were cleared do not keep it up.

import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { lockPlatform, putWorkItem, scheduleWorkItem, shutdown, startup } from 'rtworkq';
import { setInterval as callEvery, setTimeout as callLater, clearInterval, clearTimeout, type Timeout } from 'rtworkq/timers';
import { type IntervalTick, setInterval, setTimeout, sleepUntil } from 'rtworkq/timers/promises';
import { settled, sleep, spin } from '../../support/time';

const EXACT = 1e-6;
const now = (): number => performance.now();

afterEach(() => shutdown());

describe('shutdown()', () => {
  test('leaves pending timers running, and they are not early', async () => {
    const from = now();
    const called = new Promise((resolve) => callLater(resolve, 15, 'called'));
    const all = [setTimeout(10, 'promise'), called, sleepUntil(from + 20).then(() => 'deadline')];
    await shutdown();
    await shutdown();
    expect(await Promise.all(all)).toEqual(['promise', 'called', 'deadline']);
    expect(now() - from).toBeGreaterThanOrEqual(20);
  });

  test('among 500 timers makes none of them early', async () => {
    const early = await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        const delay = Math.random() * 60;
        const from = now();
        const promise = setTimeout(delay);
        if (index % 50 === 0) await shutdown();
        await promise;
        return delay - (now() - from);
      }),
    );
    expect(Math.max(...early)).toBeLessThan(EXACT);
  });

  test('does not wait for timers', async () => {
    const far = callLater(() => {}, 600_000);
    await shutdown();
    clearTimeout(far);
  });

  test.each([undefined, 'burst', 'skip', 'delay'] as const)('keeps the ticks of an interval in step: missed %p', async (missed) => {
    const ticks = setInterval(5, undefined, { missed, details: true });
    let last: IntervalTick | undefined;
    for (let count = 0; count < 20; count++) {
      if (count % 5 === 2) await shutdown();
      const tick = (await ticks.next()).value as IntervalTick;
      expect(tick.firedAt - tick.dueAt).toBeGreaterThan(-EXACT);
      if (last && missed !== 'delay') expect(Math.abs(tick.dueAt - last.dueAt - 5 * (1 + tick.missed))).toBeLessThan(EXACT);
      last = tick;
    }
    await ticks.return();
  });

  test('in a callback does not lose the timers that are due with it', async () => {
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      callLater(() => seen.push('first'), 1);
      callLater(() => {
        seen.push('second');
        shutdown();
        callLater(resolve, 1);
      }, 1);
      callLater(() => seen.push('third'), 1);
      const interval = callEvery(() => {
        seen.push('interval');
        shutdown();
        if (seen.length > 6) clearInterval(interval);
      }, 1);
      spin(5);
    });
    expect(seen.slice(0, 4)).toEqual(['first', 'second', 'third', 'interval']);
    while (seen.length < 7) await setTimeout(1);
  });

  test('between the alarm and the callbacks does not lose the timers', async () => {
    for (let round = 0; round < 30; round++) {
      const item = scheduleWorkItem(1);
      const timers = [setTimeout(1, 1), setTimeout(2, 2), setTimeout(1.5, 3)];
      spin(3);
      // The alarm has rung meanwhile and is on its way.
      const down = item.then(
        () => shutdown(),
        () => {},
      );
      const other = shutdown();
      expect(await Promise.all(timers)).toEqual([1, 2, 3]);
      await Promise.all([down, other]);
    }
  });

  test('closes work items, but no timers', async () => {
    const item = scheduleWorkItem(600_000);
    const timer = setTimeout(5, 'timer');
    const down = shutdown();
    await expect(item).rejects.toMatchObject({ code: 'ABORT_ERR' });
    await down;
    expect(await timer).toBe('timer');
  });

  test('does not change whether a timer has a reference', async () => {
    const timeout = callLater(() => {}, 600_000).unref();
    await shutdown();
    expect(timeout.hasRef()).toBe(false);
    timeout.ref();
    expect(timeout.hasRef()).toBe(true);
    timeout.close();
  });
});

describe('a platform lease', () => {
  test('that ends leaves a pending timer running, which is not early', async () => {
    const lease = startup();
    const from = now();
    const timer = setTimeout(10);
    lease.release();
    await timer;
    expect(now() - from).toBeGreaterThanOrEqual(10);
  });

  // A cleared timer may still be in the heap. That must not make a pending one be forgotten.
  test.each([
    ['a later timer', 5, 20],
    ['an earlier timer', 20, 5],
  ])('that ends does not lose %s that was started after one that was cleared', async (_, cleared, delay) => {
    for (const hold of [startup, lockPlatform]) {
      await shutdown();
      const lease = hold();
      callLater(() => {}, cleared).close();
      const timer = setTimeout(delay, 'timer');
      lease.release();
      expect(await timer).toBe('timer');
      callLater(() => {}, cleared).close();
      expect(await setTimeout(delay, 'again')).toBe('again');
    }
  });

  test('that ends in a callback or before the first tick does not stop an interval', async () => {
    let lease = startup();
    const seen: number[] = [];
    await new Promise<void>((resolve) => {
      const interval = callEvery(() => {
        lease.release();
        if (seen.push(now()) % 2) lease = startup();
        if (seen.length < 10) return;
        clearInterval(interval);
        resolve();
      }, 2);
      lease.release();
    });
    expect(seen).toHaveLength(10);
    lease.release();
  });

  test('that ends between the start and the end of timers does not lose them', async () => {
    for (let round = 0; round < 50; round++) {
      const lease = startup();
      const timeout = callLater(() => {}, 600_000);
      if (round % 2) lease.release();
      const timer = setTimeout(round % 3);
      timeout.close();
      lease.release();
      await timer;
    }
    await putWorkItem();
  });
});

/** Does everything that can be done with timers, at random, and notes how often each timer has to fire. */
describe('random operations', () => {
  test.each([1, 2, 3])('settle every timer exactly once: %d', async () => {
    interface State {
      name: string;
      calls: number;
      expected: number;
      cleared: boolean;
    }
    const states = new Map<object, State>();
    const live: Timeout[] = [];
    const refreshes = new Map<Timeout, () => void>();
    const pending: Promise<unknown>[] = [];
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)];
    const controllers: AbortController[] = [];
    const leases: Disposable[] = [];
    let early = 0;
    let over = false;

    const startCallback = (): void => {
      const delay = Math.random() * 20;
      const state: State = { name: 'callback', calls: 0, expected: 1, cleared: false };
      let startedAt = now();
      const timeout = callLater(() => {
        state.calls++;
        early = Math.max(early, delay - (now() - startedAt));
        if (!over && Math.random() < 0.05) act();
      }, delay);
      states.set(timeout, state);
      live.push(timeout);
      refreshes.set(timeout, () => {
        startedAt = now();
        timeout.refresh();
      });
      if (Math.random() < 0.2) timeout.unref().ref();
    };
    const startPromise = (): void => {
      const controller = new AbortController();
      const state: State = { name: 'promise', calls: 0, expected: 1, cleared: false };
      states.set(controller, state);
      controllers.push(controller);
      const delay = Math.random() * 20;
      const from = now();
      const settle = (): void => void state.calls++;
      const promise = setTimeout(delay, undefined, { signal: controller.signal }).then(() => {
        early = Math.max(early, delay - (now() - from));
        settle();
      }, settle);
      pending.push(promise.then(() => expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)));
    };
    const startInterval = (): void => {
      const controller = new AbortController();
      controllers.push(controller);
      const most = 1 + Math.floor(Math.random() * 5);
      const missed = pick([undefined, 'burst', 'skip', 'delay'] as const);
      pending.push(
        (async () => {
          let count = 0;
          for await (const tick of setInterval(Math.random() * 5, undefined, { signal: controller.signal, details: true, missed })) {
            early = Math.max(early, tick.dueAt - tick.firedAt);
            if (++count === most) break;
            if (Math.random() < 0.1) await setTimeout(Math.random() * 5);
          }
        })().catch(({ code }) => expect(code).toBe('ABORT_ERR')),
      );
    };
    const clear = (): void => {
      const timeout = pick(live);
      const state = timeout && states.get(timeout);
      if (!state) return;
      // Calls before the clear still count.
      Object.assign(state, { expected: state.calls, cleared: true });
      clearTimeout(timeout);
    };
    const refresh = (): void => {
      const timeout = pick(live);
      const state = timeout && states.get(timeout);
      if (!state) return;
      // A timer that has fired fires once more.
      if (!state.cleared && state.calls === state.expected) state.expected++;
      if (!state.cleared) refreshes.get(timeout)?.();
      else timeout.refresh();
    };
    const actions: [weight: number, act: () => unknown][] = [
      [30, startCallback],
      [20, startPromise],
      [5, startInterval],
      [15, clear],
      [5, refresh],
      [10, () => pick(controllers)?.abort()],
      [2, () => shutdown()],
      [3, () => leases.push(startup())],
      [3, () => leases.pop()?.[Symbol.dispose]()],
      [2, () => pending.push(putWorkItem().then(undefined, () => {}))],
      [5, () => spin(Math.random() * 2)],
    ];
    const bag = actions.flatMap(([weight, action]) => Array(weight).fill(action) as (() => unknown)[]);
    function act(): void {
      pick(bag)?.();
    }
    for (let round = 0; round < 60; round++) {
      for (let count = 0; count < 40; count++) act();
      await (round % 2 ? setTimeout(Math.random() * 5) : sleep(1));
    }
    // From now on no callback starts a timer that may still be pending at the end.
    over = true;
    for (const lease of leases) lease[Symbol.dispose]();
    await setTimeout(25);
    await Promise.all(pending);
    // Timers that were due before this one have fired.
    await setTimeout(25);
    const wrong = [...states.values()].filter(({ calls, expected }) => calls !== expected);
    expect(wrong).toEqual([]);
    expect(early).toBeLessThan(EXACT);
    expect(await settled(Promise.all(pending))).toBe(true);
  });
});
