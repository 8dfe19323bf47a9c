// rtworkq/timers beside node:timers: everything here is true of both. What they do with the process is in
// test/lifetime/timers.test.ts.

import { AsyncLocalStorage, createHook, executionAsyncId } from 'node:async_hooks';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { Timeout } from 'rtworkq/timers';
import { spin } from '../../support/time';
import { agreed, KINDS, node } from '../../support/timers';

// biome-ignore lint/suspicious/noExplicitAny: what programs without types hand over.
type Given = any;

describe.each(KINDS)('$kind', ({ timers, promises }) => {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = timers;

  /** Until a timer that is started now has fired. */
  const fired = (delay = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, delay));

  /** Until what was due before has been run. */
  async function over(): Promise<void> {
    await fired(2);
    await fired(2);
  }

  describe('calls', () => {
    test.each([[[]], [[1]], [[1, 'b']], [[1, 'b', null]], [[1, 'b', null, undefined]], [[[], {}, Number.NaN, Symbol.iterator, 1n]]])(
      'setTimeout with %p',
      async (args) => {
        const given = await new Promise((resolve) => setTimeout((...all: unknown[]) => resolve(all), 1, ...args));
        expect(given).toEqual(args);
      },
    );

    test('setInterval with its arguments each time', async () => {
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

    test.each(['setTimeout', 'setInterval'] as const)('%s with the timer as this', async (name) => {
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

    test('what is changed in the arguments later counts no more', async () => {
      const args = [1, 2];
      const seen = new Promise((resolve) => setTimeout((...all) => resolve(all), 1, ...args));
      args[0] = 3;
      expect(await seen).toEqual([1, 2]);
    });
  });

  test.each(['setTimeout', 'setInterval'] as const)('%s refuses what is no function', async (name) => {
    for (const value of [undefined, null, 1, 'code', Symbol('s'), {}, [], 5n, /r/, true]) {
      const call = (kind: Given): Promise<object> => agreed(() => kind[name](value, 1));
      expect(await call(timers)).toEqual(await call(node.timers));
      expect(await call(timers)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    }
  });

  test('setTimeout takes whatever comes to a number', async () => {
    const boxed = { valueOf: () => 2 };
    for (const delay of ['2', '', true, null, undefined, [], boxed, 0, -0, 0.5, 2.5] as Given[]) {
      await new Promise<void>((resolve) => setTimeout(resolve, delay));
    }
  });

  test('setTimeout throws what a delay throws', async () => {
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
    test('those with the same delay come as they were started', async () => {
      const seen: number[] = [];
      await new Promise<void>((resolve) => {
        for (let index = 0; index < 100; index++) setTimeout(() => seen.push(index), 5);
        setTimeout(resolve, 5);
      });
      expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index));
    });

    test('the shorter delay comes first', async () => {
      const seen: number[] = [];
      await new Promise<void>((resolve) => {
        for (const delay of [300, 100, 200, 1]) setTimeout(() => seen.push(delay) === 4 && resolve(), delay);
      });
      expect(seen).toEqual([1, 100, 200, 300]);
    });

    test('ticks and microtasks of one are over before the next comes that is due together', async () => {
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

    test('immediates of one come after the others that are due together', async () => {
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

    test('what a timer starts comes after all that is due with it', async () => {
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
      test.each(['setTimeout', 'setInterval'] as const)('ends %s', async (name) => {
        let calls = 0;
        const timeout = timers[name](() => calls++, 1);
        clear(timeout);
        clear(timeout);
        spin(3);
        await over();
        expect(calls).toBe(0);
      });

      test.each(['setTimeout', 'setInterval'] as const)('ends %s in its own callback', async (name) => {
        let calls = 0;
        await new Promise<void>((resolve) => {
          const timeout = timers[name](() => {
            calls++;
            clear(timeout);
            resolve();
          }, 1);
        });
        await over();
        expect(calls).toBe(1);
      });

      test('ends what is due at the same time, later and before', async () => {
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
        await over();
        expect(seen).toEqual(['first']);
      });

      test('ends one whose callback throws nothing and never came', async () => {
        const timeout = setTimeout(() => {}, 1);
        await over();
        clear(timeout);
        clear(timeout);
      });
    });

    test('leaves alone what is no timer', () => {
      const other = { _onTimeout: undefined, close: 5 };
      for (const value of [undefined, null, '', 'x', 0, -1, 1e9, Number.NaN, true, {}, [], () => {}, Symbol('s'), 5n, other] as Given[]) {
        clearTimeout(value);
        clearInterval(value);
      }
    });

    test('a number that is written in another way is another', async () => {
      let calls = 0;
      const timeout = setTimeout(() => calls++, 1);
      const number = +timeout;
      clearTimeout(` ${number}`);
      clearTimeout(`${number}.0`);
      clearTimeout(number + 0.5);
      await over();
      expect(calls).toBe(1);
    });

    test('a using scope ends it', async () => {
      let calls = 0;
      {
        using timeout = setTimeout(() => calls++, 1);
        expect(timeout.hasRef()).toBe(true);
      }
      await over();
      expect(calls).toBe(0);
    });

    test('an immediate', async () => {
      let calls = 0;
      clearImmediate(setImmediate(() => calls++));
      await over();
      expect(calls).toBe(0);
    });
  });

  describe('refresh()', () => {
    test.each(['setTimeout', 'setInterval'] as const)('puts off %s, also where it is due', async (name) => {
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

    test('starts it anew in its own callback, and after it', async () => {
      let calls = 0;
      let told = (): void => {};
      const timeout = setTimeout(() => {
        if (++calls === 1) timeout.refresh();
        else told();
      }, 1);
      await new Promise<void>((resolve) => {
        told = resolve;
      });
      expect(calls).toBe(2);
      for (let round = 3; round < 6; round++) {
        await over();
        await new Promise<void>((resolve) => {
          told = resolve;
          // Node's goes on without a reference.
          timeout.refresh().ref();
        });
        expect(calls).toBe(round);
      }
    });

    test.each([
      ['pending', (timeout: Timeout) => clearTimeout(timeout)],
      [
        'fired',
        async (timeout: Timeout) => {
          await over();
          clearTimeout(timeout);
        },
      ],
    ])('does nothing where it was cleared while it was %s', async (_, clear) => {
      let calls = 0;
      const timeout = setTimeout(() => calls++, 1);
      await clear(timeout);
      const before = calls;
      expect(timeout.refresh()).toBe(timeout);
      await over();
      expect(calls).toBe(before);
    });

    test('does nothing where it was cleared in its own callback', async () => {
      let calls = 0;
      const timeout = setTimeout(() => {
        calls++;
        clearTimeout(timeout);
        timeout.refresh();
      }, 1);
      await over();
      expect(calls).toBe(1);
    });
  });

  describe('ref() and unref()', () => {
    test('chain, and hasRef() tells', () => {
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

    test('change nothing about the call', async () => {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 1).unref();
        setTimeout(() => {}, 20);
      });
    });
  });

  describe('numbers', () => {
    test('name one timer each, and stay', () => {
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

    test('are good in the own callback, and over afterwards', async () => {
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
      await over();
      expect(calls).toBe(1);
      const timeout = setTimeout(() => calls++, 1);
      const old = +timeout;
      await over();
      clearTimeout(old);
      timeout.refresh().ref();
      clearTimeout(old);
      await over();
      // A second life is another timer to async_hooks.
      expect(+timeout).not.toBe(old);
      expect(calls).toBe(3);
    });
  });

  describe('async context', () => {
    test('is that of the start', async () => {
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

    test('of a second life is that of refresh()', async () => {
      const storage = new AsyncLocalStorage<string>();
      const seen: unknown[] = [];
      const timeout = storage.run('first', () => setTimeout(() => seen.push(storage.getStore()), 1));
      await over();
      storage.run('second', () => timeout.refresh().ref());
      await over();
      expect(seen).toEqual(['first', 'second']);
    });

    test('is told to the hooks', async () => {
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
          // Off Windows one of Node's is behind it.
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
      await over();
      named('refreshed', () => timeout.refresh().ref());
      expect(+timeout).toBe(ids['refreshed']);
      await over();
      let calls = 0;
      const interval = named('interval', () =>
        setInterval(() => {
          if (++calls === 2) clearInterval(interval);
        }, 1),
      );
      while (calls < 2) await fired();
      await over();
      // Destruction is told later.
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
    test('gives those of the promises', async () => {
      expect(promisify(setTimeout)).toBe(promises.setTimeout);
      expect(promisify(setImmediate)).toBe(promises.setImmediate);
      expect(await promisify(setTimeout)(1, 'value')).toBe('value');
    });

    test('by a property that shows', () => {
      expect(Object.getOwnPropertyDescriptor(setTimeout, promisify.custom)).toMatchObject({ enumerable: true });
      expect(Object.getOwnPropertyDescriptor(setInterval, promisify.custom)).toBeUndefined();
    });

    test('the module has the promises too', () => {
      expect(timers.promises.setTimeout).toBe(promises.setTimeout);
      expect(timers.promises.scheduler).toBe(promises.scheduler);
    });
  });

  test('the functions have their names', () => {
    const names = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'] as const;
    expect(names.map((name) => timers[name].name)).toEqual(names);
  });
});
