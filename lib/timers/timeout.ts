// setTimeout, setInterval and the Timeout that they return.

import { AsyncResource } from 'node:async_hooks';
import nodeTimers from 'node:timers';
import { runForUser } from '../internal/context';
import { type Caller, codedError } from '../internal/errors';
import { isNode } from '../internal/host';
import { showAs } from '../internal/inspection';
import type { OperationKind } from '../internal/observation';
import { behind, returning, self } from '../internal/self';
import { validateFunction } from '../internal/validation';
import { delayOf } from './delay';
import type * as promises from './promises';
import { Timer } from './timer';
import { timers } from './timers';

const KEY = Symbol('timeouts are made by setTimeout() and setInterval()');

// Timers whose number was read, until they end. The keys are strings, because clearTimeout() takes numbers as strings too.
const byNumber = new Map<string, Timeout>();

// Above the numbers of Node's own timers, which clearTimeout() takes too.
let lastNumber = 2 ** 40;

type Callback = (...args: unknown[]) => unknown;

const NO_ARGUMENTS: unknown[] = [];

const OPTIONS = { requireManualDestroy: true };

/** The async resource of a timer, as tools that look for open handles see it. */
class TimeoutResource extends AsyncResource {
  readonly #timer: Timeout;

  constructor(timer: Timeout) {
    super('Timeout', OPTIONS);
    this.#timer = timer;
  }

  hasRef(): boolean {
    return this.#timer._ref;
  }
}

let isTimeout: (value: unknown) => value is Timeout;

/**
 * A timer from {@link setTimeout} or {@link setInterval}, like Node's.
 *
 * Like Node's, it can be kept in reactive state: a proxy of it, a copy and an object that inherits from it stand for the same timer.
 *
 * @example
 * ```ts
 * import { setTimeout } from 'rtworkq/timers';
 *
 * const timeout = setTimeout(() => console.log('after 2.5 ms'), 2.5);
 * timeout.unref().refresh();
 * ```
 */
export class Timeout extends Timer implements NodeJS.Timeout {
  /** @internal The delay of {@link Timeout.refresh}; -1 once it has been cleared. */
  _idleTimeout: number;
  /** @internal */
  _timerArgs: unknown[] | undefined;
  /** @internal Set until it is cleared. */
  _callback: Callback | undefined;
  /**
   * @internal Runs the function in the async context where the timer was started. Released at the timer's end: it keeps that context's
   * stores.
   */
  _resource: AsyncResource | undefined = new TimeoutResource(this);
  // Its number; 0 until it is read. Private, so that it tells the object from a proxy or a copy.
  #number = 0;
  /** @internal */
  readonly [self]: () => this = returning(this);

  private constructor(key: symbol, callback: Callback, delay: number, args: unknown[], repeats: boolean) {
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', Timeout);
    super(repeats ? delay : 0, true);
    this._idleTimeout = delay;
    this._timerArgs = args.length > 0 ? args : undefined;
    this._callback = callback;
  }

  static {
    isTimeout = (value) => typeof value === 'object' && value !== null && #number in value;
    showAs(Timeout, 'Timeout', ({ _idleTimeout: delay, _period, _pending: pending, _ref: ref }) => ({
      delay,
      repeats: _period > 0,
      pending,
      ref,
    }));
  }

  /** @internal */
  static start(callback: Callback, delay: number, args: unknown[], repeats: boolean, caller: Caller): Timeout {
    const timeout = new Timeout(KEY, callback, delay, args, repeats);
    restart(timeout, caller);
    return timeout;
  }

  /** @internal */
  get _number(): number {
    return this.#number;
  }

  /** @internal */
  set _number(number: number) {
    this.#number = number;
  }

  /** @internal */
  get _kind(): OperationKind {
    return this._period > 0 ? 'setInterval' : 'setTimeout';
  }

  /** @internal */
  protected override get _began(): number {
    return super._began ?? this._idleStart;
  }

  /** @internal */
  _abandon(): void {
    clear(this);
  }

  /** @internal */
  _expire(): void {
    if (this._resource) runForUser(this._resource, run, this);
  }

  /** Makes it keep the process alive, as it does by default. */
  ref(): this {
    const timeout = timeoutBehind(this);
    if (timeout) timers.setRef(timeout, true);
    return this;
  }

  /** Lets the process end while it is pending. */
  unref(): this {
    const timeout = timeoutBehind(this);
    if (timeout) timers.setRef(timeout, false);
    return this;
  }

  /** Whether it keeps the process alive. */
  hasRef(): boolean {
    return timeoutBehind(this)?._ref ?? false;
  }

