// A timer behind a proxy, as reactive frameworks make, or in a copy. Everything here is true of both rtworkq/timers and node:timers,
// also what programs use of Node's timers without its being documented.

import { describe, expect, test } from '@jest/globals';
import type { Timeout } from 'rtworkq/timers';
import { spin } from '../../support/time';
import { KINDS } from '../../support/timers';
import { COPIES, PROXIES } from '../../support/wrapped';

/** The undocumented members. */
interface Members {
  _idleTimeout: number;
  _idleStart: number;
  _repeat: number | null;
  _timerArgs: unknown[] | undefined;
  _destroyed: boolean;
  _idleNext: unknown;
  _idlePrev: unknown;
}

const membersOf = (timeout: Timeout): Timeout & Members => timeout as Timeout & Members;

describe.each(KINDS)('$kind', ({ kind, timers }) => {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = timers;
  const fired = (delay = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, delay));
  const runDue = async (): Promise<void> => {
    await fired(2);
    await fired(2);
  };

  describe.each([...PROXIES, ...COPIES])('%s', (_, wrap) => {
    const ways: [string, (wrapped: Timeout) => unknown][] = [
      ['clearTimeout()', (wrapped) => clearTimeout(wrapped)],
      ['clearInterval()', (wrapped) => clearInterval(wrapped)],
      ['the global clearTimeout()', (wrapped) => globalThis.clearTimeout(wrapped)],
      ['close()', (wrapped) => wrapped.close()],
      ['Symbol.dispose', (wrapped) => wrapped[Symbol.dispose]()],
    ];

    test.each(ways)('stops the timer with %s', async (_way, clear) => {
      let calls = 0;
      for (const start of [setTimeout, setInterval]) {
        const wrapped = wrap(start(() => calls++, 1));
        clear(wrapped);
        clear(wrapped);
      }
      spin(3);
      await runDue();
      expect(calls).toBe(0);
    });
  });

  test('a copy without the prototype stops the timer with clearTimeout()', async () => {
    let calls = 0;
    clearTimeout({ ...setTimeout(() => calls++, 1) } as Timeout);
    await runDue();
    expect(calls).toBe(0);
  });

  // Node's timer is in its list twice then.
  const refreshable = PROXIES.filter(([name]) => kind === 'rtworkq' || name !== 'a deep proxy');
  test.each(refreshable)('%s restarts the timer with refresh(), whether it is due, has fired or has not', async (_, wrap) => {
    let onCall = (): void => {};
    let calls = 0;
    const timeout = setTimeout(() => {
      calls++;
      onCall();
    }, 10);
    const wrapped = wrap(timeout);
    spin(12);
    const from = performance.now();
    expect(wrapped.refresh()).toBe(wrapped);
    await new Promise<void>((resolve) => {
      onCall = resolve;
    });
    expect(performance.now() - from).toBeGreaterThan(9);
    expect(calls).toBe(1);
    await new Promise<void>((resolve) => {
      onCall = resolve;
      wrapped.refresh().ref();
    });
    expect(calls).toBe(2);
    clearTimeout(wrapped);
    wrapped.refresh();
    spin(12);
    await runDue();
    expect(calls).toBe(2);
  });

  describe.each(PROXIES)('%s', (_, wrap) => {
    test('has the methods of the timer', async () => {
      let calls = 0;
      const timeout = setTimeout(() => calls++, 5);
      const wrapped = wrap(timeout);
      expect(wrapped.hasRef()).toBe(true);
      expect(wrapped.unref()).toBe(wrapped);
      expect(timeout.hasRef()).toBe(false);
      expect(wrapped.ref()).toBe(wrapped);
      expect(timeout.hasRef()).toBe(true);
      expect(+wrapped).toBe(+timeout);
      clearTimeout(`${wrapped}`);
      spin(7);
      await runDue();
      expect(calls).toBe(0);
    });
  });

  test('the methods do nothing to other objects', () => {
    const timeout = setTimeout(() => {}, 1);
    const other = {} as Timeout;
    for (const name of ['ref', 'unref', 'refresh', 'close'] as const) expect(timeout[name].call(other)).toBe(other);
    expect(timeout.hasRef.call(other)).toBeFalsy();
    timeout.close();
  });

  describe('members that Node does not document', () => {
    test('tell the delay, the start and the state', async () => {
      const before = performance.now();
      const timeout = membersOf(setTimeout((..._args: unknown[]) => {}, 20, 'an', 'argument'));
      const interval = membersOf(setInterval(() => {}, 30));
      expect([timeout._idleTimeout, interval._idleTimeout]).toEqual([20, 30]);
      expect([timeout._repeat, interval._repeat]).toEqual([null, 30]);
      expect([timeout._timerArgs, interval._timerArgs]).toEqual([['an', 'argument'], undefined]);
      expect([timeout._destroyed, interval._destroyed]).toEqual([false, false]);
      expect(timeout._idleNext && timeout._idlePrev).toBeTruthy();
      // Node's clock has whole milliseconds, and counts from a little later.
      expect(Math.abs(timeout._idleStart - before)).toBeLessThan(kind === 'Node' ? 1_000 : 100);
      interval.close();
      timeout.close();
      for (const each of [timeout, interval]) {
        expect([each._destroyed, each._idleTimeout, each._idleNext]).toEqual([true, -1, null]);
        expect(each._onTimeout).toBeFalsy();
      }
    });

    test('tell the time that is left', () => {
      const timeout = membersOf(setTimeout(() => {}, 60_000));
      const left = (): number => Math.ceil((timeout._idleStart + timeout._idleTimeout) / 1_000 - process.uptime());
      expect(left()).toBeGreaterThan(57);
      expect(left()).toBeLessThan(63);
      timeout.close();
      expect(left()).toBeLessThan(3);
    });

    test('_destroyed is false in the callback of a timer, and true afterwards', async () => {
      const seen: boolean[] = [];
      const timeout = membersOf(setTimeout(() => seen.push(timeout._destroyed), 1));
      const interval = membersOf(
        setInterval(() => {
          seen.push(interval._destroyed);
          clearInterval(interval);
          seen.push(interval._destroyed);
        }, 1),
      );
      await runDue();
      expect(seen).toEqual([false, false, true]);
      expect(timeout._destroyed).toBe(true);
    });

    test('_onTimeout can be replaced, also in a proxy', async () => {
      const seen: unknown[] = [];
      const timeout = setTimeout((...args: unknown[]) => seen.push('first', ...args), 1, 'argument');
      timeout._onTimeout = function (this: unknown, ...args: unknown[]) {
        seen.push('second', this === timeout, ...args);
      };
      const interval = setInterval(() => seen.push('third'), 1);
      new Proxy(interval, {})._onTimeout = () => {
        seen.push('fourth');
        clearInterval(interval);
      };
      await runDue();
      expect(seen).toEqual(['second', true, 'argument', 'fourth']);
    });

    test('_repeat makes a timeout repeat if it is set in its callback, or before', async () => {
      for (const early of [true, false]) {
        let calls = 0;
        await new Promise<void>((resolve) => {
          const timeout = membersOf(
            setTimeout(() => {
              timeout._repeat = 2;
              if (++calls < 4) return;
              clearTimeout(timeout);
              resolve();
            }, 1),
          );
          if (early) timeout._repeat = 1;
        });
        await runDue();
        expect(calls).toBe(4);
      }
    });

    test('_repeat ends an interval if it is set to null in its callback', async () => {
      let calls = 0;
      const interval = membersOf(
        setInterval(() => {
          calls++;
          interval._repeat = null;
        }, 1),
      );
      spin(5);
      await runDue();
      await runDue();
      expect(calls).toBe(1);
      expect(interval._destroyed).toBe(true);
    });

    test('_idleTimeout is the delay after refresh()', async () => {
      const from = performance.now();
      await new Promise<void>((resolve) => {
        const timeout = membersOf(setTimeout(resolve, 3_600_000));
        timeout._idleTimeout = 5;
        timeout.refresh();
      });
      expect(performance.now() - from).toBeLessThan(3_600_000);
    });
  });
});
