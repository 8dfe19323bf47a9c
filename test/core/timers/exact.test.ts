// What Node's timers lack: fractional delays, deadlines, ticks that are accounted for. No test here measures how late they are.

import { afterEach, describe, expect, test } from '@jest/globals';
import { isSupported, shutdown } from 'rtworkq';
import { setInterval as callEvery, setTimeout as callLater, clearInterval } from 'rtworkq/timers';
import { type IntervalOptions, type IntervalTick, setInterval, setTimeout, sleepUntil } from 'rtworkq/timers/promises';
import { runCode } from '../../support/child';
import { failureOf } from '../../support/errors';
import { loadedAddon, loadHelper } from '../../support/helper';
import { settled, spin } from '../../support/time';

// The rounding error of sums of such numbers is smaller.
const EXACT = 1e-6;
const PERIOD = 5;

// biome-ignore lint/suspicious/noExplicitAny: what programs without types hand over.
type Given = any;
type Ticks = AsyncGenerator<IntervalTick, void>;

const now = (): number => performance.now();
const ticking = (options: IntervalOptions = {}, period = PERIOD): Ticks => setInterval(period, undefined, { ...options, details: true });
const next = async (ticks: Ticks): Promise<IntervalTick> => (await ticks.next()).value as IntervalTick;

/** How many periods lie between two ticks. */
function periodsBetween(one: IntervalTick, other: IntervalTick, period = PERIOD): number {
  const periods = (other.dueAt - one.dueAt) / period;
  expect(Math.abs(periods - Math.round(periods))).toBeLessThan(EXACT);
  return Math.round(periods);
}

// test/host/timers.test.ts runs this file off Windows too, where timers have no alarm of ours.
const alarmTest = isSupported() ? test : (test.skip as typeof test);

afterEach(async () => {
  if (isSupported()) await shutdown();
});

const delays = (): number[] => Array.from({ length: 2_000 }, () => 0.05 + Math.random() ** 2 * 200);

/** 2,000 timers of random delays, none of them early. */
async function neverEarly(start: (delay: number) => Promise<unknown>): Promise<void> {
  const early = await Promise.all(
    delays().map(async (delay) => {
      const from = now();
      await start(delay);
      return delay - (now() - from);
    }),
  );
  expect(Math.max(...early)).toBeLessThan(EXACT);
}

describe('a timer is never early', () => {
  test('as a callback', () => neverEarly((delay) => new Promise<void>((resolve) => callLater(resolve, delay))));
  test('as a promise', () => neverEarly((delay) => setTimeout(delay)));
  test('as a deadline', () => neverEarly((delay) => sleepUntil(now() + delay)));

  test('as several deadlines, which fire in their order', async () => {
    const start = now();
    const seen: number[] = [];
    await Promise.all(delays().map((delay) => sleepUntil(start + delay).then(() => seen.push(delay))));
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  });

  test('as an interval: the n-th call comes n periods after the start, even after JavaScript was busy', async () => {
    const from = now();
    const times: number[] = [];
    await new Promise<void>((resolve) => {
      const interval = callEvery(() => {
        if (times.push(now()) % 10 === 0) spin(7);
        if (times.length < 50) return;
        clearInterval(interval);
        resolve();
      }, 1.7);
    });
    for (const [index, time] of times.entries()) expect(time - from - 1.7 * (index + 1)).toBeGreaterThan(-EXACT);
  });

  test('after refresh(): it fires in its new order, even if all timers are overdue', async () => {
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const timeout = callLater(() => {
        seen.push('refreshed');
        resolve();
      }, 2);
      callLater(() => seen.push('other'), 4);
      spin(3);
      timeout.refresh();
      spin(10);
    });
    expect(seen).toEqual(['other', 'refreshed']);
  });

  // As on a Windows without high-resolution timers.
  alarmTest.each([
    ['early', 16, 0],
    ['late', 0, 16],
    ['early and late', 16, 16],
  ])('if the alarm rings up to a tick %s', async (_, early, late) => {
    await setTimeout(1);
    const helper = loadHelper();
    helper.shiftTimers(loadedAddon(helper), early, late);
    try {
      await neverEarly((delay) => setTimeout(delay));
      const ticks = ticking();
      let [before, count] = [await next(ticks), 0];
      for (; count < 20; count++) {
        const tick = await next(ticks);
        expect(tick.firedAt - tick.dueAt).toBeGreaterThan(-EXACT);
        expect(periodsBetween(before, tick)).toBe(1 + tick.missed);
        before = tick;
      }
      await ticks.return();
    } finally {
      helper.shiftTimers(loadedAddon(helper), 0, 0);
    }
  });
});

