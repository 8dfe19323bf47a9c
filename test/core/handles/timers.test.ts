// Waitable timers: fractional periods, dates, waking the machine.

import { afterEach, describe, expect, test } from '@jest/globals';
import { putWaitingWorkItem, shutdown, WaitableTimer, waitFor } from 'rtworkq';
import { underWine, untilCalm } from '../../support/answers';
import { leastGrowth } from '../../support/handles';
import { uniqueName } from '../../support/name';
import { LIMIT, sleep, spin } from '../../support/time';

afterEach(() => shutdown());

// Windows times these by a different clock than performance.now(): a timer that counts in ticks may be a tick early.
const tolerance = ({ highResolution }: WaitableTimer): number => (highResolution ? 1 : 16);

/** Waits for `count` signals of a timer, one after the other. Resolves with their times. */
async function take(timer: WaitableTimer, count: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) times.push((await putWaitingWorkItem(timer)).firedAt);
  return times;
}

// Windows keeps the period of 20 ms if it can. rtworkq keeps the others.
describe.each([20, 7.5, 3.3333])('a period of %d ms', (period) => {
  test('is never early', async () => {
    using timer = WaitableTimer.create();
    const from = performance.now();
    timer.set(5, { period });
    const times = await take(timer, 10);
    // A missed signal delays all later ones.
    for (const [index, time] of times.entries()) expect(time - from).toBeGreaterThanOrEqual(5 + index * period - tolerance(timer));
  });

  test('does not drift', async () => {
    // On a busy machine signals are missed and late. Under Wine each is at least 0.2 ms late, so periods that were counted from
    // one signal to the next would never be on time.
    const length = 40;
    await untilCalm(`40 periods of ${period} ms without drift`, async () => {
      using timer = WaitableTimer.create();
      const due = performance.now() + 5;
      timer.set(5, { period });
      const times = await take(timer, length);
      const expected = due + (length - 1) * period;
      expect(times.at(-1)).toBeGreaterThanOrEqual(expected - tolerance(timer));
      return (times.at(-1) as number) < expected + Math.min(3, period / 2);
    });
  });

  test('ends when the timer is cancelled, set again or closed', async () => {
    const timer = WaitableTimer.create();
    timer.set(1, { period });
    await take(timer, 2);
    timer.cancel();
    // A signal may have arrived in between.
    await waitFor(timer, { timeout: 0 });
    expect(await waitFor(timer, { timeout: period * 4 })).toBe('timeout');
    timer.set(1, { period });
    await take(timer, 2);
    timer.set(60_000);
    // Wine keeps a signal that arrived earlier.
    await waitFor(timer, { timeout: 0 });
    expect(await waitFor(timer, { timeout: period * 4 })).toBe('timeout');
    timer.set(1, { period });
    timer.close();
    timer.close();
  });

  test('keeps a signal until a wait consumes it', async () => {
    using timer = WaitableTimer.create();
    await untilCalm(`a signal within five periods of ${period} ms`, async () => {
      timer.set(1, { period });
      spin(period * 5);
      return (await waitFor(timer, { timeout: 0 })) === 'signaled';
    });
  });

  test('reaches other handles to the same timer', async () => {
    const name = uniqueName();
    using timer = WaitableTimer.create({ name });
    using other = WaitableTimer.open(name);
    timer.set(1, { period });
    await take(other, 3);
  });

  test('counts missed signals', async () => {
    using timer = WaitableTimer.create();
    timer.set(5, { period });
    let total = 0;
    let first = 0;
    for await (const { firedAt, missed } of timer) {
      if (first === 0) {
        first = firedAt;
        expect(missed).toBe(0);
      } else {
        total += 1 + (missed as number);
      }
      // As many as the elapsed periods, give or take early and late ones.
      const passed = (firedAt - first) / period;
      expect(total).toBeGreaterThan(passed - 2 - tolerance(timer) / period);
      expect(total).toBeLessThan(passed + 2 + tolerance(timer) / period);
      if (total > 20) break;
      spin(Math.random() * period * 4);
    }
  });
});

