// Hostile options, signals, callbacks and prototypes: each timer settles once, and no other is lost.

import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { shutdown, startup } from 'rtworkq';
import { setTimeout as callLater, clearTimeout, type Timeout } from 'rtworkq/timers';
import { setInterval, setTimeout, sleepUntil } from 'rtworkq/timers/promises';
import { runCode } from '../../support/child';
import { failureOf } from '../../support/errors';
import { acting, counting, foreignSignal } from '../../support/hostile';
import { spin } from '../../support/time';

// biome-ignore lint/suspicious/noExplicitAny: what hostile programs hand over has no type.
type Given = any;

afterEach(() => shutdown());

const first = async (options: Given): Promise<unknown> => {
  const ticks = setInterval(1, 'value', options);
  try {
    return (await ticks.next()).value;
  } finally {
    await ticks.return();
  }
};

const CALLS: [string, readonly string[], (options: Given) => Promise<unknown>][] = [
  ['setTimeout', ['signal', 'ref'], (options) => setTimeout(1, 'value', options)],
  ['sleepUntil', ['signal', 'ref'], async (options) => (await sleepUntil(performance.now() + 1, options)) ?? 'value'],
  ['setInterval', ['signal', 'ref', 'details', 'missed'], first],
];

const VALUES: Readonly<Record<string, unknown>> = { ref: true, details: false, missed: 'burst' };
const bagOf = (names: readonly string[], signal = new AbortController().signal): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, name === 'signal' ? signal : VALUES[name]]));