describe('a fractional delay', () => {
  test.each([0.25, 0.5, 1.5, 16.667])('of %d ms is kept by timeouts and intervals', async (delay) => {
    const from = now();
    await setTimeout(delay);
    expect(now() - from - delay).toBeGreaterThan(-EXACT);
    const ticks = ticking({}, delay);
    const start = now();
    const first = await next(ticks);
    // Less than a millisecond does not become a whole one.
    expect(first.dueAt - start - delay * (1 + first.missed)).toBeGreaterThan(-EXACT);
    expect(periodsBetween(first, await next(ticks), delay)).toBeGreaterThan(0);
    await ticks.return();
  });

  test("below Windows' timer unit counts as one unit", async () => {
    await setTimeout(Number.MIN_VALUE);
    const ticks = ticking({}, Number.MIN_VALUE);
    for (let count = 0; count < 3; count++) expect(Number.isSafeInteger((await next(ticks)).missed)).toBe(true);
    await ticks.return();
  });
});

describe('the ticks of an interval', () => {
  test.each([1.1, 1 / 3, Math.PI])('of %d ms do not drift', async (period) => {
    const ticks = ticking({}, period);
    const before = now();
    const first = await next(ticks);
    let [last, periods] = [first, 0];
    const start = first.dueAt - (1 + first.missed) * period;
    expect(start - before).toBeGreaterThan(-EXACT);
    for (let count = 0; count < 300; count++) {
      const tick = await next(ticks);
      periods += 1 + tick.missed;
      expect(Math.abs(tick.dueAt - first.dueAt - periods * period)).toBeLessThan(EXACT);
      expect(tick.firedAt - tick.dueAt).toBeGreaterThan(-EXACT);
      expect(tick.firedAt).toBeLessThanOrEqual(now());
      expect(tick.dueAt).toBeGreaterThan(last.dueAt);
      last = tick;
    }
    await ticks.return();
  });

  test('are plain objects, or the value without details', async () => {
    const ticks = ticking();
    expect(await next(ticks)).toEqual({ firedAt: expect.any(Number), dueAt: expect.any(Number), missed: expect.any(Number) });
    await ticks.return();
    for (const options of [{ details: false }, { details: undefined, missed: undefined }] as const) {
      for await (const value of setInterval(1, 'value', options)) {
        expect(value).toBe('value');
        break;
      }
    }
  });
});

/** Ways to miss ticks: the consumer is away while they come, or JavaScript is busy. Both last for AWAY periods and a half. */
const ABSENCES: [string, (until: number) => unknown][] = [
  ['a consumer that is away', (until) => sleepUntil(until)],
  ['JavaScript that is busy', (until) => spin(until - now())],
];
const AWAY = 5;

/** Starts a timer that is due now, so after all missed ticks. `fired` tells whether it has fired. */
function startLater(): { fired: boolean } {
  const later = { fired: false };
  sleepUntil(now()).then(() => {
    later.fired = true;
  });
  return later;
}

describe.each(ABSENCES)('the ticks missed by %s', (absence, stayAway) => {
  const busy = absence.includes('busy');

  /** Stays away until at least AWAY more ticks have been due. Resolves with the last tick before, and the time afterwards. */
  async function missTicks(ticks: Ticks): Promise<[IntervalTick, number]> {
    const last = await next(ticks);
    await stayAway(last.dueAt + (AWAY + 0.5) * PERIOD);
    return [last, now()];
  }

  test('without a policy, are handled as in Node', async () => {
    const ticks = ticking();
    let [last] = await missTicks(ticks);
    for (let count = 0; count < 10; count++) {
      const tick = await next(ticks);
      expect(periodsBetween(last, tick)).toBe(1 + tick.missed);
      // One tick stands for all.
      if (busy && count === 0) expect(tick.missed).toBeGreaterThanOrEqual(AWAY - 1);
      last = tick;
    }
    await ticks.return();
  });

  test("with 'burst', all follow at once", async () => {
    const ticks = ticking({ missed: 'burst' });
    let [last, back] = await missTicks(ticks);
    const later = startLater();
    for (let count = 0; count < 12; count++) {
      const tick = await next(ticks);
      if (count < AWAY) expect([later.fired, tick.dueAt < back]).toEqual([false, true]);
      expect(tick.missed).toBe(0);
      expect(periodsBetween(last, tick)).toBe(1);
      last = tick;
    }
    await ticks.return();
  });

  test("with 'burst' and without details, all follow at once", async () => {
    const ticks = setInterval(PERIOD, 'tick', { missed: 'burst' });
    await ticks.next();
    await stayAway(now() + (AWAY + 0.5) * PERIOD);
    const later = startLater();
    for (let count = 0; count < AWAY; count++) await ticks.next();
    expect(later.fired).toBe(false);
    await ticks.return();
  });

  test("with 'skip', collapse into one tick, and the next is at a whole number of periods", async () => {
    const ticks = ticking({ missed: 'skip' });
    let [last, back] = await missTicks(ticks);
    for (let count = 0; count < 3; count++) {
      const tick = await next(ticks);
      expect(periodsBetween(last, tick)).toBe(1 + tick.missed);
      if (count === 0) expect(tick.missed).toBeGreaterThanOrEqual(AWAY - 1);
      // No tick is left from before.
      else expect(tick.dueAt).toBeGreaterThan(back - PERIOD);
      last = tick;
      back = now();
    }
    await ticks.return();
  });

  test("with 'delay', move the next tick to a period later", async () => {
    const ticks = ticking({ missed: 'delay' });
    let [last] = await missTicks(ticks);
    // The earliest time at which the last tick was taken. The first tick now was started before the consumer was away.
    let taken = 0;
    for (let count = 0; count < 5; count++) {
      const asked = now();
      const tick = await next(ticks);
      expect(tick.missed).toBe(0);
      expect(tick.dueAt - PERIOD - Math.max(last.dueAt, last.dueAt + PERIOD <= taken ? taken : 0)).toBeGreaterThan(-EXACT);
      taken = asked;
      last = tick;
    }
    await ticks.return();
  });
});

