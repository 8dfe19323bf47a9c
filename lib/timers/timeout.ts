// setTimeout, setInterval and what they return.

import { AsyncResource } from 'node:async_hooks';
import nodeTimers from 'node:timers';
import { type Caller, codedError } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { OperationKind } from '../internal/observation';
import { validateFunction } from '../internal/validation';
import { delayOf } from './delay';
import type * as promises from './promises';
import { setRef, start, stop, Timer } from './timer';

const KEY = Symbol('timeouts are made by setTimeout() and setInterval()');

// Node's own, because programs put another in its place.
const { clearTimeout: clearNodes } = nodeTimers;

// Those whose number somebody has asked for, until they have ended; by strings, which are as good as numbers.
const byNumber = new Map<string, Timeout>();

type Callback = (...args: unknown[]) => unknown;

// One for all: there may be a million timers.
const NO_ARGUMENTS: readonly unknown[] = [];

const asyncResource = (): AsyncResource => new AsyncResource('Timeout', { requireManualDestroy: true });

class CallbackTimer extends Timer {
  readonly delay: number;
  // Runs the function where the timer was started; another one where it is started anew after its end.
  #resource = asyncResource();
  #ended = false;
  readonly #timeout: Timeout;
  // Until it is cleared.
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
    try {
      this.#resource.runInAsyncScope(this.#call, this);
    } finally {
      if (!this.pending) this.#end();
    }
  }

  restart(caller: Caller): void {
    // What hooks of async_hooks do there may clear it.
    if (this.#callback && this.#ended) this.#resource = asyncResource();
    if (!this.#callback) return;
    this.#ended = false;
    start(this, this.delay, caller);
  }

  get callback(): Callback | null {
    return this.#callback ?? null;
  }

  clear(): void {
    this.#callback = undefined;
    this.#args = NO_ARGUMENTS;
    if (stop(this)) this.#end();
  }

  /** The number of its async context, which names it until it ends. */
  number(): number {
    const number = this.#resource.asyncId();
    if (!this.#ended) byNumber.set(`${number}`, this.#timeout);
    return number;
  }

  #call(): void {
    // Without a spread, which asks for the iterator that programs may have changed.
    if (this.#callback) Reflect.apply(this.#callback, this.#timeout, this.#args);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    byNumber.delete(`${this.#resource.asyncId()}`);
    this.#resource.emitDestroy();
  }
}

/**
 * What {@link setTimeout} and {@link setInterval} return: a timer as Node's.
 *
 * @example
 * ```ts
 * import { setTimeout } from 'rtworkq/timers';
 *
 * const timeout = setTimeout(() => console.log('nobody came'), 2.5);
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

  /** @internal Whether a value is one of this copy of lib/. */
  static is(value: unknown): value is Timeout {
    return typeof value === 'object' && value !== null && #timer in value;
  }

  /** Makes it keep the process alive, as it does unless told otherwise. */
  ref(): this {
    setRef(this.#timer, true);
    return this;
  }

  /** Lets the process end while it is pending. */
  unref(): this {
    setRef(this.#timer, false);
    return this;
  }

  /** Whether it keeps the process alive. */
  hasRef(): boolean {
    return this.#timer.ref;
  }

  /** Starts it again, with the same delay from now, also where it has fired; not where it was cleared. */
  refresh(): this {
    this.#timer.restart(this.refresh);
    return this;
  }

  /** Clears it, as {@link clearTimeout} does. */
  close(): this {
    this.#timer.clear();
    return this;
  }

  /** Clears it at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal What Node's own clearTimeout(), which is the global one, looks for and sets to null. */
  get _onTimeout(): Callback | null {
    return this.#timer.callback;
  }

  /** @internal */
  set _onTimeout(callback: Callback | null) {
    if (callback === null) this.close();
  }

  /** @internal Where it is true, Node's own clearTimeout() does no more. */
  get _destroyed(): boolean {
    return !this.#timer.pending;
  }

  /** A number that {@link clearTimeout} and {@link clearInterval} take in its place. */
  [Symbol.toPrimitive](): number {
    return this.#timer.number();
  }
}

function begin(callback: Callback, delay: unknown, args: readonly unknown[], repeats: boolean, caller: Caller): Timeout {
  validateFunction(callback, 'callback', caller);
  return Timeout.start(callback, delayOf(delay), args, repeats, caller);
}

/**
 * Calls a function after a delay, as `setTimeout` of `node:timers` does, but on time: by the alarm of this thread, which is a
 * waitable timer of high resolution under `RtwqPutWaitingWorkItem`, and not by the tick of Windows. It is never early.
 *
 * @param callback is called with the arguments, in the async context in which it was started. What it throws is an uncaught
 *   exception.
 * @param delay in milliseconds, above 0 and up to 2 ** 31 - 1; fractions count. All else is 1, as with Node's.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` where there is no function.
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

/** What `util.promisify` makes of it, as `@types/node` declares that. */
export declare namespace setTimeout {
  const __promisify__: typeof promises.setTimeout;
}

/**
 * Calls a function again and again, as `setInterval` of `node:timers` does, but on time, as {@link setTimeout} does, and without
 * drift: the n-th call is due n periods after the start. While JavaScript is busy, one call stands for all that have gone by.
 *
 * @param callback is called with the arguments, in the async context in which it was started. What it throws is an uncaught
 *   exception; the calls go on.
 * @param delay the period in milliseconds, above 0 and up to 2 ** 31 - 1; fractions count. All else is 1, as with Node's.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` where there is no function.
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
 * Clears what {@link setTimeout} or {@link setInterval} has returned, or its number. Node's own timers are cleared too; what is
 * no timer is left alone. The global function clears a {@link Timeout} as well, but does not know its number.
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
  else clearNodes(timeout as NodeJS.Timeout);
}

/** The same as {@link clearTimeout}. */
export function clearInterval(timeout?: Timeout | NodeJS.Timeout | string | number): void {
  clearTimeout(timeout);
}