describe.each(CALLS)('the options of %s', (_, names, call) => {
  test('are read once each, and nothing else is done with them', async () => {
    const { options, reads, others } = counting(bagOf(names));
    expect(await call(options)).toBe('value');
    expect(reads).toEqual(Object.fromEntries(names.map((name) => [name, 1])));
    expect(others).toEqual([]);
  });

  test.each(names)('make it reject with what a getter of %s throws', async (name) => {
    const options = acting(bagOf(names), name, () => {
      throw new RangeError('thrown on purpose');
    });
    await expect(call(options)).rejects.toThrow('thrown on purpose');
  });

  test.each(names)('can have a getter of %s that shuts down and clears and starts timers', async (name) => {
    let inner: Promise<unknown> | undefined;
    const cleared = callLater(() => {
      throw new Error('called');
    }, 1);
    const other = setTimeout(3, 'other');
    const lease = startup();
    const options = acting(bagOf(names), name, () => {
      cleared.close();
      lease.release();
      shutdown();
      inner = setTimeout(2, 'inner');
    });
    expect(await call(options)).toBe('value');
    expect(await Promise.all([inner, other])).toEqual(['inner', 'other']);
  });

  test.each(names)('can have a getter of %s that aborts the signal', async (name) => {
    const controller = new AbortController();
    const options = acting(bagOf(names, controller.signal), name, () => controller.abort('by a getter'));
    // A signal is checked when it is read.
    if (name === 'signal') {
      expect(await failureOf(() => call(options))).toMatchObject({ code: 'ABORT_ERR', cause: 'by a getter' });
    } else {
      const came = await call(options).catch(({ cause }) => cause);
      expect(['value', 'by a getter']).toContain(came);
    }
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('can have a foreign signal, which keeps no listener after it has aborted', async () => {
    const foreign = foreignSignal({ reason: () => 'foreign' });
    const promise = call({ signal: foreign.signal });
    foreign.abort();
    expect(await failureOf(() => promise)).toMatchObject({ code: 'ABORT_ERR', cause: 'foreign' });
    await new Promise(setImmediate);
    expect(foreign.listeners.size).toBe(0);
  });

  test('can have a foreign signal, which keeps no listener after the timer has fired', async () => {
    const foreign = foreignSignal();
    expect(await call({ signal: foreign.signal })).toBe('value');
    await new Promise(setImmediate);
    expect(foreign.listeners.size).toBe(0);
    foreign.abort();
  });

  test('can have a foreign signal that aborts in addEventListener()', async () => {
    const foreign = foreignSignal({ add: (listener) => listener() });
    expect(await failureOf(() => call({ signal: foreign.signal }))).toMatchObject({ code: 'ABORT_ERR' });
  });

  test('can have a foreign signal that shuts down in addEventListener()', async () => {
    const foreign = foreignSignal({ add: () => shutdown() });
    expect(await call({ signal: foreign.signal })).toBe('value');
  });

  test.each([
    ['the aborted getter', 'aborted'],
    ['addEventListener()', 'add'],
  ] as const)('make it reject with what %s of a foreign signal throws', async (_name, step) => {
    const foreign = foreignSignal({
      [step]: () => {
        throw new RangeError('thrown on purpose');
      },
    });
    await expect(call({ signal: foreign.signal })).rejects.toThrow('thrown on purpose');
  });

  test('make it reject with an AbortError whose cause is what the reason getter of a foreign signal throws', async () => {
    const foreign = foreignSignal({
      reason() {
        throw new RangeError('thrown on purpose');
      },
    });
    const promise = call({ signal: foreign.signal });
    foreign.abort();
    expect(await failureOf(() => promise)).toMatchObject({ code: 'ABORT_ERR', cause: { message: 'thrown on purpose' } });
  });

  test('can have a signal with overridden methods, which are not called', async () => {
    const controller = new AbortController();
    const changed = (): never => {
      throw new Error('asked');
    };
    for (const name of ['addEventListener', 'removeEventListener', 'aborted', 'reason']) {
      Object.defineProperty(controller.signal, name, { get: changed });
    }
    const promise = call({ signal: controller.signal });
    controller.abort('why');
    await expect(promise).rejects.toMatchObject({ cause: 'why' });
  });
});

describe('a callback', () => {
  test('that clears all timers stops even those that are due', async () => {
    const all: Timeout[] = [];
    let calls = 0;
    await new Promise<void>((resolve) => {
      for (let index = 0; index < 500; index++) {
        all.push(
          callLater(() => {
            calls++;
            for (const timeout of all) clearTimeout(timeout);
            resolve();
          }, index % 3),
        );
      }
      spin(5);
    });
    await setTimeout(5);
    expect(calls).toBe(1);
  });

  test('that starts thousands of timers loses none of them', async () => {
    let left = 3_000;
    await new Promise<void>((resolve) => {
      const again = (): void => {
        if (left <= 0) return;
        left -= 2;
        callLater(again, Math.random());
        callLater(left <= 0 ? resolve : again, 0.1);
      };
      again();
    });
  });

  test('that refreshes the timers that are due with it postpones them', async () => {
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const others: Timeout[] = [];
      callLater(() => {
        seen.push('first');
        callLater(() => seen.push('between'), 1);
        for (const other of others) other.refresh();
      }, 1);
      for (let index = 0; index < 3; index++) others.push(callLater(() => seen.push('other') === 5 && resolve(), 5));
      spin(8);
    });
    expect(seen).toEqual(['first', 'between', 'other', 'other', 'other']);
  });

  test('can be a Proxy, or a bound, async or generator function', async () => {
    let calls = 0;
    const count = function (this: unknown): void {
      calls++;
    };
    callLater(new Proxy(count, {}), 1);
    callLater(count.bind(null), 1);
    callLater(async () => count(), 1);
    callLater(function* () {} as Given, 1);
    await setTimeout(2);
    expect(calls).toBe(3);
  });
});

