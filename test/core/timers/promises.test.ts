// Everything here is true of both rtworkq/timers/promises and node:timers/promises. How they keep the process alive is tested in
// test/lifetime/timers.test.ts.

import { AsyncLocalStorage } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { types } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { settled, spin } from '../../support/time';
import { agreed, KINDS, type Kind, node } from '../../support/timers';

// biome-ignore lint/suspicious/noExplicitAny: what programs without types hand over.
type Given = any;

const INVALID_DELAYS = ['5', '', null, true, {}, [], Symbol('s'), 5n, () => {}, new Date()];
const INVALID_OPTIONS = ['', 'x', null, 5, true, Symbol('s'), [], () => {}];
const INVALID_SIGNALS = ['', 'x', null, 5, true, {}, Symbol('s'), () => {}];
const INVALID_REFS = ['', 'true', null, 0, 1, {}, Symbol('s')];

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

/** Whether the promises settle before the event loop goes on. */
async function atOnce(promises: readonly Promise<unknown>[]): Promise<boolean> {
  const states = await Promise.all(promises.map(settled));
  return states.every(Boolean);
}

describe.each(KINDS)('$kind', ({ promises }) => {
  const { setTimeout, setInterval, setImmediate, scheduler } = promises;

  /** Expects both to reject the call with the same error, and not to throw. */
  async function expectSame(call: (kind: Given) => Promise<unknown>): Promise<void> {
    let made: Promise<unknown> | undefined;
    expect(() => {
      made = call(promises);
    }).not.toThrow();
    const error = await agreed(() => made);
    expect(error).toEqual(await agreed(() => call(node.promises)));
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  }

  describe('setTimeout', () => {
    test('returns a native promise of the value', async () => {
      const promise = setTimeout(1, 'value');
      expect([types.isPromise(promise), promise.constructor.name]).toEqual([true, 'Promise']);
      expect(await promise).toBe('value');
      expect(await setTimeout(1)).toBeUndefined();
      expect(await setTimeout()).toBeUndefined();
      expect(await setTimeout(undefined, 5, {})).toBe(5);
    });

    test('adopts a thenable value', async () => {
      expect(await setTimeout(1, Promise.resolve(5))).toBe(5);
      await expect(setTimeout(1, Promise.reject(new Error('reason')))).rejects.toThrow('reason');
      // biome-ignore lint/suspicious/noThenProperty: on purpose.
      expect(await setTimeout(1, { then: (resolve: (value: string) => void) => resolve('then') })).toBe('then');
      const throwing = Object.defineProperty({}, 'then', {
        get() {
          throw new Error('thrown on purpose');
        },
      });
      await expect(setTimeout(1, throwing)).rejects.toThrow('thrown on purpose');
    });

    test('resolves in the order of the deadlines', async () => {
      const seen: number[] = [];
      // A machine that stalls in between starts the last ones late. Normally the order is 1, 100, 200, 300.
      const due = new Map<number, number>();
      const all = [300, 100, 200, 1].map((delay) => {
        const promise = setTimeout(delay, delay);
        due.set(delay, performance.now() + delay);
        return promise.then((value) => seen.push(value));
      });
      await Promise.all(all);
      expect(seen).toEqual([...due.keys()].sort((one, other) => due.get(one)! - due.get(other)!));
    });

    test('lets code that awaits one timer run before the next timer that is due', async () => {
      const seen: string[] = [];
      const all = [1, 2, 3].map(async (index) => {
        await setTimeout(1);
        seen.push(`timer ${index}`);
        await null;
        seen.push(`microtask ${index}`);
        await new Promise<void>((resolve) => process.nextTick(resolve));
        seen.push(`tick ${index}`);
      });
      spin(5);
      await Promise.all(all);
      expect(seen).toEqual([1, 2, 3].flatMap((index) => [`timer ${index}`, `microtask ${index}`, `tick ${index}`]));
    });

    test.each([0, -0, 0.25])('accepts the delay %p', async (delay) => {
      await setTimeout(delay);
    });
  });

  describe.each([
    ['setTimeout', (kind: Given, ...args: unknown[]) => kind.setTimeout(...args)],
    [
      'setInterval',
      (kind: Given, ...args: unknown[]) => {
        const interval = kind.setInterval(...args);
        const next = interval.next();
        interval.return();
        return next;
      },
    ],
  ])('%s', (name, call) => {
    test.each(INVALID_DELAYS)('rejects the delay %p', (delay) => expectSame((kind) => call(kind, delay)));
    test.each(INVALID_OPTIONS)('rejects the options %p', (options) => expectSame((kind) => call(kind, 1, undefined, options)));
    test.each(INVALID_SIGNALS)('rejects the signal %p', (signal) => expectSame((kind) => call(kind, 1, undefined, { signal })));
    test.each(INVALID_REFS)('rejects the ref %p', (ref) => expectSame((kind) => call(kind, 1, undefined, { ref })));

    test('checks the delay first, then the options, the signal, and ref', async () => {
      await expectSame((kind) => call(kind, 'x', undefined, 'x'));
      await expectSame((kind) => call(kind, 1, undefined, { signal: 5, ref: 5 }));
      await expectSame((kind) => call(kind, 1, undefined, { signal: AbortSignal.abort(), ref: 5 }));
    });

    test('reads inherited options and getters of classes', async () => {
      const signal = AbortSignal.abort('inherited');
      class Options {
        get signal(): AbortSignal {
          return signal;
        }
      }
      for (const options of [Object.create({ signal }), new Options()]) {
        expect(await agreed(() => call(promises, 1, undefined, options))).toMatchObject({ code: 'ABORT_ERR', cause: 'inherited' });
      }
      const bare = Object.assign(Object.create(null), { ref: true });
      await call(promises, 1, undefined, bare);
    });

    test('does not read other options', async () => {
      const options = Object.defineProperty({}, 'other', {
        enumerable: true,
        get() {
          throw new Error('read');
        },
      });
      await call(promises, 1, undefined, options);
    });

    test('rejects with what a getter throws', async () => {
      const options = {
        get signal(): never {
          throw new RangeError('thrown on purpose');
        },
      };
      // Node's setTimeout throws it, which is no model to follow.
      if (name === 'setInterval') await expect(call(promises, 1, undefined, options)).rejects.toThrow('thrown on purpose');
    });

    test('rejects at once if the signal has already aborted', async () => {
      for (const [reason, signal] of [
        ['why', AbortSignal.abort('why')],
        [undefined, AbortSignal.abort()],
        [null, AbortSignal.abort(null)],
      ] as const) {
        const promise: Promise<unknown> = call(promises, 600_000, undefined, { signal });
        expect(await atOnce([promise])).toBe(true);
        const error = await promise.catch((reason) => reason as Error);
        expect(types.isNativeError(error)).toBe(true);
        expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', message: 'The operation was aborted' });
        expect((error as Error).cause).toBe(reason === undefined ? signal.reason : reason);
        expect(Object.keys(error as Error)).not.toContain('cause');
        expect(listenersOf(signal)).toBe(0);
      }
    });

    test('rejects when the signal aborts', async () => {
      const controller = new AbortController();
      const promise: Promise<unknown> = call(promises, 600_000, undefined, { signal: controller.signal });
      expect(await atOnce([promise])).toBe(false);
      expect(listenersOf(controller.signal)).toBe(1);
      const reason = new Error('reason');
      controller.abort(reason);
      expect(await atOnce([promise])).toBe(true);
      expect(await agreed(() => promise)).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
      expect(listenersOf(controller.signal)).toBe(0);
    });

    test('rejects all promises that share a signal', async () => {
      const controller = new AbortController();
      const all: Promise<unknown>[] = Array.from({ length: 9 }, () => call(promises, 600_000, undefined, { signal: controller.signal }));
      controller.abort('all');
      const causes = await Promise.all(all.map((promise) => promise.catch(({ cause }) => cause)));
      expect(causes).toEqual(Array(9).fill('all'));
    });
  });

  describe('setTimeout with a signal', () => {
    test('ignores an abort after it has fired', async () => {
      const controller = new AbortController();
      expect(await setTimeout(1, 'value', { signal: controller.signal })).toBe('value');
      expect(listenersOf(controller.signal)).toBe(0);
      controller.abort();
    });

    test('rejects on an abort when it is due but has not fired', async () => {
      const controller = new AbortController();
      const first = setTimeout(1).then(() => controller.abort('in between'));
      const second = setTimeout(1, undefined, { signal: controller.signal });
      spin(5);
      await expect(second).rejects.toMatchObject({ cause: 'in between' });
      await first;
    });

    test('accepts AbortSignal.any() and AbortSignal.timeout()', async () => {
      const controller = new AbortController();
      const any = AbortSignal.any([controller.signal, new AbortController().signal]);
      const one = setTimeout(600_000, undefined, { signal: any });
      controller.abort('any');
      await expect(one).rejects.toMatchObject({ cause: 'any' });
      await expect(setTimeout(600_000, undefined, { signal: AbortSignal.timeout(1) })).rejects.toMatchObject({
        cause: { name: 'TimeoutError' },
      });
    });
  });

  describe('setInterval', () => {
    test('yields the value again and again', async () => {
      const seen: unknown[] = [];
      for await (const value of setInterval(1, 'value')) if (seen.push(value) === 4) break;
      expect(seen).toEqual(['value', 'value', 'value', 'value']);
      for await (const value of setInterval(1)) {
        expect(value).toBeUndefined();
        break;
      }
    });

    test('awaits a thenable value', async () => {
      const interval = setInterval(1, Promise.resolve(5));
      expect(await interval.next()).toEqual({ done: false, value: 5 });
      await interval.return(undefined);
    });

    test('is an async generator', () => {
      const interval = setInterval(1);
      expect(Object.prototype.toString.call(interval)).toBe('[object AsyncGenerator]');
      expect(interval[Symbol.asyncIterator]()).toBe(interval);
    });

    test('begins at the first next()', async () => {
      const signal = new AbortController().signal;
      const interval = setInterval(20, undefined, { signal });
      expect(listenersOf(signal)).toBe(0);
      spin(25);
      const from = performance.now();
      const first = interval.next();
      expect(listenersOf(signal)).toBe(1);
      await first;
      // Node rounds.
      expect(performance.now() - from).toBeGreaterThan(18.5);
      await interval.return(undefined);
      expect(listenersOf(signal)).toBe(0);
    });

    test('reads its arguments at the first next()', async () => {
      let reads = 0;
      const options = {
        get signal(): undefined {
          reads++;
          return undefined;
        },
      };
      const interval = setInterval(1, undefined, options);
      expect(reads).toBe(0);
      expect(await setInterval('x' as Given).return(undefined)).toEqual({ done: true, value: undefined });
      await interval.next();
      expect(reads).toBeGreaterThan(0);
      const before = reads;
      await interval.next();
      expect(reads).toBe(before);
      await interval.return(undefined);
    });

    test('keeps ticking between calls of next(), and then yields the ticks at once', async () => {
      const interval = setInterval(1, 'tick');
      const other = setInterval(1);
      await interval.next();
      for (let count = 0; count < 20; count++) await other.next();
      await other.return(undefined);
      // All at once, although another tick may come meanwhile.
      const all = Array.from({ length: 5 }, () => interval.next());
      expect(await atOnce(all)).toBe(true);
      expect(await Promise.all(all)).toEqual(Array(5).fill({ done: false, value: 'tick' }));
      await interval.return(undefined);
    });

    test('resolves several next() calls in order', async () => {
      const interval = setInterval(1, 'tick');
      const seen: number[] = [];
      await Promise.all([0, 1, 2].map((index) => interval.next().then(() => seen.push(index))));
      expect(seen).toEqual([0, 1, 2]);
      await interval.return(undefined);
    });

    const endings: [string, (interval: AsyncGenerator) => Promise<unknown>][] = [
      ['return()', (interval) => interval.return('last')],
      ['throw()', (interval) => interval.throw(new Error('last')).catch(({ message }) => ({ done: true, value: message }))],
    ];
    test.each(endings)('ends on %s', async (_, end) => {
      const { signal } = new AbortController();
      const interval = setInterval(1, 'tick', { signal });
      await interval.next();
      expect(listenersOf(signal)).toBe(1);
      expect(await end(interval)).toEqual({ done: true, value: 'last' });
      expect(listenersOf(signal)).toBe(0);
      expect(await interval.next()).toEqual({ done: true, value: undefined });
      const unused = setInterval(1, 'tick', { signal });
      expect(await end(unused)).toEqual({ done: true, value: 'last' });
      expect(await unused.next()).toEqual({ done: true, value: undefined });
    });

    test('ends when the loop is left by break, throw or return', async () => {
      const { signal } = new AbortController();
      const options = { signal };
      for await (const _ of setInterval(1, undefined, options)) break;
      expect(listenersOf(signal)).toBe(0);
      const thrown = (async () => {
        for await (const _ of setInterval(1, undefined, options)) throw new Error('thrown on purpose');
      })();
      await expect(thrown).rejects.toThrow('thrown on purpose');
      expect(listenersOf(signal)).toBe(0);
      await (async () => {
        for await (const _ of setInterval(1, undefined, options)) return;
      })();
      expect(listenersOf(signal)).toBe(0);
    });

    test('return() waits for a pending next()', async () => {
      const interval: AsyncGenerator<unknown> = setInterval(20, 'tick');
      const seen: string[] = [];
      const next = interval.next().then(({ value }) => seen.push(String(value)));
      const end = interval.return('end').then(({ value }) => seen.push(String(value)));
      await Promise.all([next, end]);
      expect(seen).toEqual(['tick', 'end']);
    });

    test('yields the ticks that came before it was aborted', async () => {
      const controller = new AbortController();
      const interval = setInterval(1, 'tick', { signal: controller.signal });
      const other = setInterval(1);
      await interval.next();
      for (let count = 0; count < 20; count++) await other.next();
      await other.return(undefined);
      controller.abort('aborted');
      expect(await interval.next()).toEqual({ done: false, value: 'tick' });
      let left = 0;
      const error = await (async () => {
        for await (const _ of interval) left++;
      })().catch((reason) => reason);
      expect(error).toMatchObject({ code: 'ABORT_ERR', cause: 'aborted' });
      expect(left).toBeGreaterThan(3);
      expect(listenersOf(controller.signal)).toBe(0);
      expect(await interval.next()).toEqual({ done: true, value: undefined });
    });

    test('rejects the next turn if it was aborted in the body of the loop', async () => {
      const controller = new AbortController();
      let ticks = 0;
      const loop = (async () => {
        for await (const _ of setInterval(200, undefined, { signal: controller.signal })) {
          ticks++;
          controller.abort('inside');
        }
      })();
      await expect(loop).rejects.toMatchObject({ name: 'AbortError', cause: 'inside' });
      expect(ticks).toBe(1);
      expect(listenersOf(controller.signal)).toBe(0);
    });

    test('keeps the async context of the code that awaits it', async () => {
      const storage = new AsyncLocalStorage<string>();
      const seen = await storage.run('outer', async () => {
        const stores: unknown[] = [];
        for await (const _ of setInterval(1)) if (stores.push(storage.getStore()) === 3) break;
        await setTimeout(1);
        stores.push(storage.getStore());
        return stores;
      });
      expect(seen).toEqual(Array(4).fill('outer'));
    });
  });

  test('an abort rejects even if another listener calls stopImmediatePropagation()', async () => {
    const hiding = (): AbortController => {
      const controller = new AbortController();
      controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation());
      return controller;
    };
    const one = hiding();
    const timeout = setTimeout(600_000, undefined, { signal: one.signal });
    one.abort('one');
    await expect(timeout).rejects.toMatchObject({ cause: 'one' });
    const two = hiding();
    const interval = setInterval(600_000, undefined, { signal: two.signal }).next();
    two.abort('two');
    await expect(interval).rejects.toMatchObject({ cause: 'two' });
  });

  describe('setImmediate', () => {
    test('resolves with the value, and rejects as Node does', async () => {
      expect(await setImmediate('value')).toBe('value');
      expect(await setImmediate()).toBeUndefined();
      await expect(setImmediate(1, { signal: AbortSignal.abort('why') })).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'why' });
      await expectSame((kind) => kind.setImmediate(1, { ref: 5 }));
    });
  });

  describe('scheduler', () => {
    test('waits and yields', async () => {
      const from = performance.now();
      expect(await scheduler.wait(10)).toBeUndefined();
      expect(performance.now() - from).toBeGreaterThan(8.5);
      let immediate = false;
      globalThis.setImmediate(() => {
        immediate = true;
      });
      expect(await scheduler.yield()).toBeUndefined();
      expect(immediate).toBe(true);
    });

    test('wait() rejects on abort', async () => {
      await expect(scheduler.wait(600_000, { signal: AbortSignal.abort('why') })).rejects.toMatchObject({
        code: 'ABORT_ERR',
        cause: 'why',
      });
      const controller = new AbortController();
      const waiting = scheduler.wait(600_000, { signal: controller.signal });
      controller.abort('later');
      await expect(waiting).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'later' });
      await expectSame((kind) => kind.scheduler.wait('x'));
    });

    test('is the only instance of its class', () => {
      const Scheduler = (scheduler as Given).constructor;
      expect(Scheduler.name).toBe('Scheduler');
      expect(() => new Scheduler()).toThrow(expect.objectContaining({ name: 'TypeError', code: 'ERR_ILLEGAL_CONSTRUCTOR' }));
      expect(Object.hasOwn(scheduler, 'wait')).toBe(false);
    });

    test.each(['wait', 'yield'] as const)('%s() throws for any other object', async (name) => {
      const { prototype } = (scheduler as Given).constructor;
      for (const self of [{}, Object.create(prototype), Object.create(null), () => {}]) {
        const call = ({ promises: { scheduler } }: Kind): Promise<object> => agreed(() => Reflect.apply(scheduler[name], self, [1]));
        expect(await call({ promises } as Kind)).toEqual(await call(node));
        expect(() => Reflect.apply(scheduler[name], self, [1])).toThrow(
          expect.objectContaining({ code: 'ERR_INVALID_THIS', message: 'Value of "this" must be of type Scheduler' }),
        );
      }
      expect(() => Reflect.apply(scheduler[name], undefined, [1])).toThrow(expect.objectContaining({ name: 'TypeError' }));
    });
  });
});
