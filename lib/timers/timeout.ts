// setTimeout, setInterval and the Timeout that they return.

import { AsyncResource } from 'node:async_hooks';
import nodeTimers from 'node:timers';
import { runForUser } from '../internal/context';
import { type Caller, codedError } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { OperationKind } from '../internal/observation';
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

// Shared: there may be a million timers.
const NO_ARGUMENTS: readonly unknown[] = [];

const OPTIONS = { requireManualDestroy: true };

/** The async resource of a timer, as tools that look for open handles see it. */
class TimeoutResource extends AsyncResource {
  readonly #timer: Timer;

  constructor(timer: Timer) {
    super('Timeout', OPTIONS);
    this.#timer = timer;
  }

  hasRef(): boolean {
    return this.#timer.ref;
  }
}

class CallbackTimer extends Timer {
  readonly delay: number;
  // Runs the function in the async context where the timer was started. Released at the timer's end: it keeps that context's stores.
  #resource: TimeoutResource | undefined = new TimeoutResource(this);
  // 0 until it is read.
  #number = 0;
  readonly #timeout: Timeout;
  // Set until the timer is cleared.
  #callback: Callback | undefined;
  #args: readonly unknown[];

  constructor(timeout: Timeout, callback: Callback, delay: number, args: readonly unknown[], repeats: boolean) {
    super(repeats ? delay : 0, true);
    this.delay = delay;
    this.#timeout = timeout;
    this.#callback = callback;
    this.#args = args.length > 0 ? args : NO_ARGUMENTS;
  }

  override get kind(): OperationKind {
    return this.period > 0 ? 'setInterval' : 'setTimeout';
  }

  protected override get began(): number {
    return super.began ?? this.due - this.delay;
  }

  expire(): void {
    if (this.#resource) runForUser(this.#resource, this.#run, this);
  }

  restart(caller: Caller): void {
    if (this.#callback && !this.#resource) this.#number = 0;
    // Creating the resource runs async_hooks, which may clear the timer.
    if (this.#callback) this.#resource ??= new TimeoutResource(this);
    if (this.#callback) timers.start(this, this.delay, caller);
    else this.#end();
  }

  get callback(): Callback | null {
    return this.#callback ?? null;
  }

  clear(): void {
    this.#callback = undefined;
    this.#args = NO_ARGUMENTS;
    if (timers.stop(this)) this.#end();
  }

  /** A number that names the timer until it ends: as in Node the id of its async context, unless the runtime has no such ids. */
  number(): number {
    this.#number ||= this.#resource?.asyncId() || ++lastNumber;
    if (this.#resource) byNumber.set(`${this.#number}`, this.#timeout);
    return this.#number;
  }

  #run(): void {
    try {
      this.#call();
    } finally {
      if (!this.pending) this.#end();
    }
  }

  #call(): void {
    // No spread: it uses the array iterator, which programs may have changed.
    if (this.#callback) Reflect.apply(this.#callback, this.#timeout, this.#args);
  }

  #end(): void {
    const resource = this.#resource;
    if (!resource) return;
    this.#resource = undefined;
    if (this.#number > 0) byNumber.delete(`${this.#number}`);
    resource.emitDestroy();
  }
}

/**
 * A timer from {@link setTimeout} or {@link setInterval}, like Node's.
 *
 * @example
 * ```ts
 * import { setTimeout } from 'rtworkq/timers';
 *
 * const timeout = setTimeout(() => console.log('after 2.5 ms'), 2.5);
 * timeout.unref().refresh();
 * ```
 */
export class Timeout implements Disposable {
  readonly #timer: CallbackTimer;

  private constructor(key: symbol, callback: Callback, delay: number, args: readonly unknown[], repeats: boolean) {
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', Timeout);
    this.#timer = new CallbackTimer(this, callback, delay, args, repeats);
  }

  static {
    showAs(Timeout, 'Timeout', (timeout) => {
      const { delay, period, pending, ref } = timeout.#timer;
      return { delay, repeats: period > 0, pending, ref };
    });
  }

  /** @internal */
  static start(callback: Callback, delay: number, args: readonly unknown[], repeats: boolean, caller: Caller): Timeout {
    const timeout = new Timeout(KEY, callback, delay, args, repeats);
    timeout.#timer.restart(caller);
    return timeout;
  }

  /** @internal Whether a value is a Timeout of this copy of lib/. */
  static is(value: unknown): value is Timeout {
    return typeof value === 'object' && value !== null && #timer in value;
  }

  /** Makes it keep the process alive, as it does by default. */
  ref(): this {
    timers.setRef(this.#timer, true);
    return this;
  }

  /** Lets the process end while it is pending. */
  unref(): this {
    timers.setRef(this.#timer, false);
    return this;
  }

  /** Whether it keeps the process alive. */
  hasRef(): boolean {
    return this.#timer.ref;
  }

  /** Restarts the timer with the same delay from now, even if it has fired, but not if it was cleared. */
  refresh(): this {
    this.#timer.restart(this.refresh);
    return this;
  }

  /** Clears the timer, as {@link clearTimeout} does. */
  close(): this {
    this.#timer.clear();
    return this;
  }

  /** Clears the timer at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal Node's own clearTimeout(), the global one, looks for this and sets it to null. */
  get _onTimeout(): Callback | null {
    return this.#timer.callback;
  }

  /** @internal */
  set _onTimeout(callback: Callback | null) {
    if (callback === null) this.close();
  }

  /** @internal If true, Node's own clearTimeout() does nothing more. */
  get _destroyed(): boolean {
    return !this.#timer.pending;
  }

  /** A number that {@link clearTimeout} and {@link clearInterval} accept instead of the object. */
  [Symbol.toPrimitive](): number {
    return this.#timer.number();
  }
}

function begin(callback: Callback, delay: unknown, args: readonly unknown[], repeats: boolean, caller: Caller): Timeout {
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
export function setTimeout<Args extends unknown[]>(callback: (...args: Args) => void, delay?: number, ...args: Args): Timeout {
  return begin(callback as Callback, delay, args, false, setTimeout);
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
export function setInterval<Args extends unknown[]>(callback: (...args: Args) => void, delay?: number, ...args: Args): Timeout {
  return begin(callback as Callback, delay, args, true, setInterval);
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
  const own = typeof timeout === 'number' || typeof timeout === 'string' ? byNumber.get(`${timeout}`) : timeout;
  if (Timeout.is(own)) own.close();
  // Looked up now: under fakes, it clears their timers.
  else nodeTimers.clearTimeout(timeout as NodeJS.Timeout);
}

/** The same as {@link clearTimeout}. */
export function clearInterval(timeout?: Timeout | NodeJS.Timeout | string | number): void {
  clearTimeout(timeout);
}
