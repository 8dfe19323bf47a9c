// RtwqAddPeriodicCallback, RtwqRemovePeriodicCallback.

import { AsyncResource } from 'node:async_hooks';
import { type SignalLink, validateSignal } from '../internal/abort-signal';
import { runForUser } from '../internal/context';
import { close, type Environment, fired, type Operation, repeats, rtworkqEnvironment, started } from '../internal/environment';
import type { Caller, Ended } from '../internal/errors';
import { later } from '../internal/host';
import { showAs } from '../internal/inspection';
import { type Description, describe, type OperationKind } from '../internal/observation';
import { optionsReader } from '../internal/options';
import type { Occurrence } from '../internal/repetition';
import { owner, returning, self } from '../internal/self';
import { validateBoolean, validateFunction } from '../internal/validation';
import { startOperation } from './platform';

/** The argument of a periodic callback. */
export interface PeriodicTick extends Occurrence {
  /** How many calls came between the function's previous run and this one: beats for which JavaScript was too busy. */
  readonly missed: number;
}

/** Options of {@link addPeriodicCallback} and {@link periodicBeat}. */
export interface PeriodicOptions {
  /** Removes the callback when it aborts. */
  signal?: AbortSignal | undefined;
  /** Whether it keeps the process alive. Default: `true`. */
  ref?: boolean | undefined;
}

/** A periodic callback. Remove or dispose it. */
export interface PeriodicCallback extends Disposable {
  /**
   * Removes the callback (`RtwqRemovePeriodicCallback`). Its function does not run again, even if a call is under way.
   *
   * @returns false if it had already been removed.
   */
  remove(): boolean;
  /** Makes it keep the process alive, as it does by default. */
  ref(): this;
  /** Lets the process end while the callback is active. */
  unref(): this;
  /** Whether it keeps the process alive. */
  hasRef(): boolean;
}

const NAME = 'PeriodicCallback';

type Callback = (tick: PeriodicTick) => void;

export const readPeriodic = optionsReader(({ signal, ref }: PeriodicOptions): PeriodicOptions => ({ signal, ref }));

export class Periodic implements PeriodicCallback, Operation {
  readonly [repeats] = true;
  readonly #kind: OperationKind;
  readonly #environment: Environment;
  readonly #callback: Callback;
  // Runs the function in the async context in which it was added, as timers do.
  readonly #resource = new AsyncResource('RtwqPeriodicCallback');
  readonly #onEnd: ((ended: Ended | undefined) => void) | undefined;
  readonly #signal: SignalLink | undefined;
  #id = -1;
  #ref: boolean;
  #removed = false;
  readonly [self]: () => this = returning(this);

  static {
    showAs(Periodic, NAME, (periodic) => ({ removed: periodic.#removed, ref: periodic.#ref }));
  }

  /** Checks the options. `onEnd` gets the reason for the removal; undefined for `remove()`. */
  constructor(
    kind: OperationKind,
    callback: Callback,
    options: PeriodicOptions,
    caller: Caller,
    onEnd?: (ended: Ended | undefined) => void,
  ) {
    this.#kind = kind;
    this.#environment = rtworkqEnvironment(caller);
    this.#callback = callback;
    this.#onEnd = onEnd;
    this.#signal = validateSignal(options.signal, 'options.signal', caller);
    this.#ref = validateBoolean(options.ref, 'options.ref', true, caller);
    if (this.#signal?.aborted) {
      this.#end({ cause: this.#signal.reason() });
      return;
    }
    startOperation(this.#environment, this, caller, (native, id) => native.addPeriodicCallback(id, this.#ref));
    if (!this.#removed) this.#listen();
  }

  remove(): boolean {
    return owner(this, Periodic, NAME, 'remove').#end(undefined);
  }

  [Symbol.dispose](): void {
    this.remove();
  }

  ref(): this {
    owner(this, Periodic, NAME, 'ref').#setRef(true);
    return this;
  }

  unref(): this {
    owner(this, Periodic, NAME, 'unref').#setRef(false);
    return this;
  }

  hasRef(): boolean {
    return owner(this, Periodic, NAME, 'hasRef').#ref;
  }

  [started](id: number): void {
    this.#id = id;
  }

  [fired](_status: number, firedAt: number, calls: number): void {
    const tick = { firedAt, missed: calls - 1 };
    const callback = this.#callback;
    // After this batch of completions, so that what the function throws is an uncaught exception, as with setInterval.
    later(() => {
      if (!this.#removed) runForUser(this.#resource, () => callback(tick), undefined);
    });
  }

  [describe](): Description {
    return { kind: this.#kind, ref: this.#ref };
  }

  [close](ended: Ended): void {
    this.#end(ended);
  }

  #listen(): void {
    try {
      this.#signal?.listen(() => this.#end({ cause: this.#signal?.reason() }));
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  #end(ended: Ended | undefined): boolean {
    if (this.#removed) return false;
    this.#removed = true;
    this.#resource.emitDestroy();
    if (this.#id >= 0) this.#environment.stop(this.#id, ended !== undefined, ended);
    this.#signal?.unlisten();
    this.#onEnd?.(ended);
    return true;
  }

  #setRef(ref: boolean): void {
    this.#ref = ref;
    if (!this.#removed) this.#environment.native.setRef(this.#id, ref);
  }
}

/**
 * Runs a function each time RTWorkQ calls its periodic callbacks (`RtwqAddPeriodicCallback`).
 *
 * That is nominally every 10 ms, but Windows' timer tick makes it about every 15.6 ms. You cannot choose the period;
 * {@link WaitableTimer} lets you.
 *
 * While JavaScript is busy, the beats are counted and not queued: the function then runs once for all of them. It runs in the async
 * context in which it was added. An exception from it is uncaught, as with `setInterval`, and the callback stays active.
 *
 * @param callback receives the time of RTWorkQ's call, and the number of earlier calls for which it did not run.
 * @param options `signal` removes it, `ref: false` lets the process end while it is active.
 * @returns the callback; remove or dispose it. {@link shutdown} also removes it.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid arguments.
 * @throws {@link RtwqError} if the call fails.
 * @example
 * ```ts
 * using beat = addPeriodicCallback(({ firedAt, missed }) => console.log(firedAt, missed));
 * ```
 */
export function addPeriodicCallback(callback: (tick: PeriodicTick) => void, options?: PeriodicOptions): PeriodicCallback {
  const caller = addPeriodicCallback;
  rtworkqEnvironment(caller);
  validateFunction(callback, 'callback', caller);
  return new Periodic('addPeriodicCallback', callback, readPeriodic(options, caller), caller);
}
