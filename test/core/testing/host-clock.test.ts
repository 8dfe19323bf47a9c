// jest's fake clocks drive the package's timers as they drive Node's own. test/host/testing.test.ts has the others.

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Semaphore, scheduleWorkItem, waitFor } from 'rtworkq';
import * as timers from 'rtworkq/timers';
import * as promises from 'rtworkq/timers/promises';
import { begin, errorOf } from '../../support/simulation';

const MODES = [
  ['modern', () => jest.useFakeTimers()],
  ['modern, with the real Date', () => jest.useFakeTimers({ doNotFake: ['Date', 'performance'] })],
  ['legacy', () => jest.useFakeTimers({ legacyFakeTimers: true })],
] as const;

describe.each(MODES)('%s fake timers', (mode, enable) => {
  beforeEach(() => {
    begin({ clock: 'host' });
    enable();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test('run a timer before the call that moves them returns', () => {
    let count = 0;
    timers.setTimeout(() => count++, 5_000);
    jest.advanceTimersByTime(4_999);
    expect(count).toBe(0);
    jest.advanceTimersByTime(1);
    expect(count).toBe(1);
  });

  test('run the timers that a timer starts', () => {
    const seen: string[] = [];
    timers.setTimeout(() => {
      seen.push('outer');
      timers.setTimeout(() => seen.push('inner'), 3);
    }, 10);
    jest.advanceTimersByTime(13);
    expect(seen).toEqual(['outer', 'inner']);
  });

  test('run an interval once a period, however far they move at once', () => {
    let count = 0;
    const interval = timers.setInterval(() => count++, 100);
    jest.advanceTimersByTime(1_050);
    expect(count).toBe(10);
    timers.clearInterval(interval);
    jest.advanceTimersByTime(1_000);
    expect(count).toBe(10);
  });

  test('run everything that is pending when they move to the last of their timers', () => {
    const seen: number[] = [];
    timers.setTimeout(() => seen.push(10), 10);
    timers.setTimeout(() => timers.setTimeout(() => seen.push(1_020), 1_000), 20);
    timers.setTimeout(() => seen.push(30), 30);
    timers.setTimeout(() => seen.push(25), 25);
    jest.runOnlyPendingTimers();
    expect(seen).toEqual([10, 25, 30]);
    jest.runAllTimers();
    expect(seen).toEqual([10, 25, 30, 1_020]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('leave nothing behind for a timer that was cleared', () => {
    timers.clearTimeout(timers.setTimeout(() => {}, 100));
    expect(jest.getTimerCount()).toBe(0);
  });

  test('get what a callback throws, after the others have run', () => {
    const seen: number[] = [];
    timers.setTimeout(() => {
      throw new Error('on purpose');
    }, 10);
    timers.setTimeout(() => seen.push(10), 10);
    expect(() => jest.advanceTimersByTime(10)).toThrow('on purpose');
    expect(seen).toEqual([10]);
  });

  test('move promises, work items and waits', async () => {
    using semaphore = Semaphore.create();
    const all = Promise.all([promises.setTimeout(20, 'value'), scheduleWorkItem(20), waitFor(semaphore, { timeout: 20 })]);
    jest.advanceTimersByTime(20);
    expect(await all).toMatchObject(['value', { status: 0 }, 'timeout']);
  });

  // Legacy fakes do not tell their time while none of their timers fires.
  (mode === 'legacy' ? test.skip : test)('count from the time at which a timer is started', () => {
    let isDue = false;
    jest.advanceTimersByTime(3);
    timers.setTimeout(() => {
      isDue = true;
    }, 10);
    jest.advanceTimersByTime(9);
    expect(isDue).toBe(false);
    jest.advanceTimersByTime(1);
    expect(isDue).toBe(true);
  });
});

describe("the host's real clock", () => {
  test('runs the simulation in real time', async () => {
    const sim = begin({ clock: 'host' });
    const from = sim.now;
    await promises.setTimeout(5);
    expect(sim.now - from).toBeGreaterThanOrEqual(5);
    expect((await scheduleWorkItem(2)).firedAt).toBeLessThanOrEqual(performance.now());
  });

  test('cannot be moved by the simulation', async () => {
    const sim = begin({ clock: 'host' });
    expect((await errorOf(() => sim.advance(1))).code).toBe('ERR_INVALID_STATE');
    expect((await errorOf(() => sim.runAll())).code).toBe('ERR_INVALID_STATE');
  });
});