  /** Restarts the timer with the same delay from now, even if it has fired, but not if it was cleared. */
  refresh(): this {
    const timeout = timeoutBehind(this);
    if (timeout) restart(timeout, timeout.refresh);
    return this;
  }

  /** Clears the timer, as {@link clearTimeout} does. */
  close(): this {
    clearTimeout(this);
    return this;
  }

  /** Clears the timer at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** A number that {@link clearTimeout} and {@link clearInterval} accept instead of the object. */
  [Symbol.toPrimitive](): number {
    const timeout = timeoutBehind(this);
    return timeout ? numberOf(timeout) : Number.NaN;
  }

  // What programs use of Node's timers without its being documented.

  /** The callback, as in Node; null once it has been cleared. Node's own clearTimeout(), the global one, sets it to null. */
  get _onTimeout(): (...args: Anything[]) => void {
    return (timeoutBehind(this)?._callback ?? null) as Callback;
  }

  set _onTimeout(callback: (...args: unknown[]) => void) {
    const timeout = timeoutBehind(this);
    if (!timeout) return;
    if (typeof callback !== 'function') clear(timeout);
    else if (timeout._callback) timeout._callback = callback;
  }

  /** @internal When it was started, on the clock of performance.now(). */
  get _idleStart(): number {
    return this._due - this._idleTimeout;
  }

  /** @internal */
  get _repeat(): number | null {
    return this._period > 0 ? this._period : null;
  }

  /** @internal It repeats from now on, also if that is set in its callback, or no longer. */
  set _repeat(period: number | null) {
    const timeout = timeoutBehind(this);
    if (!timeout) return;
    timeout._period = period ? delayOf(period) : 0;
    // The next time is a period after that of the call that runs now.
    timeout._startedAt = timeout._queued ? timeout._due - timeout._period : timeout._due;
    timeout._periods = 1;
  }

  /** @internal Whether it has ended. After a look at this, Node's own clearTimeout() does nothing more. */
  get _destroyed(): boolean {
    const timeout = timeoutBehind(this);
    return !timeout?._callback || !timeout._resource;
  }

  /** @internal */
  set _destroyed(destroyed: boolean) {
    if (destroyed) this.close();
  }

  /** @internal Node links timers in lists. Programs ask whether it is in one. */
  get _idleNext(): this | null {
    return this._pending ? this : null;
  }

  /** @internal */
  get _idlePrev(): this | null {
    return this._idleNext;
  }
}

function timeoutBehind(value: unknown): Timeout | undefined {
  if (isTimeout(value)) return value;
  const found = behind(value);
  return isTimeout(found) ? found : undefined;
}

function restart(timeout: Timeout, caller: Caller): void {
  if (!(timeout._idleTimeout >= 0)) return;
  if (timeout._callback && !timeout._resource) timeout._number = 0;
  // Creating the resource runs async_hooks, which may clear the timer.
  if (timeout._callback) timeout._resource ??= new TimeoutResource(timeout);
  if (timeout._callback) timers.start(timeout, timeout._idleTimeout, caller);
  else end(timeout);
}

function clear(timeout: Timeout): void {
  if (!timeout._callback) return;
  timeout._callback = undefined;
  timeout._timerArgs = undefined;
  const stopped = timers.stop(timeout);
  timeout._due -= timeout._idleTimeout + 1;
  timeout._idleTimeout = -1;
  if (stopped) end(timeout);
}

/** Calls the function. */
function run(this: Timeout): void {
  const repeated = this._period > 0;
  try {
    // No spread: it uses the array iterator, which programs may have changed.
    if (this._callback) Reflect.apply(this._callback, this, this._timerArgs ?? NO_ARGUMENTS);
  } finally {
    settle(this, repeated);
  }
}

/** It has been called. */
function settle(timeout: Timeout, repeated: boolean): void {
  const repeats = timeout._period > 0;
  if (repeated && !repeats && !timeout._queued) timers.stop(timeout);
  if (!repeated && repeats && timeout._callback && !timeout._pending) timers.start(timeout, timeout._period, settle);
  if (!timeout._pending) end(timeout);
}

function end(timeout: Timeout): void {
  const resource = timeout._resource;
  if (!resource) return;
  timeout._resource = undefined;
  if (timeout._number > 0) byNumber.delete(`${timeout._number}`);
  resource.emitDestroy();
}

/**
 * A number that names the timer until it ends, different from all others. In Node, the id of its async context is one. Bun has no such
 * ids, and Deno counts its timers separately.
 */
