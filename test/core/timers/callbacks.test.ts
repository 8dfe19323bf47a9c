// Everything here is true of both rtworkq/timers and node:timers. How they keep the process alive is tested in
// test/lifetime/timers.test.ts.

import { AsyncLocalStorage, createHook, executionAsyncId } from 'node:async_hooks';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { isSupported } from 'rtworkq';
import type { Timeout } from 'rtworkq/timers';
import { runNode } from '../../support/child';
import { spin } from '../../support/time';
import { agreed, KINDS, node } from '../../support/timers';

// biome-ignore lint/suspicious/noExplicitAny: what programs without types hand over.
type Given = any;

describe.each(KINDS)('$kind', ({ timers, promises }) => {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = timers;

  /** Resolves when a timer that is started now has fired. */
  const fired = (delay = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, delay));

  /** Resolves when all timers that were due before have run. */
  async function runDue(): Promise<void> {
    await fired(2);
    await fired(2);
  }

  describe('callback arguments', () => {
    test.each([[[]], [[1]], [[1, 'b']], [[1, 'b', null]], [[1, 'b', null, undefined]], [[[], {}, Number.NaN, Symbol.iterator, 1n]]])(
      'setTimeout calls back with %p',
      async (args) => {
        const given = await new Promise((resolve) => setTimeout((...all: unknown[]) => resolve(all), 1, ...args));
        expect(given).toEqual(args);
      },
    );

    test('setInterval calls back with its arguments each time', async () => {
      const seen: unknown[] = [];
      await new Promise<void>((resolve) => {
        const interval = setInterval(
          (...all) => {
            if (seen.push(all) < 3) return;
            clearInterval(interval);
            resolve();
          },
          1,
          'a',
          2,
        );
      });
      expect(seen).toEqual([
        ['a', 2],
        ['a', 2],
        ['a', 2],
      ]);
    });

    test.each(['setTimeout', 'setInterval'] as const)('%s calls back with the timer as this', async (name) => {
      let made: Timeout | undefined;
      const self = await new Promise((resolve) => {
        made = timers[name](function (this: unknown) {
          resolve(this);
        }, 1);
      });
      clearInterval(made);
      expect(self).toBe(made);
      expect((self as object).constructor.name).toBe('Timeout');
    });

    test('setTimeout ignores later changes to its arguments', async () => {
      const args = [1, 2];
      const seen = new Promise((resolve) => setTimeout((...all) => resolve(all), 1, ...args));
      args[0] = 3;
      expect(await seen).toEqual([1, 2]);
    });
  });

  test.each(['setTimeout', 'setInterval'] as const)('%s throws if the callback is not a function', async (name) => {
    for (const value of [undefined, null, 1, 'code', Symbol('s'), {}, [], 5n, /r/, true]) {
      const call = (kind: Given): Promise<object> => agreed(() => kind[name](value, 1));
      expect(await call(timers)).toEqual(await call(node.timers));
      expect(await call(timers)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    }
  });

  test('setTimeout accepts every delay that converts to a number', async () => {
    const boxed = { valueOf: () => 2 };
    for (const delay of ['2', '', true, null, undefined, [], boxed, 0, -0, 0.5, 2.5] as Given[]) {
      await new Promise<void>((resolve) => setTimeout(resolve, delay));
    }
  });

  test('setTimeout throws what the conversion of its delay throws', async () => {
    const throwing = {
      valueOf() {
        throw new RangeError('thrown on purpose');
      },
    };
    for (const delay of [1n, Symbol('s'), throwing] as Given[]) {
      const call = (kind: Given): Promise<object> => agreed(() => kind.setTimeout(() => {}, delay));
      expect(await call(timers)).toEqual(await call(node.timers));
      expect(Object.keys(await call(timers))).not.toHaveLength(0);
    }
  });

  describe('order', () => {
    test('timers with the same delay fire in the order in which they were started', async () => {
      const seen: number[] = [];
      await new Promise<void>((resolve) => {
        for (let index = 0; index < 100; index++) setTimeout(() => seen.push(index), 5);
        setTimeout(resolve, 5);
      });
      expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index));
    });

    test('timers fire in the order of their delays', async () => {
      const seen: number[] = [];
      // A machine that stalls in between starts the last ones late. Normally the order is 1, 100, 200, 300.
      const due = new Map<number, number>();
      await new Promise<void>((resolve) => {
        for (const delay of [300, 100, 200, 1]) {
          setTimeout(() => seen.push(delay) === 4 && resolve(), delay);
          due.set(delay, performance.now() + delay);
        }
      });
      expect(seen).toEqual([...due.keys()].sort((one, other) => due.get(one)! - due.get(other)!));
    });

    test('the nextTick and microtask queues drain before the next timer that is due', async () => {
      const seen: string[] = [];
      await new Promise<void>((resolve) => {
        for (const index of [1, 2, 3]) {
          setTimeout(() => {
            seen.push(`timer ${index}`);
            Promise.resolve().then(() => seen.push(`microtask ${index}`));
            process.nextTick(() => {
              seen.push(`tick ${index}`);
              process.nextTick(() => seen.push(`tick of tick ${index}`));
              queueMicrotask(() => process.nextTick(() => seen.push(`tick of microtask ${index}`)));
            });
          }, 1);
        }
        setTimeout(resolve, 1);
        spin(5);
      });
      const of = (index: number): string[] => [
        `timer ${index}`,
        `tick ${index}`,
        `tick of tick ${index}`,
        `microtask ${index}`,
        `tick of microtask ${index}`,
      ];
      expect(seen).toEqual([...of(1), ...of(2), ...of(3)]);
    });

    test('immediates run after all timers that are due together', async () => {
      const seen: string[] = [];
      await new Promise<void>((resolve) => {
        for (const index of [1, 2, 3]) {
          setTimeout(() => {
            seen.push(`timer ${index}`);
            setImmediate(() => seen.push(`immediate ${index}`) === 6 && resolve());
          }, 1);
        }
        spin(5);
      });
      expect(seen).toEqual(['timer 1', 'timer 2', 'timer 3', 'immediate 1', 'immediate 2', 'immediate 3']);
    });

    test('a timer that is started in a callback fires after all timers that are due together', async () => {
      const seen: string[] = [];
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          seen.push('outer');
          setTimeout(() => {
            seen.push('inner');
            setTimeout(resolve, 1);
          }, 1);
        }, 1);
        setTimeout(() => seen.push('beside'), 1);
        spin(5);
      });
      expect(seen).toEqual(['outer', 'beside', 'inner']);
    });
  });

  describe('clearing', () => {
    const ways: [string, (timeout: Timeout) => unknown][] = [
      ['clearTimeout', (timeout) => clearTimeout(timeout)],
      ['clearInterval', (timeout) => clearInterval(timeout)],
      ['clearTimeout with its number', (timeout) => clearTimeout(+timeout)],
      ['clearInterval with its number', (timeout) => clearInterval(Number(timeout))],
      ['clearTimeout with its number as a string', (timeout) => clearTimeout(`${timeout}`)],
      ['the global clearTimeout', (timeout) => globalThis.clearTimeout(timeout as unknown as NodeJS.Timeout)],
      ['the global clearInterval', (timeout) => globalThis.clearInterval(timeout as unknown as NodeJS.Timeout)],
      ['close()', (timeout) => timeout.close()],
      ['Symbol.dispose', (timeout) => timeout[Symbol.dispose]()],
    ];

    describe.each(ways)('%s', (_, clear) => {
      test.each(['setTimeout', 'setInterval'] as const)('stops %s', async (name) => {
        let calls = 0;
        const timeout = timers[name](() => calls++, 1);
        clear(timeout);
        clear(timeout);
        spin(3);
        await runDue();
        expect(calls).toBe(0);
      });

      test.each(['setTimeout', 'setInterval'] as const)('stops %s in its own callback', async (name) => {
        let calls = 0;
        await new Promise<void>((resolve) => {
          const timeout = timers[name](() => {
            calls++;
            clear(timeout);
            resolve();
          }, 1);
        });
        await runDue();
        expect(calls).toBe(1);
      });

      test('stops timers that are due at the same time, and one that has fired', async () => {
        const seen: string[] = [];
        const all: Timeout[] = [];
        const first = setTimeout(() => {
          seen.push('first');
          for (const timeout of all) clear(timeout);
        }, 1);
        for (let index = 0; index < 3; index++) all.push(setTimeout(() => seen.push('other'), 1));
        all.push(
          first,
          setInterval(() => seen.push('interval'), 1),
        );
        spin(5);
        await runDue();
        expect(seen).toEqual(['first']);
      });

      test('does nothing to a timer that has fired', async () => {
        const timeout = setTimeout(() => {}, 1);
        await runDue();
        clear(timeout);
        clear(timeout);
      });
    });

    test('ignores values that are not timers', () => {
      const other = { _onTimeout: undefined, close: 5 };
      for (const value of [undefined, null, '', 'x', 0, -1, 1e9, Number.NaN, true, {}, [], () => {}, Symbol('s'), 5n, other] as Given[]) {
        clearTimeout(value);
        clearInterval(value);
      }
    });

    test('ignores a timer number in another notation', async () => {
      let calls = 0;
      const timeout = setTimeout(() => calls++, 1);
      const number = +timeout;
      clearTimeout(` ${number}`);
      clearTimeout(`${number}.0`);
      clearTimeout(number + 0.5);
      await runDue();
      expect(calls).toBe(1);
    });

    test('happens at the end of a `using` scope', async () => {
      let calls = 0;
      {
        using timeout = setTimeout(() => calls++, 1);
        expect(timeout.hasRef()).toBe(true);
      }
      await runDue();
      expect(calls).toBe(0);
    });

    test('clearImmediate stops an immediate', async () => {
      let calls = 0;
      clearImmediate(setImmediate(() => calls++));
      await runDue();
      expect(calls).toBe(0);
    });
  });

  describe('refresh()', () => {
    test.each(['setTimeout', 'setInterval'] as const)('postpones %s even when it is due', async (name) => {
      const waited = await new Promise<number>((resolve) => {
        const timeout = timers[name](() => {
          clearTimeout(timeout);
          resolve(performance.now() - refreshedAt);
        }, 20);
        spin(25);
        const refreshedAt = performance.now();
        expect(timeout.refresh()).toBe(timeout);
      });
      // Node counts in whole milliseconds.
      expect(waited).toBeGreaterThan(19);
    });

    test('starts a timer again in its own callback and after it', async () => {
      let calls = 0;
      let onCall = (): void => {};
      const timeout = setTimeout(() => {
        if (++calls === 1) timeout.refresh();
        else onCall();
      }, 1);
      await new Promise<void>((resolve) => {
        onCall = resolve;
      });
      expect(calls).toBe(2);
      for (let round = 3; round < 6; round++) {
        await runDue();
        await new Promise<void>((resolve) => {
          onCall = resolve;
          // Node's timer goes on without a reference.
          timeout.refresh().ref();
        });
        expect(calls).toBe(round);
      }
    });

    test.each([
      ['while it was pending', (timeout: Timeout) => clearTimeout(timeout)],
      [
        'after it had fired',
        async (timeout: Timeout) => {
          await runDue();
          clearTimeout(timeout);
        },
      ],
    ])('does nothing to a timer that was cleared %s', async (_, clear) => {
      let calls = 0;
      const timeout = setTimeout(() => calls++, 1);
      await clear(timeout);
      const before = calls;
      expect(timeout.refresh()).toBe(timeout);
      await runDue();
      expect(calls).toBe(before);
    });

    test('does nothing to a timer that was cleared in its own callback', async () => {
      let calls = 0;
      const timeout = setTimeout(() => {
        calls++;
        clearTimeout(timeout);
        timeout.refresh();
      }, 1);
      await runDue();
      expect(calls).toBe(1);
    });
  });

  describe('ref() and unref()', () => {
    test('return the timer, and hasRef() reports the state', () => {
      const timeout = setTimeout(() => {}, 1_000);
      expect(timeout.hasRef()).toBe(true);
      expect(timeout.unref()).toBe(timeout);
      expect(timeout.unref().hasRef()).toBe(false);
      expect(timeout.ref()).toBe(timeout);
      expect(timeout.ref().hasRef()).toBe(true);
      clearTimeout(timeout);
      expect(timeout.ref()).toBe(timeout);
      expect(timeout.unref()).toBe(timeout);
    });

    test('do not change whether the callback is called', async () => {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 1).unref();
        setTimeout(() => {}, 20);
      });
    });
  });

  describe('timer numbers', () => {
    test('are different for each timer, and do not change', () => {
      const timeouts = Array.from({ length: 20 }, (_, index) => (index % 2 ? setTimeout : setInterval)(() => {}, 1_000));
      const numbers = timeouts.map(Number);
      expect(new Set(numbers).size).toBe(20);
      for (const [index, timeout] of timeouts.entries()) {
        expect(Number.isInteger(numbers[index])).toBe(true);
        expect(numbers[index]).toBeGreaterThan(0);
        expect(timeout[Symbol.toPrimitive]()).toBe(numbers[index]);
        expect(`${timeout}`).toBe(String(numbers[index]));
        clearTimeout(numbers[index]);
      }
    });

    test("are valid in the timer's own callback, and not afterwards", async () => {
      let calls = 0;
      let number = 0;
      await new Promise<void>((resolve) => {
        const timeout = setTimeout(() => {
          calls++;
          number = +timeout;
          timeout.refresh();
          clearTimeout(number);
          resolve();
        }, 1);
      });
      await runDue();
      expect(calls).toBe(1);
      const timeout = setTimeout(() => calls++, 1);
      const old = +timeout;
      await runDue();
      clearTimeout(old);
      timeout.refresh().ref();
      clearTimeout(old);
      await runDue();
      // A timer that is started again is another one to async_hooks.
      expect(+timeout).not.toBe(old);
      expect(calls).toBe(3);
    });
  });

  describe('the async context of a callback', () => {
    test('is that in which the timer was started', async () => {
      const storage = new AsyncLocalStorage<string>();
      const seen: unknown[] = [];
      const note = (): number => seen.push(storage.getStore());
      await new Promise<void>((resolve) => {
        storage.run('one', () => setTimeout(note, 1));
        storage.run('two', () =>
          setTimeout(() => {
            note();
            setTimeout(note, 1);
          }, 1),
        );
        setTimeout(note, 1);
        storage.run('three', () => {
          const interval = setInterval(() => {
            if (note() < 7) return;
            clearInterval(interval);
            resolve();
          }, 1);
        });
      });
      expect(seen.slice(0, 4)).toEqual(['one', 'two', undefined, 'three']);
      expect(new Set(seen.slice(4))).toEqual(new Set(['two', 'three']));
    });

    test('is that of refresh() after a timer has fired', async () => {
      const storage = new AsyncLocalStorage<string>();
      const seen: unknown[] = [];
      const timeout = storage.run('first', () => setTimeout(() => seen.push(storage.getStore()), 1));
      await runDue();
      storage.run('second', () => timeout.refresh().ref());
      await runDue();
      expect(seen).toEqual(['first', 'second']);
    });

    test('is reported to async_hooks', async () => {
      const events: string[] = [];
      const known = new Map<number, string>();
      const ids: Record<string, number> = {};
      let name = '';
      const hook = createHook({
        init(id, type) {
          if (type !== 'Timeout' || !name) return;
          ids[name] = id;
          known.set(id, name);
          events.push(`init ${name}`);
          // Off Windows one of Node's timers is behind it.
          name = '';
        },
        before: (id) => void (known.has(id) && events.push(`before ${known.get(id)}`)),
        after: (id) => void (known.has(id) && events.push(`after ${known.get(id)}`)),
        destroy: (id) => void (known.has(id) && events.push(`destroy ${known.get(id)}`)),
      }).enable();
      function named<T>(given: string, make: () => T): T {
        name = given;
        const made = make();
        name = '';
        return made;
      }
      const inside: number[] = [];
      const timeout = named('timeout', () => setTimeout(() => inside.push(executionAsyncId()), 1));
      const cleared = named('cleared', () => setTimeout(() => {}, 1));
      expect([+timeout, +cleared]).toEqual([ids['timeout'], ids['cleared']]);
      clearTimeout(cleared);
      clearTimeout(cleared);
      await runDue();
      named('refreshed', () => timeout.refresh().ref());
      expect(+timeout).toBe(ids['refreshed']);
      await runDue();
      let calls = 0;
      const interval = named('interval', () =>
        setInterval(() => {
          if (++calls === 2) clearInterval(interval);
        }, 1),
      );
      while (calls < 2) await fired();
      await runDue();
      // The destroy hooks run later.
      await new Promise((resolve) => setImmediate(resolve));
      hook.disable();
      const of = (which: string): string[] =>
        events.filter((event) => event.endsWith(` ${which}`)).map((event) => event.slice(0, -which.length - 1));
      expect(of('timeout')).toEqual(['init', 'before', 'after', 'destroy']);
      expect(of('refreshed')).toEqual(['init', 'before', 'after', 'destroy']);
      expect(of('cleared')).toEqual(['init', 'destroy']);
      expect(of('interval').sort()).toEqual(['after', 'after', 'before', 'before', 'destroy', 'init']);
      expect(inside).toEqual([ids['timeout'], ids['refreshed']]);
    });
  });

  describe('promisify', () => {
    test('returns the functions of timers/promises', async () => {
      expect(promisify(setTimeout)).toBe(promises.setTimeout);
      expect(promisify(setImmediate)).toBe(promises.setImmediate);
      expect(await promisify(setTimeout)(1, 'value')).toBe('value');
    });

    test('finds them by an enumerable property', () => {
      expect(Object.getOwnPropertyDescriptor(setTimeout, promisify.custom)).toMatchObject({ enumerable: true });
      expect(Object.getOwnPropertyDescriptor(setInterval, promisify.custom)).toBeUndefined();
    });

    test('returns those that are also the `promises` of the module', () => {
      expect(timers.promises.setTimeout).toBe(promises.setTimeout);
      expect(timers.promises.scheduler).toBe(promises.scheduler);
    });
  });

  test('each function has its own name', () => {
    const names = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'] as const;
    expect(names.map((name) => timers[name].name)).toEqual(names);
  });
});

