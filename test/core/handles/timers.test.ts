// What a waitable timer is set to: periods with fractions, times of day, waking the machine.

import { afterEach, describe, expect, test } from '@jest/globals';
import { putWaitingWorkItem, shutdown, WaitableTimer, waitFor } from 'rtworkq';
import { underWine, untilCalm } from '../../support/answers';
import { leastGrowth } from '../../support/handles';
import { uniqueName } from '../../support/name';
import { LIMIT, sleep, spin } from '../../support/time';

afterEach(() => shutdown());

// Windows keeps a timer by another clock than performance.now(): one that goes by ticks may be a tick early.
const tolerance = ({ highResolution }: WaitableTimer): number => (highResolution ? 1 : 16);

/** Waits for so many times of a timer, one after the other; gives when they were. */
async function take(timer: WaitableTimer, count: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) times.push((await putWaitingWorkItem(timer)).firedAt);
  return times;
}

// 20 is Windows' to keep, where it can; the others are the package's.
describe.each([20, 7.5, 3.3333])('a period of %d ms', (period) => {
  test('is never early', async () => {
    using timer = WaitableTimer.create();
    const from = performance.now();
    timer.set(5, { period });
    const times = await take(timer, 10);
    // A time that was missed makes all that follow later.
    for (const [index, time] of times.entries()) expect(time - from).toBeGreaterThanOrEqual(5 + index * period - tolerance(timer));
  });

  test('does not drift', async () => {
    // On a busy machine times are missed and late. With each time as late as Wine has it, 0.2 ms and more, periods that are
    // counted from one time to the next would never be on time.
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

  test('ends when the timer is cancelled, set anew or closed', async () => {
    const timer = WaitableTimer.create();
    timer.set(1, { period });
    await take(timer, 2);
    timer.cancel();
    // One may have come in between.
    await waitFor(timer, { timeout: 0 });
    expect(await waitFor(timer, { timeout: period * 4 })).toBe('timeout');
    timer.set(1, { period });
    await take(timer, 2);
    timer.set(60_000);
    // Wine keeps a signal that came before.
    await waitFor(timer, { timeout: 0 });
    expect(await waitFor(timer, { timeout: period * 4 })).toBe('timeout');
    timer.set(1, { period });
    timer.close();
    timer.close();
  });

  test('keeps a signal that nobody takes', async () => {
    using timer = WaitableTimer.create();
    await untilCalm(`a signal within five periods of ${period} ms`, async () => {
      timer.set(1, { period });
      spin(period * 5);
      return (await waitFor(timer, { timeout: 0 })) === 'signaled';
    });
  });

  test('is heard of by others who have the timer', async () => {
    const name = uniqueName();
    using timer = WaitableTimer.create({ name });
    using other = WaitableTimer.open(name);
    timer.set(1, { period });
    await take(other, 3);
  });

  test('counts what was missed', async () => {
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
      // As many as went by, give or take what was early or late.
      const passed = (firedAt - first) / period;
      expect(total).toBeGreaterThan(passed - 2 - tolerance(timer) / period);
      expect(total).toBeLessThan(passed + 2 + tolerance(timer) / period);
      if (total > 20) break;
      spin(Math.random() * period * 4);
    }
  });
});

describe('many timers with periods of fractions', () => {
  test('go on beside each other, and leave no handle', async () => {
    const round = async (): Promise<void> => {
      const timers = Array.from({ length: 30 }, () => WaitableTimer.create());
      for (const [index, timer] of timers.entries()) timer.set(1, { period: 5.5 + index / 10 });
      await Promise.all(timers.map((timer) => take(timer, 5)));
      for (const timer of timers) timer.close();
      await shutdown();
    };
    expect(await leastGrowth(10, round)).toBeLessThan(10);
  });

  test('may be set and cancelled at any moment', async () => {
    using timer = WaitableTimer.create();
    for (let round = 0; round < 300; round++) {
      timer.set(Math.random(), { period: 0.5 + Math.random() });
      if (round % 3 === 0) spin(Math.random() * 2);
      if (round % 2 === 0) timer.cancel();
      if (round % 10 === 0) await sleep(1);
    }
  });
});

describe('a Date', () => {
  test('is when it fires', async () => {
    using timer = WaitableTimer.create();
    for (let round = 0; round < 5; round++) {
      const due = new Date(Date.now() + 30);
      timer.set(due);
      await take(timer, 1);
      // By the system's clock, which goes by ticks.
      expect(Date.now()).toBeGreaterThanOrEqual(due.getTime() - 16);
    }
  });

  test.each([new Date(0), new Date(-8.64e15), new Date(Date.now() - 1)])('that has gone by fires at once: %s', async (due) => {
    using timer = WaitableTimer.create();
    timer.set(due);
    expect(await waitFor(timer, { timeout: LIMIT })).toBe('signaled');
  });

  test('far away does not fire', async () => {
    using timer = WaitableTimer.create();
    timer.set(new Date('9999-12-31'));
    expect(await waitFor(timer, { timeout: 20 })).toBe('timeout');
  });

  test.each([20, 7.5])('has periods too: %d ms', async (period) => {
    using timer = WaitableTimer.create();
    const setAt = performance.now();
    timer.set(new Date(Date.now() + 10), { period });
    const times = await take(timer, 6);
    // Any may be late. A Date has no fractions, and the system's clock goes by ticks.
    expect((times.at(-1) as number) - setAt).toBeGreaterThan(9 + 5 * period - (underWine ? tolerance(timer) : 16));
  });

  test('is read as it is, whatever has been made of its class', async () => {
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
  test('tells whether the machine is woken', async () => {
    // Windows may not wake by timers of high resolution.
    using timer = WaitableTimer.create({ highResolution: false });
    expect(timer.resumes).toBe(false);
    timer.set(1, { resume: true });
    // What a machine can is its own affair; Wine says that it can.
    expect(typeof timer.resumes).toBe('boolean');
    expect(await waitFor(timer, { timeout: LIMIT })).toBe('signaled');
    timer.set(1, { resume: true, period: 5.5 });
    await take(timer, 3);
    timer.set(1);
    expect(timer.resumes).toBe(false);
  });
});

test('several waits for one auto-reset timer share its times', async () => {
  using timer = WaitableTimer.create();
  const setAt = performance.now();
  timer.set(1, { period: 5.5 });
  const seen = await Promise.all(Array.from({ length: 4 }, () => take(timer, 3)));
  const all = seen.flat().sort((one, other) => one - other);
  expect(all).toHaveLength(12);
  // Each has a time of its own, so none comes before the twelfth for the last of them; any may be late.
  expect((all.at(-1) as number) - setAt).toBeGreaterThan(1 + 11 * 5.5 - tolerance(timer));
});
