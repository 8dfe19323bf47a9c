// The clock that stands still except in advance() and runAll().

import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import {
  addPeriodicCallback,
  pendingOperations,
  periodicBeat,
  putWorkItem,
  requestTimerResolution,
  scheduleWorkItem,
  shutdown,
  WaitableEvent,
  WaitableTimer,
  WorkQueue,
  waitFor,
} from 'rtworkq';
import { simulate } from 'rtworkq/testing';
import * as timers from 'rtworkq/timers';
import * as promises from 'rtworkq/timers/promises';
import { begin, errorOf } from '../../support/simulation';

describe('advance()', () => {
  test('starts at 0 and moves exactly', async () => {
    const sim = begin();
    expect(sim.now).toBe(0);
    await sim.advance(2.5);
    await sim.advance(0);
    expect(sim.now).toBe(2.5);
  });

  test('fires what is due up to and including that time, and nothing later', async () => {
    const sim = begin();
    const fired: number[] = [];
    for (const delay of [30, 10, 20, 10.5]) timers.setTimeout(() => fired.push(delay), delay);
    await sim.advance(9.9);
    expect(fired).toEqual([]);
    await sim.advance(0.1);
    expect(fired).toEqual([10]);
    await sim.advance(10);
    expect(fired).toEqual([10, 10.5, 20]);
    await sim.advance(10);
    expect(fired).toEqual([10, 10.5, 20, 30]);
  });

  test('fires what was started in between, each at its own time', async () => {
    const sim = begin();
    const fired: [string, number][] = [];
    timers.setTimeout(() => {
      fired.push(['outer', sim.now]);
      timers.setTimeout(() => fired.push(['inner', sim.now]), 5);
    }, 10);
    const loop = (async () => {
      for (let count = 0; count < 3; count++) {
        await scheduleWorkItem(4);
        fired.push(['item', sim.now]);
      }
    })();
    await sim.advance(15);
    expect(fired).toEqual([
      ['item', 4],
      ['item', 8],
      ['outer', 10],
      ['item', 12],
      ['inner', 15],
    ]);
    await loop;
  });

  test('lets code go on between two events, across turns of the event loop', async () => {
    const sim = begin();
    const seen: number[] = [];
    const loop = (async () => {
      for (let count = 0; count < 3; count++) {
        await promises.setTimeout(1);
        await nextTurn();
        process.nextTick(() => seen.push(sim.now));
      }
    })();
    await sim.advance(3);
    await loop;
    expect(seen).toEqual([1, 2, 3]);
  });

  test('calls that overlap follow each other', async () => {
    const sim = begin();
    const both = Promise.all([sim.advance(10), sim.advance(5)]);
    expect(sim.now).toBe(0);
    await both;
    expect(sim.now).toBe(15);
  });

  test('an interval ticks once a period', async () => {
    const sim = begin();
    let count = 0;
    timers.setInterval(() => count++, 1000 / 60);
    await sim.advance(1000);
    expect(count).toBe(60);
  });

  test('moves the clock of Date too, for what is due at a date', async () => {
    const sim = begin();
    using timer = WaitableTimer.create();
    timer.set(new Date(Date.now() + 60_000));
    const waiting = waitFor(timer);
    await sim.advance(59_000);
    expect(pendingOperations()).toHaveLength(1);
    await sim.advance(60_000);
    expect(await waiting).toBe('signaled');
  });

  test.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY], ['1']])('rejects %p', async (milliseconds) => {
    const sim = begin();
    expect((await errorOf(() => sim.advance(milliseconds as number))).code).toMatch(/^ERR_(OUT_OF_RANGE|INVALID_ARG_TYPE)$/);
  });
});

describe('without advance()', () => {
  test('what takes no time happens', async () => {
    const sim = begin();
    expect(await putWorkItem()).toEqual({ status: 0, firedAt: 0 });
    using event = WaitableEvent.create();
    const waiting = waitFor(event);
    event.set();
    expect(await waiting).toBe('signaled');
    expect(await scheduleWorkItem(0)).toEqual({ status: 0, firedAt: 0 });
    expect(sim.now).toBe(0);
  });

  test('what takes time does not', async () => {
    begin();
    let isDue = false;
    timers.setTimeout(() => {
      isDue = true;
    }, 1);
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    expect(isDue).toBe(false);
  });
});

