// rtworkq/timers/promises: node:timers/promises, on time.

import nodePromises from 'node:timers/promises';
import { types } from 'node:util';
import { type SignalLink, validateSignal } from '../internal/abort-signal';
import { abortError, argumentTypeError, type Caller, codedError, type Ended } from '../internal/errors';
import { now, systemTime } from '../internal/host';
import { keepNames } from '../internal/names';
import type { OperationKind } from '../internal/observation';
import { behind, returning, self } from '../internal/self';
import { optional, validateBoolean, validateFinite, validateNumber, validateOneOf } from '../internal/validation';
import { delayOf, SHORTEST } from './delay';
import { checkTime, checkValue } from './mistakes';
import { type IntervalTick, type MissedTicks, Ticks } from './ticks';
import { Timer } from './timer';
import { timers } from './timers';

export type { IntervalTick, MissedTicks } from './ticks';

/** Options of {@link setTimeout} and {@link sleepUntil}. */
export interface TimerOptions {
  /** Stops the timer when it aborts: the promise rejects with an `AbortError`, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Whether it keeps the process alive. Default: `true`. */
  ref?: boolean | undefined;
}

/** Options of {@link setInterval}. */
export interface IntervalOptions extends TimerOptions {
  /**
   * What to do with missed ticks.
   *
   * - Left out, as in Node: ticks that were due while the loop's body awaited something else follow at once, one after the other;
   *   ticks that were due while JavaScript was busy collapse into one.
   * - `'burst'`: all of them follow at once, one after the other.
   * - `'skip'`: they collapse into one tick; the next is due at the next whole number of periods.
   * - `'delay'`: no tick is due until the previous one has been taken. The next is due a period after the previous one was, or a
   *   period from now if that time has passed.
   */
  missed?: MissedTicks | undefined;
  /** Whether each tick is an {@link IntervalTick} instead of the value. Default: `false`. */
  details?: boolean | undefined;
}

/** What {@link setInterval} returns: an async generator whose `return()` needs no argument. */
interface Interval<T> extends AsyncGenerator<T, undefined, unknown> {
  return(value?: undefined): Promise<IteratorResult<T, undefined>>;
}

// Node's own, captured at load: programs replace it.
const { getTime } = Date.prototype;

// No prototype, so that properties of Object.prototype are not taken for options.
const NO_OPTIONS: TimerOptions = Object.freeze(Object.create(null));
const TIMER_OPTIONS = ['signal', 'ref'] as const;
const INTERVAL_OPTIONS = [...TIMER_OPTIONS, 'missed', 'details'] as const;
const POLICIES = ['burst', 'skip', 'delay'] as const;

interface Checked {
  readonly signal: SignalLink | undefined;
  readonly ref: boolean;
}

/** Unknown options are ignored, as in Node. */
function validateBag<Options extends object>(options: Options, caller: Caller): Options {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw argumentTypeError('options', 'of type object', options, caller);
}

function checked({ signal, ref }: TimerOptions, caller: Caller): Checked {
  return { signal: validateSignal(signal, 'options.signal', caller), ref: validateBoolean(ref, 'options.ref', true, caller) };
}

function checkDelay(delay: unknown, caller: Caller): void {
  if (delay !== undefined) validateNumber(delay, 'delay', caller);
}

class PromisedTimer<T> extends Timer {
  // Released at the end: a stopped timer stays in the heap until it is due.
  #value: T | undefined;
  #signal: SignalLink | undefined;
  #resolve: ((value: T) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  constructor(value: T, { signal, ref }: Checked) {
    super(0, ref);
    this.#value = value;
    this.#signal = signal;
  }

  override get _kind(): OperationKind {
    return 'setTimeout';
  }

  /** Starts the timer with `begin`, unless the signal has aborted, and returns its promise. */
  run(begin: (timer: Timer) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const signal = this.#signal;
      if (signal?.aborted) {
        reject(abortError({ cause: signal.reason() }));
        return;
      }
      this.#resolve = resolve;
      this.#reject = reject;
      begin(this);
      try {
        signal?.listen(() => {
          signal.unlisten();
          this._abandon({ cause: signal.reason() });
        });
      } catch (error) {
        timers.stop(this);
        this.#release();
        reject(error);
      }
    });
  }

  _expire(): void {
    const value = this.#value as T;
    const resolve = this.#resolve;
    this.#signal?.unlisten();
    this.#release();
    resolve?.(value);
  }

  _abandon(ended: Ended): void {
    const reject = this.#reject;
    if (!timers.stop(this, { cause: ended.cause })) return;
    this.#signal?.unlisten();
    this.#release();
    reject?.(abortError(ended));
  }

  #release(): void {
    this.#value = undefined;
    this.#signal = undefined;
    this.#resolve = undefined;
    this.#reject = undefined;
  }
}

