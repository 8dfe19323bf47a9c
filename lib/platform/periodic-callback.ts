// RtwqAddPeriodicCallback, RtwqRemovePeriodicCallback.

import { AsyncResource } from 'node:async_hooks';
import { close, currentEnvironment, type Environment, fired, type Operation, repeats, started } from '../internal/environment';
import { later } from '../internal/later';
import { readOptions, validateBoolean, validateFunction } from '../internal/validation';
import { startOperation } from './platform';

/** What a periodic callback is told. */
export interface PeriodicTick {
  /** When RTWorkQ called last, in milliseconds on the clock of this thread's `performance.now()`. */
  readonly firedAt: number;
  /** How many calls came before that one and after the function was run last: beats that JavaScript was too busy for. */
  readonly missed: number;
}

/** Options of {@link addPeriodicCallback}. */
export interface PeriodicOptions {
  /** Whether it keeps the process alive. Default: `true`. */
  ref?: boolean | undefined;
}

/** A periodic callback. Dispose or remove it. */
export interface PeriodicCallback extends Disposable {
  /**
   * Removes the callback (`RtwqRemovePeriodicCallback`). Its function is not run any more, whatever is under way.
   *
   * @returns false where it had been removed before.
   */
  remove(): boolean;
  /** Makes it keep the process alive, as it does unless told otherwise. */
  ref(): this;
  /** Lets the process end while it is there. */
  unref(): this;
  /** Whether it keeps the process alive. */
  hasRef(): boolean;
}

type Callback = (tick: PeriodicTick) => void;

class Periodic implements PeriodicCallback, Operation {
  readonly [repeats] = true;
  readonly #environment: Environment;
  readonly #callback: Callback;
  // Runs the function where it was added, as timers do.
  readonly #resource = new AsyncResource('RtwqPeriodicCallback');
  #id = -1;
  #ref: boolean;
  #removed = false;

  constructor(environment: Environment, callback: Callback, ref: boolean) {
    this.#environment = environment;
    this.#callback = callback;
    this.#ref = ref;
    startOperation(environment, this, addPeriodicCallback, (native, id) => native.addPeriodicCallback(id, ref));
  }

  remove(): boolean {
    return this.#end(false);
  }

  [Symbol.dispose](): void {
    this.remove();
  }

  ref(): this {
    return this.#setRef(true);
  }

  unref(): this {
    return this.#setRef(false);
  }

  hasRef(): boolean {
    return this.#ref;
  }

  [started](id: number): void {
    this.#id = id;
  }

  [fired](_status: number, firedAt: number, calls: number): void {
    const tick = { firedAt, missed: calls - 1 };
    // After the batch that this came with, so that what the function throws is its own affair, as with setInterval.
    later(() => {
      if (!this.#removed) this.#resource.runInAsyncScope(this.#callback, undefined, tick);
    });
  }

  [close](): void {
    this.#end(true);
  }

  #end(closing: boolean): boolean {
    if (this.#removed) return false;
    this.#removed = true;
    this.#resource.emitDestroy();
    return this.#environment.stop(this.#id, closing);
  }

  #setRef(ref: boolean): this {
    this.#ref = ref;
    if (!this.#removed) this.#environment.native.setRef(this.#id, ref);
    return this;
  }
}

/**
 * Runs a function at the beat of RTWorkQ's periodic callbacks (`RtwqAddPeriodicCallback`): nominally each 10 ms, by the timer
 * tick of Windows about each 15.6 ms. The period cannot be chosen.
 *
 * While JavaScript is busy, the beats are counted and not queued: the function is run once for all of them. It runs in the
 * async context in which it was added. What it throws is an uncaught exception, as with `setInterval`, and it goes on.
 *
 * @param callback is told when the beat was and how many were missed.
 * @param options `ref: false` lets the process end while it is there.
 * @returns the callback; dispose or remove it. {@link shutdown} removes it too.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` for arguments that do not fit.
 * @throws {@link RtwqError} when RTWorkQ refuses.
 * @example
 * ```ts
 * using beat = addPeriodicCallback(({ missed }) => meter.update(missed));
 * ```
 */
export function addPeriodicCallback(callback: (tick: PeriodicTick) => void, options?: PeriodicOptions): PeriodicCallback {
  const environment = currentEnvironment(addPeriodicCallback);
  validateFunction(callback, 'callback', addPeriodicCallback);
  const ref = readOptions(options, (given) => given.ref, addPeriodicCallback);
  return new Periodic(environment, callback, validateBoolean(ref, 'options.ref', true, addPeriodicCallback));
}
