// Windows mutexes. Windows ties a mutex to a thread, so each Mutex has a thread of the addon that acquires and releases it.

import { currentEnvironment } from '../internal/environment';
import { argumentTypeError, type Caller, check, type Ended } from '../internal/errors';
import { HandleState, handleState, isHandle } from '../internal/handle-state';
import { showAs } from '../internal/inspection';
import {
  addSource,
  areEndsWatched,
  areStartsWatched,
  begun,
  type Description,
  describe,
  type End,
  ended,
  origin,
} from '../internal/observation';
import { optionsReader } from '../internal/options';
import { owner, returning, self, unwrapped } from '../internal/self';
import { validateName } from '../internal/validation';
import { Handle, KEY, type Opened, openHandle, requireKey } from './handle';
import { type ObjectOptions, validateObject } from './object-options';
import type { EndlessWaitOptions } from './wait';
import { readWait, type WaitOptions } from './wait-options';
import { type CheckedWait, SYSCALL, Wait } from './waiting';

/** Options of {@link Mutex.create}. */
export interface MutexOptions extends ObjectOptions {}

const readCreate = optionsReader(({ name, security }: MutexOptions): MutexOptions => ({ name, security }));

// Locks that are held. They stay until they are released, even if the program forgets them.
const held = new Set<MutexLock>();
addSource(() => held);

const lose = Symbol('lose');
const details = Symbol('details');

/** A mutex as the rest of lib/ sees it. */
class MutexState extends HandleState {
  lock: MutexLock | undefined;
  /** How often the thread has ended. A lock that it acquired before is void. */
  endings = 0;

  override close(): void {
    this.#onEnd();
    super.close();
  }

  override end(ended: Ended): void {
    super.end(ended);
    this.lock?.[lose](ended);
  }

  /** Releases the mutex, and ends the waits for it. The mutex stays open. */
  shutDown(ended: Ended): void {
    this.#onEnd();
    this.environment.native.endMutex(this.index);
    this.end(ended);
  }

  #onEnd(): void {
    this.endings++;
    this.environment.mutexes.delete(this);
  }
}

/**
 * A {@link Mutex} that is held.
 *
 * Release or dispose it. If you forget it, the mutex is held until it is closed or this thread ends.
 */
export class MutexLock implements Disposable {
  /**
   * Whether the last owner has ended without releasing the mutex (`WAIT_ABANDONED`): its process was killed or has crashed, or its
   * Worker has ended. What the mutex protects may be inconsistent.
   */
  readonly abandoned: boolean;
  /** When the mutex was acquired, in milliseconds on the clock of this thread's `performance.now()`. */
  readonly acquiredAt: number;
  readonly #state: MutexState;
  // The mutex stays open meanwhile.
  readonly #mutex: Mutex;
  #released = false;
  /** @internal */
  readonly [self]: () => this = returning(this);

  static {
    showAs(MutexLock, 'MutexLock', ({ abandoned, released }) => ({ abandoned, released }));
  }

  /** @internal */
  constructor(key: symbol, mutex: Mutex, state: MutexState, abandoned: boolean, acquiredAt: number) {
    requireKey(key, new.target);
    this.abandoned = abandoned;
    this.acquiredAt = acquiredAt;
    this.#mutex = mutex;
    this.#state = state;
    state.lock = this;
    held.add(this);
  }

  /** Whether it has been released, by {@link MutexLock.release}, {@link Mutex.close} or {@link shutdown}. */
  get released(): boolean {
    return owner(this, MutexLock, 'MutexLock', 'released').#released;
  }