/** A point in time, such as a `Temporal.Instant`. */
export interface Instant {
  /** Milliseconds since 1970. */
  readonly epochMilliseconds: number;
}

/** Converts a system time to the clock of performance.now(). */
function fromSystemTime(time: Date | Instant | null): number {
  const milliseconds = types.isDate(time) ? Reflect.apply(getTime, time, []) : time?.epochMilliseconds;
  if (typeof milliseconds !== 'number') {
    throw argumentTypeError('time', 'of type number, a Date or a Temporal.Instant', time, sleepUntil);
  }
  return now() + (validateFinite(milliseconds, 'time', sleepUntil) - systemTime());
}

class Sleep extends PromisedTimer<void> {
  override get _kind(): OperationKind {
    return 'sleepUntil';
  }
}

/**
 * Resolves after a delay, like `setTimeout` of `node:timers/promises`, but on time.
 *
 * It uses this thread's alarm, a high-resolution waitable timer, instead of Windows' timer tick. It is never early.
 *
 * @param delay in milliseconds, above 0 and up to 2 ** 31 - 1; fractions count. Other values become 1, as in Node.
 * @param value what the promise resolves to.
 * @returns a promise. It rejects with `ERR_INVALID_ARG_TYPE` for invalid arguments, and with an `AbortError` if the signal aborts.
 * @example
 * ```ts
 * import { setTimeout } from 'rtworkq/timers/promises';
 *
 * await setTimeout(2.5);
 * ```
 */
