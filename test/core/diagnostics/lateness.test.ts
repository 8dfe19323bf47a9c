// Whether RTWorkQ or JavaScript is late.

import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type LatenessMonitor,
  monitorLateness,
  putWorkItem,
  putWorkItems,
  scheduleWorkItem,
  shutdown,
  WaitableEvent,
  waitFor,
} from 'rtworkq';
import { clearInterval, setInterval as repeat } from 'rtworkq/timers';
import { setTimeout } from 'rtworkq/timers/promises';
import { runCode } from '../../support/child';
import { loadHelper } from '../../support/helper';
import { spin } from '../../support/time';

afterEach(() => shutdown());

const MILLISECOND = 1e6;
// The histogram may have rounded a value by up to a thousandth.
const ROUNDED = 1.001;

const counts = ({ firing, delivery }: LatenessMonitor): [number, number] => [firing.count, delivery.count];

describe('monitorLateness', () => {
  test('records what fires while it is enabled', async () => {
    using lateness = monitorLateness();
    await putWorkItem();
    expect(counts(lateness)).toEqual([0, 0]);
    expect(lateness.enable()).toBe(true);
    expect(lateness.enable()).toBe(false);
    await putWorkItem();
    expect(counts(lateness)).toEqual([0, 1]);
    await scheduleWorkItem(1);
    expect(counts(lateness)).toEqual([1, 2]);
    expect(lateness.disable()).toBe(true);
    expect(lateness.disable()).toBe(false);
    await scheduleWorkItem(1);
    expect(counts(lateness)).toEqual([1, 2]);
    lateness.reset();
    expect(counts(lateness)).toEqual([0, 0]);
    lateness.enable();
    await setTimeout(1);
    expect(counts(lateness)).toEqual([1, 1]);
  });

  test('stops at the end of its scope, and leaves other monitors alone', async () => {
    using outer = monitorLateness();
    outer.enable();
    let kept: LatenessMonitor;
    {
      using inner = monitorLateness();
      kept = inner;
      inner.enable();
      await putWorkItem();
    }
    await putWorkItem();
    expect([outer.delivery.count, kept.delivery.count]).toEqual([2, 1]);
  });

  test('counts the time for which JavaScript was busy as late delivery', async () => {
    using lateness = monitorLateness();
    lateness.enable();
    // On a busy machine an item may fire only when JavaScript is free again, so this repeats until one did not.
    do {
      lateness.reset();
      const item = putWorkItem();
      spin(50);
      const { firedAt } = await item;
      expect(lateness.delivery.max).toBeLessThanOrEqual((performance.now() - firedAt) * MILLISECOND * ROUNDED + 1);
    } while (lateness.delivery.max < 30 * MILLISECOND);
  });

  test('counts the time for which RTWorkQ was busy as late firing', async () => {
    using lateness = monitorLateness();
    lateness.enable();
    const helper = loadHelper();
    do {
      lateness.reset();
      helper.blockStandardQueue(60);
      const called = performance.now();
      const { firedAt } = await scheduleWorkItem(1);
      expect(lateness.firing.max).toBeLessThanOrEqual((firedAt - called) * MILLISECOND * ROUNDED + 1);
    } while (lateness.firing.max < 30 * MILLISECOND);
  });

  test('counts the time for which JavaScript was busy as late delivery of timers too', async () => {
    using lateness = monitorLateness();
    lateness.enable();
    do {
      lateness.reset();
      const timer = setTimeout(1);
      spin(50);
      await timer;
    } while (lateness.delivery.max < 30 * MILLISECOND);
    expect(counts(lateness)).toEqual([1, 1]);
  });

  test('counts each tick of an interval', async () => {
    using lateness = monitorLateness();
    lateness.enable();
    await new Promise<void>((resolve) => {
      let times = 0;
      const timer = repeat(() => {
        if (++times < 5) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
    expect(counts(lateness)).toEqual([5, 5]);
  });

  test('ignores batches and the timeouts of waits', async () => {
    using lateness = monitorLateness();
    using event = WaitableEvent.create();
    lateness.enable();
    await putWorkItems(5);
    expect(await waitFor(event, { timeout: 1 })).toBe('timeout');
    expect(counts(lateness)).toEqual([0, 0]);
  });

  test('has histograms that can be added to each other', async () => {
    using one = monitorLateness();
    using other = monitorLateness();
    one.enable();
    other.enable();
    await putWorkItem();
    one.delivery.add(other.delivery);
    expect(one.delivery.count).toBe(2);
  });

  test('loses no work item if a histogram throws', async () => {
    const { code, last, stderr } = await runCode(`
      const lateness = rtworkq.monitorLateness();
      lateness.enable();
      lateness.delivery.record = () => { throw new Error('thrown on purpose'); };
      let thrown = 0;
      process.on('uncaughtException', () => thrown++);
      (async () => {
        const items = Array.from({ length: 20 }, () => rtworkq.putWorkItem());
        await Promise.all(items);
        lateness.disable();
        console.log(thrown > 0);
      })();`);
    expect({ code, last, stderr }).toEqual({ code: 0, last: 'true', stderr: '' });
  });
});