function numberOf(timeout: Timeout): number {
  timeout._number ||= (isNode && timeout._resource?.asyncId()) || ++lastNumber;
  if (timeout._resource) byNumber.set(`${timeout._number}`, timeout);
  return timeout._number;
}

// biome-ignore lint/suspicious/noExplicitAny: as in @types/node, so that these functions are assignable to Node's.
type Anything = any;

/** Arguments that may be left out, as in `@types/node`: those of `resolve` in `new Promise((resolve) => setTimeout(resolve))`. */
// biome-ignore lint/suspicious/noConfusingVoidType: as in @types/node.
type OptionalVoid<Args extends Anything[]> = [void] extends Args ? Partial<Args> : Args;

function begin(callback: Callback, delay: unknown, args: unknown[], repeats: boolean, caller: Caller): Timeout {
  validateFunction(callback, 'callback', caller);
  return Timeout.start(callback, delayOf(delay), args, repeats, caller);
}

/**
 * Calls a function after a delay, like `setTimeout` of `node:timers`, but on time.
 *
 * It uses this thread's alarm, a high-resolution waitable timer, instead of Windows' timer tick. It is never early.
 *
 * @param callback is called with the arguments, in the async context in which the timer was started. An exception from it is
 *   uncaught.
 * @param delay in milliseconds, above 0 and up to 2 ** 31 - 1; fractions count. Other values become 1, as in Node.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` if the callback is not a function.
 * @example
 * ```ts
 * import { setTimeout } from 'rtworkq/timers';
 *
 * setTimeout(() => console.log('after 2.5 ms'), 2.5);
 * ```
 */
export function setTimeout<Args extends unknown[]>(callback: (...args: Args) => void, delay?: number, ...args: Args): Timeout;
export function setTimeout<Args extends Anything[]>(
  callback: (...args: Args) => void,
  delay?: number,
  ...args: OptionalVoid<Args>
): Timeout;
export function setTimeout(callback: (...args: Anything[]) => void, delay?: number, ...args: Anything[]): Timeout {
  return begin(callback, delay, args, false, setTimeout);
}

/** The result of `util.promisify`, declared as in `@types/node`. */
export declare namespace setTimeout {
  const __promisify__: typeof promises.setTimeout;
}

/**
 * Calls a function repeatedly, like `setInterval` of `node:timers`, but on time and without drift.
 *
 * It is as precise as {@link setTimeout}. The n-th call is due n periods after the start. Calls that were due while JavaScript was
 * busy collapse into one.
 *
 * @param callback is called with the arguments, in the async context in which the timer was started. An exception from it is
 *   uncaught; the calls go on.
 * @param delay the period in milliseconds, above 0 and up to 2 ** 31 - 1; fractions count. Other values become 1, as in Node.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` if the callback is not a function.
 * @example
 * ```ts
 * import { clearInterval, setInterval } from 'rtworkq/timers';
 *
 * const frames = setInterval(() => console.log('60 times a second'), 1000 / 60);
 * setTimeout(() => clearInterval(frames), 1_000);
 * ```
 */
export function setInterval<Args extends unknown[]>(callback: (...args: Args) => void, delay?: number, ...args: Args): Timeout;
export function setInterval<Args extends Anything[]>(
  callback: (...args: Args) => void,
  delay?: number,
  ...args: OptionalVoid<Args>
): Timeout;
export function setInterval(callback: (...args: Anything[]) => void, delay?: number, ...args: Anything[]): Timeout {
  return begin(callback, delay, args, true, setInterval);
}

/**
 * Clears a timer from {@link setTimeout} or {@link setInterval}, given the timer or its number.
 *
 * It also clears Node's own timers, and ignores anything else. The global function clears a {@link Timeout} too, but not by its
 * number.
 *
 * @example
 * ```ts
 * import { clearTimeout, setTimeout } from 'rtworkq/timers';
 *
 * clearTimeout(setTimeout(() => console.log('never'), 100));
 * ```
 */
export function clearTimeout(timeout?: Timeout | NodeJS.Timeout | string | number): void {
  const own = typeof timeout === 'number' || typeof timeout === 'string' ? byNumber.get(`${timeout}`) : timeoutBehind(timeout);
  if (own) clear(own);
  // Looked up now: under fakes, it clears their timers.
  else nodeTimers.clearTimeout(timeout as NodeJS.Timeout);
}

/** The same as {@link clearTimeout}. */
export function clearInterval(timeout?: Timeout | NodeJS.Timeout | string | number): void {
  clearTimeout(timeout);
}