describe('runAll()', () => {
  test('moves to the last event, and what it starts', async () => {
    const sim = begin();
    let last = 0;
    timers.setTimeout(() => timers.setTimeout(() => timers.setTimeout(() => (last = sim.now), 600_000), 1), 10);
    await sim.runAll();
    expect([last, sim.now]).toEqual([600_011, 600_011]);
  });

  test('gives up on what has no end, and leaves it as it is', async () => {
    const sim = begin();
    let count = 0;
    timers.setInterval(() => count++, 1);
    const error = await errorOf(() => sim.runAll({ limit: 5 }));
    expect([error.code, count]).toEqual(['ERR_OPERATION_FAILED', 5]);
    await sim.advance(1);
    expect(count).toBe(6);
  });

  test('resolves at once if nothing is left', async () => {
    const sim = begin();
    await sim.runAll();
    expect(sim.now).toBe(0);
  });
});

describe('ticks', () => {
  test('work items and periodic callbacks come at ticks, precise timers do not', async () => {
    const sim = begin({ tick: 15.625 });
    const times: Record<string, number> = {};
    using beat = addPeriodicCallback(({ firedAt }) => (times['beat'] ??= firedAt));
    scheduleWorkItem(1).then(({ firedAt }) => (times['item'] = firedAt));
    timers.setTimeout(() => (times['timer'] = sim.now), 1);
    using coarse = WaitableTimer.create({ highResolution: false });
    coarse.set(20);
    waitFor(coarse).then(() => (times['coarse'] = sim.now));
    await sim.advance(50);
    expect(times).toEqual({ beat: 15.625, item: 15.625, timer: 1, coarse: 31.25 });
    beat.remove();
  });

  test('a request for a finer tick makes it finer, until it is released', async () => {
    const sim = begin({ tick: 15.625 });
    {
      using _ = requestTimerResolution(1);
      const item = scheduleWorkItem(2.5);
      await sim.advance(3);
      expect((await item).firedAt).toBe(3);
    }
    const item = scheduleWorkItem(1);
    await sim.advance(100);
    expect((await item).firedAt).toBe(15.625);
  });
});

describe('periodic beats', () => {
  test('come every 10 ms', async () => {
    const sim = begin();
    const beats: number[] = [];
    const loop = (async () => {
      for await (const { firedAt } of periodicBeat()) if (beats.push(firedAt) === 3) return;
    })();
    await sim.advance(30);
    await loop;
    expect(beats).toEqual([10, 20, 30]);
  });
});

describe('work on queues', () => {
  test('keeps a serial queue busy, and not another one', async () => {
    const sim = begin();
    const queue = WorkQueue.allocate('standard');
    const work = sim.work((status) => status + 1, { duration: 20 });
    const first = queue.put({ work });
    const second = queue.put();
    const other = WorkQueue.multithreaded.put();
    expect((await other).firedAt).toBe(0);
    await sim.advance(20);
    expect([await first, await second]).toEqual([
      { status: 1, firedAt: 0 },
      { status: 0, firedAt: 20 },
    ]);
    await queue.close();
  });

  test('runs by priority among what waits on the queue', async () => {
    const sim = begin();
    const order: number[] = [];
    const work = (mark: number) => sim.work(() => order.push(mark) * 0);
    await Promise.all([-1, 0, 1, 0].map((priority, index) => WorkQueue.standard.put({ priority, work: work(index) })));
    expect(order).toEqual([2, 1, 3, 0]);
  });

  test('a shutdown waits for it, and not for longer than its timeout', async () => {
    const sim = begin();
    const item = WorkQueue.standard.put({ work: sim.work(undefined, { duration: 1_000 }) });
    await sim.advance(0);
    const late = errorOf(() => shutdown({ timeout: 100 }));
    await sim.advance(100);
    expect((await late).code).toBe('ERR_OPERATION_TIMEOUT');
    const down = shutdown();
    await sim.advance(900);
    await down;
    expect((await item).firedAt).toBe(0);
  });
});

test('a simulation can follow another one, and starts at 0 again', async () => {
  for (let round = 0; round < 3; round++) {
    using sim = simulate();
    const item = scheduleWorkItem(7);
    await sim.advance(7);
    expect((await item).firedAt).toBe(7);
  }
});
