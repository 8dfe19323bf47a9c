// Windows semaphores.

import { currentEnvironment } from '../internal/environment';
import type { Caller } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import type { Occurrences } from '../internal/repetition';
import { optional, validateInteger, validateName } from '../internal/validation';
import { callHandle, KEY, type Opened, openHandle } from './handle';
import { type ObjectOptions, validateObject } from './object-options';
import { iterate, type SignalsOptions, signalsOf } from './signals';
import { WaitHandle } from './wait-handle';

/** Options of {@link Semaphore.create}. */
export interface SemaphoreOptions extends ObjectOptions {
  /** The initial count: how many waits succeed immediately, up to `maximum`. Default: `0`. */
  initial?: number | undefined;
  /** The maximum count, from 1 to 2 ** 31 - 1. Default: `2 ** 31 - 1`. */
  maximum?: number | undefined;
}

const LARGEST = 2 ** 31 - 1;

const readCreate = optionsReader(
  ({ name, security, initial, maximum }: SemaphoreOptions): SemaphoreOptions => ({ name, security, initial, maximum }),
);

/**
 * A Windows semaphore: a count from which each wait takes one.
 *
 * @example
 * ```ts
 * using jobs = Semaphore.create({ name: 'Local\\my-app-jobs' });
 * await waitFor(jobs);
 * ```
 */
export class Semaphore extends WaitHandle {
  /** Whether {@link Semaphore.create} created the semaphore; false if it opened an existing one. */
  readonly createdNew: boolean;

  private constructor(key: symbol, opened: Opened) {
    super(key, opened);
    this.createdNew = opened.out[1] === 1;
  }

  static {
    showAs(Semaphore, 'Semaphore', ({ createdNew, closed }) => ({ createdNew, closed }));
  }

  /**
   * Creates a semaphore, or opens the existing one with that name (`CreateSemaphoreExW`).
   *
   * {@link Semaphore.createdNew} says which.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid options.
   * @throws {@link RtwqError} if the call fails: `E_ACCESSDENIED`; `E_HANDLE` if another kind of object has the name.
   */
  static create(options?: SemaphoreOptions): Semaphore {
    const caller = Semaphore.create;
    const environment = currentEnvironment(caller);
    const given = readCreate(options, caller);
    const { name, security } = validateObject(given, environment, caller);
    const maximum = optional(given.maximum, LARGEST, (value) => validateInteger(value, 'options.maximum', 1, LARGEST, caller));
    const initial = optional(given.initial, 0, (value) => validateInteger(value, 'options.initial', 0, maximum, caller));
    return new Semaphore(
      KEY,
      openHandle(caller, name, (native) => native.createSemaphore(name, security, initial, maximum)),
    );
  }

  /**
   * Opens a semaphore by name (`OpenSemaphoreW`).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for an invalid name.
   * @throws {@link RtwqError} `ERROR_FILE_NOT_FOUND` if there is none; `E_ACCESSDENIED`; `E_HANDLE` if another kind of object has
   *   the name.
   */
  static open(name: string): Semaphore {
    const caller = Semaphore.open;
    currentEnvironment(caller);
    validateName(name, 'name', caller);
    return new Semaphore(
      KEY,
      openHandle(caller, name, (native) => native.openSemaphore(name)),
    );
  }

  /**
   * Raises the count (`ReleaseSemaphore`), which lets that many waits through.
   *
   * @param count from 1 to 2 ** 31 - 1.
   * @returns the previous count.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for an invalid count.
   * @throws {@link RtwqError} `ERROR_TOO_MANY_POSTS` if the count would exceed the maximum; `E_HANDLE` for a closed handle.
   */
  release(count = 1): number {
    validateInteger(count, 'count', 1, LARGEST, this.release);
    const out = callHandle(this, 'ReleaseSemaphore', this.release, (native, index) => native.releaseSemaphore(index, count));
    return out[0] as number;
  }

  /**
   * Takes the semaphore's counts one by one, for as long as you iterate.
   *
   * No count is missed. The iteration ends when the semaphore is closed.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid options.
   * @example
   * ```ts
   * using jobs = Semaphore.create({ name: 'Local\\my-app-jobs' });
   * for await (const { firedAt } of jobs) console.log('a job came at', firedAt);
   * ```
   */
  signals(options?: SignalsOptions): Occurrences {
    return Reflect.apply(Semaphore.prototype[iterate], this, [options, this.signals]);
  }

  /** @internal */
  [iterate](options: SignalsOptions | undefined, caller: Caller): Occurrences {
    return signalsOf(this, Semaphore, () => () => 0, options, caller);
  }

  /** {@link Semaphore.signals} without options. */
  [Symbol.asyncIterator](): Occurrences {
    return this.signals();
  }
}