export function setTimeout<T = void>(delay?: number, value?: T, options: TimerOptions = NO_OPTIONS): Promise<T> {
  try {
    checkDelay(delay, setTimeout);
    if (options === NO_OPTIONS) checkValue(value, TIMER_OPTIONS, 'setTimeout');
    const timer = new PromisedTimer(value as T, checked(validateBag(options, setTimeout), setTimeout));
    return timer.run(() => timers.start(timer, delayOf(delay), setTimeout));
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Resolves at a given time. A loop that counts its deadlines from one start does not drift.
 *
 * @param time in milliseconds on the clock of this thread's `performance.now()`; or a Date, or a `Temporal.Instant`, by the system
 *   clock as it is now. A time in the past resolves at once.
 * @returns a promise. It rejects with `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` for invalid arguments, and with an `AbortError`
 *   if the signal aborts.
 * @example
 * ```ts
 * import { sleepUntil } from 'rtworkq/timers/promises';
 *
 * const start = performance.now();
 * for (let frame = 1; frame <= 60; frame++) await sleepUntil(start + (frame * 1_000) / 60);
 * ```
 */
export function sleepUntil(time: number | Date | Instant, options: TimerOptions = NO_OPTIONS): Promise<void> {
  try {
    const due = typeof time === 'object' ? fromSystemTime(time) : validateFinite(time, 'time', sleepUntil);
    if (typeof time === 'number') checkTime(time);
    return new Sleep(undefined, checked(validateBag(options, sleepUntil), sleepUntil)).run((timer) =>
      timers.startAt(timer, due, sleepUntil),
    );
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Ticks repeatedly for `for await`, like `setInterval` of `node:timers/promises`, but on time and without drift.
 *
 * It is as precise as {@link setTimeout}. The n-th tick is due n periods after the first `next()`.
 *
 * @param delay the period in milliseconds, above 0 and up to 2 ** 31 - 1; fractions count. Other values become 1, as in Node.
 * @param value the value of each tick.
 * @returns an async generator. Its first `next()` rejects with `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid
 *   arguments.
 * @example
 * ```ts
 * import { setInterval } from 'rtworkq/timers/promises';
 *
 * for await (const { dueAt, firedAt, missed } of setInterval(1000 / 60, undefined, { missed: 'skip', details: true })) {
 *   console.log(firedAt - dueAt, missed);
 *   if (missed > 100) break;
 * }
 * ```
 */
export function setInterval(
  delay: number | undefined,
  value: unknown,
  options: IntervalOptions & { details: true },
): Interval<IntervalTick>;
export function setInterval<T = void>(delay?: number, value?: T, options?: IntervalOptions & { details?: false | undefined }): Interval<T>;
export function setInterval<T = void>(delay?: number, value?: T, options?: IntervalOptions): Interval<T | IntervalTick>;
export async function* setInterval(
  delay?: number,
  value?: unknown,
  options: IntervalOptions = NO_OPTIONS,
): AsyncGenerator<unknown, undefined, unknown> {
  checkDelay(delay, setInterval);
  if (options === NO_OPTIONS) checkValue(value, INTERVAL_OPTIONS, 'setInterval');
  const bag = validateBag(options, setInterval);
  const { signal, ref } = checked(bag, setInterval);
  const details = validateBoolean(bag.details, 'options.details', false, setInterval);
  const policy = optional(bag.missed, undefined, (missed) => validateOneOf(missed, 'options.missed', POLICIES, setInterval));
  if (signal?.aborted) throw abortError({ cause: signal.reason() });
  const ticks = new Ticks(delayOf(delay), policy, details, ref, next);
  try {
    ticks.start();
    signal?.listen(() => {
      ticks.end({ cause: signal.reason() });
    });
    for (;;) {
      const tick = ticks.take();
      if (tick) yield details ? tick : value;
      else if (ticks.why) throw abortError(ticks.why);
      else await ticks.wait();
    }
  } finally {
    ticks.end();
    signal?.unlistenNow();
  }
}

// The user's call that starts the generator.
const { next } = setInterval.prototype as AsyncGenerator;

keepNames({ setTimeout, setInterval });

/** Fakes have no name here, or another one. */
const isFake = ({ name }: { name: string }): boolean => name !== 'setImmediate';

const setOwnImmediate: typeof nodePromises.setImmediate = (value, options) => {
  const { setImmediate } = nodePromises;
  return isFake(setImmediate) ? setTimeout(SHORTEST, value as never, options) : setImmediate(value, options);
};

/** Node's own: an immediate has no delay to keep. */
export const setImmediate: typeof nodePromises.setImmediate = isFake(nodePromises.setImmediate)
  ? setOwnImmediate
  : nodePromises.setImmediate;

/** The class of {@link scheduler}. You cannot construct it. */
class Scheduler {
  /** @internal Only the one scheduler has it, also behind a proxy. */
  readonly [self]?: () => this;

  constructor() {
    throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', Scheduler);
  }

  /** @internal */
  static make(): Scheduler {
    const scheduler = Object.create(Scheduler.prototype) as Scheduler;
    return Object.defineProperty(scheduler, self, { value: returning(scheduler), enumerable: true });
  }

  /** Resolves in the next turn of the loop, as {@link setImmediate} does. */
  yield(): Promise<void> {
    Scheduler.#check(this, this.yield);
    return setImmediate();
  }

  /** {@link setTimeout} without a value. */
  wait(delay: number, options?: TimerOptions): Promise<void> {
    Scheduler.#check(this, this.wait);
    return setTimeout(delay, undefined, options);
  }

  static #check(scheduler: Scheduler, caller: Caller): void {
    if (behind(scheduler) instanceof Scheduler) return;
    throw codedError(TypeError, 'ERR_INVALID_THIS', 'Value of "this" must be of type Scheduler', caller);
  }
}

/**
 * `scheduler.wait` and `scheduler.yield`, as in `node:timers/promises`.
 *
 * @example
 * ```ts
 * import { scheduler } from 'rtworkq/timers/promises';
 *
 * await scheduler.wait(2.5);
 * ```
 */
export const scheduler: Scheduler = Scheduler.make();
