// Whether RTWorkQ or JavaScript is late.

import { afterEach, describe, expect, test } from '@jest/globals';
import {
  invokeCallback,
  type LatenessMonitor,
  monitorLateness,
  putWaitingWorkItem,
  putWorkItem,
  putWorkItems,
  scheduleWorkItem,
  shutdown,
  WaitableEvent,
  waitFor,
  waitForAny,
} from 'rtworkq';
import { setTimeout as callLater, clearInterval, clearTimeout, setInterval as repeat } from 'rtworkq/timers';
import { setInterval, setTimeout } from 'rtworkq/timers/promises';
import { runCode } from '../../support/child';
import { loadedAddon, loadHelper } from '../../support/helper';
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

  test.each<[string, (event: WaitableEvent) => PromiseLike<{ firedAt: number }>]>([
    ['scheduleWorkItem', () => scheduleWorkItem(1)],
    ['putWorkItem', () => putWorkItem()],
    ['invokeCallback', () => invokeCallback()],
    ['putWaitingWorkItem', (event) => putWaitingWorkItem(event)],
    ['waitForAny', (event) => waitForAny([event])],
  ])('counts the time for which JavaScript was busy as late delivery of %s, not as late firing', async (_, start) => {
    using lateness = monitorLateness();
    using event = WaitableEvent.create({ manualReset: true, signaled: true });
    lateness.enable();
    // On a busy machine an item may fire only when JavaScript is free again, so this repeats until one did not.
    do {
      lateness.reset();
      const item = start(event);
      spin(50);
      const { firedAt } = await item;
      expect(lateness.delivery.max).toBeLessThanOrEqual((performance.now() - firedAt) * MILLISECOND * ROUNDED + 1);
    } while (lateness.delivery.max < 30 * MILLISECOND || lateness.firing.max > 20 * MILLISECOND);
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

  describe.each([
    ['alone', false],
    ['beside another timer', true],
  ])('of timers, %s', (_, beside) => {
    const KINDS: Record<string, (over: () => boolean) => unknown> = {
      setInterval(over) {
        const interval = repeat(() => over() && clearInterval(interval), 10);
      },
      'a chain of setTimeout()'(over) {
        const again = (): void => {
          if (!over()) callLater(again, 10);
        };
        again();
      },
      async 'a chain of promises'(over) {
        while (!over()) await setTimeout(10);
      },
      async 'an async interval'(over) {
        for await (const _ of setInterval(10)) if (over()) break;
      },
    };

    /** The worst lateness in milliseconds, of timers that run while `during` does something. */
    async function worst(kind: string, during: () => Promise<unknown> | undefined): Promise<{ firing: number; delivery: number }> {
      const other = beside ? callLater(() => {}, 600_000) : undefined;
      let over = false;
      KINDS[kind]?.(() => over);
      await setTimeout(30);
      using lateness = monitorLateness();
      lateness.enable();
      await during();
      await setTimeout(30);
      lateness.disable();
      over = true;
      clearTimeout(other);
      await setTimeout(20);
      return { firing: lateness.firing.max / MILLISECOND, delivery: lateness.delivery.max / MILLISECOND };
    }

    test.each(Object.keys(KINDS))('%s: busy JavaScript is late delivery, not late firing', async (kind) => {
      // On a busy machine Windows may be late too, so there are several tries.
      let seen = { firing: Number.POSITIVE_INFINITY, delivery: 0 };
      for (let tries = 0; tries < 100 && (seen.firing > 40 || seen.delivery < 80); tries++) {
        seen = await worst(kind, () => void spin(100));
      }
      expect(seen.firing).toBeLessThanOrEqual(40);
      expect(seen.delivery).toBeGreaterThanOrEqual(80);
    });

    test.each(Object.keys(KINDS))('%s: a late timer of Windows is late firing, not late delivery', async (kind) => {
      const helper = loadHelper();
      let seen = { firing: 0, delivery: 0 };
      for (let tries = 0; tries < 100 && (seen.firing < 50 || seen.delivery > 40); tries++) {
        seen = await worst(kind, async () => {
          helper.shiftTimers(loadedAddon(helper), 0, 200);
          await setTimeout(100);
          helper.shiftTimers(loadedAddon(helper), 0, 0);
          await setTimeout(10);
        });
      }
      expect(seen.firing).toBeGreaterThanOrEqual(50);
      expect(seen.delivery).toBeLessThanOrEqual(40);
    });
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