describe.each([undefined, 'burst', 'skip', 'delay'] as const)('an interval with missed: %p', (missed) => {
  test('yields the ticks that are left after an abort, and starts no more', async () => {
    const controller = new AbortController();
    const ticks = ticking({ missed, signal: controller.signal }, 1);
    await next(ticks);
    await setTimeout(5);
    controller.abort('why');
    // At least one tick had come.
    await next(ticks);
    let [left, error] = [0, undefined];
    while (!error)
      await next(ticks).then(
        () => left++,
        (reason) => (error = reason),
      );
    expect(error).toMatchObject({ code: 'ABORT_ERR', cause: 'why' });
    if (missed === 'skip' || missed === 'delay') expect(left).toBe(0);
    expect(await ticks.next()).toEqual({ done: true, value: undefined });
  });
});

alarmTest("an interval with missed: 'delay' sets no timer when a tick that is left after an abort is taken", async () => {
  const controller = new AbortController();
  const ticks = ticking({ missed: 'delay', signal: controller.signal }, 1);
  await next(ticks);
  await setTimeout(5);
  controller.abort();
  const helper = loadHelper();
  helper.shiftTimers(loadedAddon(helper), 0, 0);
  helper.timersSet();
  await next(ticks);
  expect(helper.timersSet()).toBe(0);
  await expect(ticks.next()).rejects.toMatchObject({ code: 'ABORT_ERR' });
});

describe("setInterval's own options", () => {
  test.each([
    [{ details: 1 }, 'ERR_INVALID_ARG_TYPE', 'The "options.details" property must be of type boolean. Received type number (1)'],
    [{ missed: 1 }, 'ERR_INVALID_ARG_TYPE', 'The "options.missed" property must be of type string. Received type number (1)'],
    [{ missed: null }, 'ERR_INVALID_ARG_TYPE', 'The "options.missed" property must be of type string. Received null'],
    [
      { missed: 'none' },
      'ERR_INVALID_ARG_VALUE',
      "The property 'options.missed' must be one of: 'burst', 'skip', 'delay'. Received 'none'",
    ],
  ])('reject the first next() if invalid: %p', async (options, code, message) => {
    const ticks = setInterval(1, undefined, options as Given);
    expect(await failureOf(() => ticks.next())).toMatchObject({ code, message });
    expect(await ticks.next()).toEqual({ done: true, value: undefined });
  });

  test('can be inherited', async () => {
    const ticks = setInterval(1, undefined, Object.create({ details: true })) as Ticks;
    expect(await next(ticks)).toHaveProperty('dueAt');
    await ticks.return();
  });
});