test('tools that look for open handles see whether a timer keeps the process alive, and nothing else of the package', async () => {
  const code = `
    const { createHook } = require('node:async_hooks');
    const open = new Map();
    createHook({
      init: (id, type, _, resource) => open.set(id, [type, resource]),
      destroy: (id) => open.delete(id),
    }).enable();
    const { setTimeout, clearTimeout } = require('rtworkq/timers');
    const kept = setTimeout(() => {}, 60_000);
    const idle = setTimeout(() => {}, 60_000).unref();
    // Node reports what was destroyed in the next turn.
    setImmediate(() => {
      const seen = [...open.values()]
        .filter(([type]) => !/PROMISE|TickObject|Immediate|WRAP/.test(type))
        .map(([type, resource]) => [type, resource.hasRef?.()]);
      clearTimeout(kept);
      clearTimeout(idle);
      console.log(JSON.stringify(seen));
    });`;
  const ended = await runNode(['-e', code], { cwd: __dirname });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  // The package's own handle while timers are pending: on Windows the addon's, elsewhere one of Node's own timers.
  const own = [isSupported() ? 'rtworkq' : 'Timeout', true];
  const sorted = [own, ['Timeout', true], ['Timeout', false]].sort();
  expect((JSON.parse(ended.last) as unknown[]).sort()).toEqual(sorted);
});