describe('timers in a patched environment', () => {
  const { Promise: RealPromise, setImmediate: realSetImmediate } = globalThis;

  test("keep running beside Jest's fake timers", async () => {
    jest.useFakeTimers();
    try {
      expect(performance.now()).toBe(performance.now());
      let calls = 0;
      await new RealPromise<void>((resolve) => {
        callLater(() => {
          calls++;
          realSetImmediate(resolve);
        }, 2);
      });
      expect(await setTimeout(1, 'value')).toBe('value');
      for await (const value of setInterval(1, 'tick', { missed: 'delay' })) {
        expect(value).toBe('tick');
        break;
      }
      const down = shutdown();
      expect(await setTimeout(1, 'value')).toBe('value');
      await down;
      expect(calls).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });

  test.each([
    // Without pop: Node itself calls it.
    [
      'array methods',
      "for (const name of ['push', 'shift', 'unshift', 'splice', 'slice', 'concat', 'map', 'filter', 'forEach', 'includes']) Array.prototype[name] = fail; Array.prototype[Symbol.iterator] = fail;",
    ],
    ['function methods', "for (const name of ['call', 'apply', 'bind']) Function.prototype[name] = fail;"],
    ['promise methods', "for (const name of ['then', 'catch', 'finally']) Promise.prototype[name] = fail;"],
    [
      'global timers',
      "for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'queueMicrotask']) globalThis[name] = fail;",
    ],
    [
      'timers of the Node modules',
      "Object.assign(require('node:timers'), { setTimeout: fail, setImmediate: fail, clearTimeout: fail, clearInterval: fail }); Object.assign(require('node:timers/promises'), { setTimeout: fail, setImmediate: fail });",
    ],
    ['process.nextTick()', 'process.nextTick = fail;'],
    ['the clock', 'performance.now = () => 0; Date.now = () => 0;'],
    [
      'signal methods',
      "for (const name of ['addEventListener', 'removeEventListener']) EventTarget.prototype[name] = fail; Object.defineProperty(AbortSignal.prototype, 'aborted', { get: fail });",
    ],
    [
      'Object.prototype options',
      "for (const name of ['signal', 'ref', 'missed', 'details']) Object.defineProperty(Object.prototype, name, { configurable: true, value: 5 });",
    ],
  ])('work with patched %s', async (_, change) => {
    const ended = await runCode(
      `const timers = require('rtworkq/timers');
       const promises = require('rtworkq/timers/promises');
       const { writeSync } = require('node:fs');
       const controller = new AbortController();
       const hrtime = process.hrtime.bigint;
       const from = hrtime();
       const arrays = Object.getOwnPropertyDescriptors(Array.prototype);
       const fail = () => { writeSync(2, new Error('called').stack); process.exit(9); };
       const seen = {};
       // Ends the program directly: Node's own code at the end may call what is patched.
       const { exit } = process;
       async function main(print) {
         let [calls, args] = [0, ''];
         await new Promise((resolve) => {
           const cleared = timers.setTimeout(fail, 1);
           timers.clearTimeout(cleared);
           timers.clearTimeout(+timers.setTimeout(fail, 1));
           const timeout = timers.setTimeout((one, two) => { args = one + two; if (++calls === 1) timeout.refresh(); }, 2, 'a', 'b');
           const interval = timers.setInterval(() => { if (++calls >= 5) { timers.clearInterval(interval); timers.setTimeout(resolve, 5); } }, 1);
           for (let index = 0; index < 300; index++) timers.setTimeout(fail, 600000).close();
         });
         seen.calls = calls >= 5;
         seen.args = args;
         seen.value = await promises.setTimeout(1.5, 'value');
         const aborted = new Promise((resolve) => {
           (async () => { try { await promises.setTimeout(600000, 1, OPTIONS); } catch (error) { resolve(error.cause); } })();
         });
         timers.setTimeout(() => controller.abort('why'), 1);
         seen.cause = await aborted;
         let ticks = 0;
         for await (const tick of promises.setInterval(1, 'tick')) if (++ticks === 3) break;
         seen.ticks = ticks;
         const pending = promises.setTimeout(5);
         // shutdown() is not part of the timers.
         Object.defineProperties(Array.prototype, arrays);
         rtworkq.shutdown();
         await pending;
         seen.early = Number(hrtime() - from) / 1e6 < 10;
         print();
       }
       const OPTIONS = Object.assign(Object.create(null), { signal: controller.signal });
       // Started before the change: other parts of the package may use what is patched.
       rtworkq.startup();
       const text = JSON.stringify;
       main(() => { writeSync(1, text(seen)); exit(0); });
       ${change}`,
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.last)).toEqual({ calls: true, args: 'ab', value: 'value', cause: 'why', ticks: 3, early: false });
  });

  test('work with async_hooks hooks that start and clear timers and shut down', async () => {
    const ended = await runCode(
      `const timers = require('rtworkq/timers');
       const promises = require('rtworkq/timers/promises');
       const { createHook } = require('node:async_hooks');
       let [inside, started, count] = [false, 0, 0];
       const act = () => {
         if (inside || started === 300) return;
         inside = true;
         const timeout = timers.setTimeout(() => count++, 1);
         started++;
         if (started % 3 === 0) { timeout.close(); count++; }
         if (started % 50 === 0) rtworkq.shutdown();
         inside = false;
       };
       createHook({ init: act, promiseResolve: act, destroy: act, before: act, after: act }).enable();
       (async () => {
         const value = await promises.setTimeout(2, 'value');
         for await (const _ of promises.setInterval(1)) if (started === 300) break;
         await rtworkq.shutdown();
         while (count < 300) await promises.setTimeout(1);
         console.log(value, started, count);
       })();`,
    );
    expect(ended).toMatchObject({ code: 0, last: 'value 300 300', stderr: '' });
  });
});
