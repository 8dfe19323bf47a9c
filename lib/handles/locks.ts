// Locks by name, shaped like the Web Locks API. Each is a Windows mutex.

import { onSwitch } from '../internal/binding';
import { currentEnvironment } from '../internal/environment';
import { argumentValueError, type Caller, codedError } from '../internal/errors';
import { nextTurn } from '../internal/host';
import { optionsReader } from '../internal/options';
import { validateBoolean, validateFunction, validateName } from '../internal/validation';
import { acquire, Mutex, type MutexLock } from './mutex';
import { NO_QUEUE, type WaitOptions } from './wait-options';

/** Options of {@link LockManager.request}. */
export interface LockOptions extends WaitOptions {
  /** Whether to call the callback with `null` at once if another one holds the lock. Default: `false`, it waits. */
  ifAvailable?: boolean | undefined;
}

const read = optionsReader(
  ({ timeout, signal, ref, ifAvailable }: LockOptions): LockOptions => ({ timeout, signal, ref, ifAvailable }),
  NO_QUEUE,
);

/** A mutex, and how many requests use it. */
interface Shared {
  readonly mutex: Mutex;
  users: number;
}

/** This thread's mutexes by name, until they are closed. */
const shared = new Map<string, Shared>();

/** Closes the mutexes that are kept only for the next request. */
export function closeUnusedLocks(): void {
  for (const [name, { mutex, users }] of shared) {
    if (users > 0) continue;
    shared.delete(name);
    mutex.close();
  }
}

// A request that is still ending has a mutex of the other Windows.
onSwitch(() => shared.clear());

function share(name: string, caller: Caller): Shared {
  const entry = shared.get(name) ?? { mutex: Mutex.createFor({ name }, caller), users: 0 };
  shared.set(name, entry);
  entry.users++;
  return entry;
}

/** Closes the mutex after the last request. Not at once, because the next request often follows, and would start a new thread. */
function unshare(name: string, entry: Shared): void {
  if (--entry.users > 0) return;
  nextTurn(() => {
    if (entry.users > 0 || shared.get(name) !== entry) return;
    shared.delete(name);
    entry.mutex.close();
  }, false);
}

/** The type of {@link locks}. */
export interface LockManager {
  /**
   * Calls a function while holding a lock, and releases the lock when the function's promise settles.
   *
   * It works like `navigator.locks.request()`, with exclusive locks, among all programs that use the name. The lock is the mutex
   * with that name. If its holder dies, the next one gets it, with `lock.abandoned`. The callback may release the lock earlier.
   *
   * A request inside the callback of another one for the same name waits forever.
   *
   * @param name that of the mutex, such as `'Local\\my-app'`.
   * @param callback gets the lock, or `null` with `ifAvailable`.
   * @returns a promise of the callback's result. Rejects with the callback's error; with `ERR_OPERATION_TIMEOUT` if the timeout
   *   passes; with an `AbortError` if the wait is ended by the signal or {@link shutdown}; with a TypeError
   *   (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError (`ERR_OUT_OF_RANGE`) for invalid arguments; and with an
   *   {@link RtwqError} as {@link Mutex.create} throws. The callback is not called then.
   * @example
   * ```ts
   * await locks.request('Local\\my-app-settings', async () => {
   *   console.log('only one process at a time gets here');
   * });
   * ```
   */
  request<T>(name: string, callback: (lock: MutexLock) => T): Promise<Awaited<T>>;
  request<T>(
    name: string,
    options: (LockOptions & { ifAvailable?: false | undefined }) | undefined,
    callback: (lock: MutexLock) => T,
  ): Promise<Awaited<T>>;
  request<T>(name: string, options: LockOptions | undefined, callback: (lock: MutexLock | null) => T): Promise<Awaited<T>>;
}

async function request<T>(
  name: string,
  ...rest: [callback: (lock: never) => T] | [options: LockOptions | undefined, callback: (lock: never) => T]
): Promise<Awaited<T>> {
  currentEnvironment(request);
  const [options, callback] = rest.length === 1 ? [undefined, rest[0]] : rest;
  validateName(name, 'name', request);
  validateFunction(callback, 'callback', request);
  const { ifAvailable, ...waiting } = read(options, request);
  const tries = validateBoolean(ifAvailable, 'options.ifAvailable', false, request);
  if (tries && waiting.timeout !== undefined) {
    throw argumentValueError('options.timeout', "cannot be combined with 'ifAvailable'", waiting.timeout, request);
  }
  const entry = share(name, request);
  try {
    const lock = await acquire(entry.mutex, tries ? { ...waiting, timeout: 0 } : waiting, request);
    if (!lock && !tries) throw codedError(Error, 'ERR_OPERATION_TIMEOUT', `The lock '${name}' was not free in time.`, request);
    try {
      return await callback((lock ?? null) as never);
    } finally {
      lock?.release();
    }
  } finally {
    unshare(name, entry);
  }
}

/**
 * Locks that are shared between processes, shaped like the browser's `navigator.locks`.
 *
 * @example
 * ```ts
 * const answer = await locks.request('Local\\my-app', { ifAvailable: true }, (lock) => (lock ? 'mine' : 'taken'));
 * console.log(answer);
 * ```
 */
export const locks: LockManager = Object.freeze({ request });