  /**
   * Releases the mutex (`ReleaseMutex`). When it returns, others can have the mutex. Calling it again does nothing.
   *
   * @throws {@link RtwqError} `E_HANDLE` if other code has closed the HANDLE. The next owner then finds the mutex abandoned.
   */
  release(): void {
    const lock = owner(this, MutexLock, 'MutexLock', 'release');
    if (lock.#released) return;
    lock.#leave({ outcome: 'released' });
    check(lock.#state.environment.native.releaseMutex(lock.#state.index), lock.release);
  }

  /** Releases the mutex at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** @internal The mutex's thread has ended. */
  [lose]({ cause }: Ended): void {
    this.#leave({ outcome: 'closed', cause });
  }

  /** @internal */
  [describe](): Description {
    return { kind: 'lock', ref: false, startedAt: this.acquiredAt, ...this.#mutex[details]() };
  }

  #leave(end: End): void {
    this.#released = true;
    this.#state.lock = undefined;
    held.delete(this);
    if (areEndsWatched()) ended(this, end);
  }
}

/**
 * A Windows mutex: only one holds it at a time, among all threads and processes that open it by name. If its holder dies, the next
 * one gets it.
 *
 * Windows ties a mutex to the thread that has acquired it. So each `Mutex` object has a thread of its own, from the first
 * {@link Mutex.acquire} until {@link Mutex.close}; the JavaScript thread never owns a mutex. Two objects with the same name exclude
 * each other, in one thread as well.
 *
 * @example
 * ```ts
 * using mutex = Mutex.create({ name: 'Local\\my-app-settings' });
 * {
 *   using lock = await mutex.acquire();
 *   if (lock.abandoned) console.log('the last owner has died: check the settings');
 * }
 * ```
 */
export class Mutex extends Handle {
  /** Whether {@link Mutex.create} created the mutex; false if it opened an existing one. */
  readonly createdNew: boolean;
  readonly #name: string | undefined;

  private constructor(key: symbol, opened: Opened, name: string | undefined) {
    super(key, opened, MutexState);
    this.createdNew = opened.out[1] === 1;
    this.#name = name;
  }

  static {
    showAs(Mutex, 'Mutex', ({ createdNew, closed }) => ({ createdNew, closed }));
  }

  /**
   * Creates a mutex, or opens the existing one with that name (`CreateMutexExW`). It does not acquire it.
   *
   * {@link Mutex.createdNew} says which.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid options.
   * @throws {@link RtwqError} if the call fails: `E_ACCESSDENIED`; `E_HANDLE` if another kind of object has the name.
   */
  static create(options?: MutexOptions): Mutex {
    return Mutex.createFor(options, Mutex.create);
  }

  /** @internal */
  static createFor(options: MutexOptions | undefined, caller: Caller): Mutex {
    const environment = currentEnvironment(caller);
    const { name, security } = validateObject(readCreate(options, caller), environment, caller);
    const opened = openHandle(caller, name, (native) => native.createMutex(name, security));
    return new Mutex(KEY, opened, name);
  }

  /**
   * Opens a mutex by name (`OpenMutexW`).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for an invalid name.
   * @throws {@link RtwqError} `ERROR_FILE_NOT_FOUND` if there is none; `E_ACCESSDENIED`; `E_HANDLE` if another kind of object has
   *   the name.
   */
  static open(name: string): Mutex {
    const caller = Mutex.open;
    currentEnvironment(caller);
    validateName(name, 'name', caller);
    const opened = openHandle(caller, name, (native) => native.openMutex(name));
    return new Mutex(KEY, opened, name);
  }

  /**
   * Tells whether a mutex with that name exists, without opening it: whether a program that has created it runs.
   *
   * Installers ask the same, for example Inno Setup with `AppMutex`. The answer may be outdated at once.
   *
   * @returns `true` also if this user may not open the mutex.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for an invalid name.
   * @throws {@link RtwqError} `E_HANDLE` if another kind of object has the name.
   * @example
   * ```ts
   * if (Mutex.exists('Global\\my-app')) console.log('my-app is running');
   * ```
   */
  static exists(name: string): boolean {
    const caller = Mutex.exists;
    const environment = currentEnvironment(caller);
    validateName(name, 'name', caller);
    check(environment.native.mutexExists(name), caller);
    return environment.out[0] === 1;
  }

  /**
   * Acquires the mutex: waits until this object holds it, or the timeout passes.
   *
   * An object's calls get the mutex in their order. Among several objects, threads and processes, Windows decides. A call also waits
   * for an earlier lock of the same object: acquiring twice without releasing is a deadlock.
   *
   * @param options as for {@link waitFor}. Aborting too late has no effect: the promise then resolves to a lock.
   * @returns a promise of a lock; `undefined` if the timeout has passed. Release or dispose the lock. Rejects with an `AbortError`
   *   if the wait is ended by the signal, {@link Mutex.close} or {@link shutdown}; with a TypeError (`ERR_INVALID_ARG_TYPE`,
   *   `ERR_INVALID_ARG_VALUE`) or RangeError (`ERR_OUT_OF_RANGE`) for invalid arguments; and with an {@link RtwqError} `E_HANDLE` if
   *   the mutex is closed.
   * @example
   * ```ts
   * using mutex = Mutex.create({ name: 'Local\\my-app-settings' });
   * using lock = await mutex.acquire({ timeout: 1_000 });
   * console.log(lock ? 'it is ours' : 'another one still has it');
   * ```
   */
  acquire(options?: EndlessWaitOptions): Promise<MutexLock>;
  acquire(options?: WaitOptions): Promise<MutexLock | undefined>;
  acquire(options?: WaitOptions): Promise<MutexLock | undefined> {
    return acquire(this, options, this.acquire);
  }

  /** @internal */
  [details](): { name?: string } {
    return this.#name === undefined ? {} : { name: this.#name };
  }
}

/** Acquires a mutex for a function that the user called. */
export async function acquire(given: Mutex, options: WaitOptions | undefined, caller: Caller): Promise<MutexLock | undefined> {
  currentEnvironment(caller);
  const mutex = unwrapped(given) as Mutex;
  if (!isHandle(mutex, Mutex)) throw argumentTypeError('this', 'an instance of Mutex', mutex, caller);
  let lock: MutexLock | undefined;
  const check = (): CheckedWait => {
    const state = handleState(mutex, 'this', SYSCALL, caller) as MutexState;
    const { endings } = state;
    const from = origin('lock', caller);
    return {
      waitSets: [state.waits],
      begin(native, id, ref, limit) {
        state.environment.mutexes.add(state);
        return native.acquireMutex(id, ref, state.index, limit);
      },
      details: mutex[details](),
      isCurrent: () => state.endings === endings,
      onTaken(value, firedAt) {
        lock = new MutexLock(KEY, mutex, state, value === 1, firedAt);
        if (areStartsWatched()) begun(lock, firedAt, from);
      },
    };
  };
  await new Wait({ ...readWait(options, caller), kind: 'acquire', check }, caller).result();
  return lock;
}