describe('sleepUntil', () => {
  test('resolves for a time in the past', async () => {
    for (const time of [0, -1, -1e300, now() - 1, now()]) expect(await sleepUntil(time)).toBeUndefined();
  });

  test.each([
    ['a Date', (time: number) => new Date(time)],
    ['a Temporal.Instant', (epochMilliseconds: number) => ({ epochMilliseconds })],
  ])('takes %s', async (_, at) => {
    // A Date has whole milliseconds.
    const from = Math.ceil(Date.now());
    await sleepUntil(at(from + 20));
    expect(Date.now() - from).toBeGreaterThanOrEqual(19);
    expect(await sleepUntil(at(from - 1e6))).toBeUndefined();
  });

  test('waits for a time in the far future, until it is aborted', async () => {
    const controller = new AbortController();
    const far = [2 ** 31, 2 ** 40, 1e300].map((time) => sleepUntil(now() + time, { signal: controller.signal }));
    await setTimeout(5);
    for (const each of far) expect(await settled(each)).toBe(false);
    controller.abort('enough');
    for (const each of far) await expect(each).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'enough' });
  });

  test.each([
    ['5', 'ERR_INVALID_ARG_TYPE'],
    [undefined, 'ERR_INVALID_ARG_TYPE'],
    [5n, 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
    [{}, 'ERR_INVALID_ARG_TYPE'],
    [{ epochMilliseconds: '5' }, 'ERR_INVALID_ARG_TYPE'],
    [new Date(Number.NaN), 'ERR_OUT_OF_RANGE'],
    [Number.NaN, 'ERR_OUT_OF_RANGE'],
    [Number.POSITIVE_INFINITY, 'ERR_OUT_OF_RANGE'],
    [Number.NEGATIVE_INFINITY, 'ERR_OUT_OF_RANGE'],
  ])('rejects %p', async (time, code) => {
    expect(await failureOf(() => sleepUntil(time as Given))).toMatchObject({ code, message: expect.stringContaining('"time"') });
  });

  test('has the same options as setTimeout', async () => {
    for (const options of [null, 5, [], { signal: 5 }, { ref: 5 }] as Given[]) {
      const [own, other] = [await failureOf(() => sleepUntil(0, options)), await failureOf(() => setTimeout(1, undefined, options))];
      expect([own.message, own.code]).toEqual([other.message, other.code]);
    }
    await expect(sleepUntil(0, { signal: AbortSignal.abort('why') })).rejects.toMatchObject({ cause: 'why' });
  });
});

describe('a probable mistake is a warning, once', () => {
  test.each([
    ['RTWORKQ_OPTIONS_AS_VALUE', 'setTimeout(1, { signal: AbortSignal.abort() })'],
    ['RTWORKQ_OPTIONS_AS_VALUE', "setInterval(1, { missed: 'skip', details: true }).next()"],
    ['RTWORKQ_EPOCH_TIME', 'sleepUntil(Date.now() + 10, { ref: false })'],
  ])('%s: %s', async (code, call) => {
    const ended = await runCode(`
      const { setTimeout, setInterval, sleepUntil } = require('rtworkq/timers/promises');
      const codes = [];
      process.on('warning', ({ code }) => codes.push(code));
      ${call};
      ${call};
      setImmediate(() => {
        console.log(codes.join());
        process.exit();
      });`);
    expect(ended).toMatchObject({ code: 0, last: code });
  });

  test.each([
    'setTimeout(1, {})',
    'setTimeout(1, [])',
    'setTimeout(1, { signal: 1, data: 2 })',
    'setTimeout(1, { ref: true }, {})',
    'sleepUntil(1e11, { ref: false })',
  ])('none for %s', async (call) => {
    const ended = await runCode(`
        const { setTimeout, sleepUntil } = require('rtworkq/timers/promises');
        ${call};
        setImmediate(() => console.log('over'));`);
    expect(ended).toMatchObject({ code: 0, last: 'over', stderr: '' });
  });
});

test('warnings arrive in a context that has an Error of its own, as test runners have', async () => {
  const ended = await runCode(`
    const { createContext, runInContext } = require('node:vm');
    const { readFileSync } = require('node:fs');
    const { createRequire } = require('node:module');
    const file = require.resolve('rtworkq/timers/promises');
    // Loads the package inside the context.
    const context = createContext({ process, AbortSignal, EventTarget, console, performance });
    const modules = new Map();
    const load = (path) => {
      if (modules.has(path)) return modules.get(path).exports;
      const module = { exports: {} };
      modules.set(path, module);
      const require = createRequire(path);
      const wrapped = '(function (exports, require, module, __filename, __dirname) {' + readFileSync(path, 'utf8') + '})';
      const inner = (name) => (name.startsWith('.') ? load(require.resolve(name)) : require(name));
      runInContext(wrapped, context)(module.exports, Object.assign(inner, { resolve: require.resolve }), module, path, require('node:path').dirname(path));
      return module.exports;
    };
    const { sleepUntil } = load(file);
    process.on('warning', ({ code, name }) => console.log(name, code));
    sleepUntil(Date.now(), { ref: false });`);
  expect(ended).toMatchObject({ code: 0, last: 'Warning RTWORKQ_EPOCH_TIME' });
});