describe('fractional periods', () => {
  test('run on 30 timers at once and leak no handle', async () => {
    const round = async (): Promise<void> => {
      const timers = Array.from({ length: 30 }, () => WaitableTimer.create());
      for (const [index, timer] of timers.entries()) timer.set(1, { period: 5.5 + index / 10 });
      await Promise.all(timers.map((timer) => take(timer, 5)));
      for (const timer of timers) timer.close();
      await shutdown();
    };
    expect(await leastGrowth(10, round)).toBeLessThan(10);
  });

  test('can be set and cancelled at any moment', async () => {
    using timer = WaitableTimer.create();
    for (let round = 0; round < 300; round++) {
      timer.set(Math.random(), { period: 0.5 + Math.random() });
      if (round % 3 === 0) spin(Math.random() * 2);
      if (round % 2 === 0) timer.cancel();
      if (round % 10 === 0) await sleep(1);
    }
  });
});

describe('a timer set to a Date', () => {
  test('fires at that time', async () => {
    using timer = WaitableTimer.create();
    for (let round = 0; round < 5; round++) {
      const due = new Date(Date.now() + 30);
      timer.set(due);
      await take(timer, 1);
      // Measured by the system clock, which counts in ticks.
      expect(Date.now()).toBeGreaterThanOrEqual(due.getTime() - 16);
    }
  });

  test.each([new Date(0), new Date(-8.64e15), new Date(Date.now() - 1)])('in the past fires at once: %s', async (due) => {
    using timer = WaitableTimer.create();
    timer.set(due);
    expect(await waitFor(timer, { timeout: LIMIT })).toBe('signaled');
  });

  test('in the far future does not fire', async () => {
    using timer = WaitableTimer.create();
    timer.set(new Date('9999-12-31'));
    expect(await waitFor(timer, { timeout: 20 })).toBe('timeout');
  });

  test.each([20, 7.5])('repeats with a period of %d ms', async (period) => {
    using timer = WaitableTimer.create();
    const setAt = performance.now();
    timer.set(new Date(Date.now() + 10), { period });
    const times = await take(timer, 6);
    // Any signal may be late. A Date has whole milliseconds, and the system clock counts in ticks.
    expect((times.at(-1) as number) - setAt).toBeGreaterThan(9 + 5 * period - (underWine ? tolerance(timer) : 16));
  });

  test('ignores an overridden getTime()', async () => {
    using timer = WaitableTimer.create();
    class Lying extends Date {
      override getTime(): number {
        throw new Error('asked');
      }
    }
    timer.set(new Lying(0));
    expect(await waitFor(timer, { timeout: LIMIT })).toBe('signaled');
  });
});

describe('resumes', () => {
  test('reports whether the timer wakes the machine', async () => {
    // Windows may be unable to wake the machine by a high-resolution timer.
    using timer = WaitableTimer.create({ highResolution: false });
    expect(timer.resumes).toBe(false);
    timer.set(1, { resume: true });
    // This depends on the machine; Wine reports that it can.
    expect(typeof timer.resumes).toBe('boolean');
    expect(await waitFor(timer, { timeout: LIMIT })).toBe('signaled');
    timer.set(1, { resume: true, period: 5.5 });
    await take(timer, 3);
    timer.set(1);
    expect(timer.resumes).toBe(false);
  });
});

test('several waits for one auto-reset timer get a signal each', async () => {
  using timer = WaitableTimer.create();
  const setAt = performance.now();
  timer.set(1, { period: 5.5 });
  const seen = await Promise.all(Array.from({ length: 4 }, () => take(timer, 3)));
  const all = seen.flat().sort((one, other) => one - other);
  expect(all).toHaveLength(12);
  // Each wait gets a signal of its own, so the last one cannot come before the twelfth period. Any may be late.
  expect((all.at(-1) as number) - setAt).toBeGreaterThan(1 + 11 * 5.5 - tolerance(timer));
});
