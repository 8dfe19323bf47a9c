// The thread's use of the RTWorkQ platform: started by the first call that needs it, ended by shutdown() or by the last lease.
//
//          start                      nothing holds it
//   down ---------> up -------------------------------------> ending
//    ^              ^                                            | waits until nothing is outstanding
//    |              +------------------ start -------------------+
//    +------------------------- RtwqShutdown --------------------+
//
// Leases hold the platform. So does OPERATIONS, from the first operation that starts without a lease. Only the members of `holders`
// count: shutdown() empties the set, which makes every lease in it void. The addon knows nothing about this.

import {
  type Begin,
  callEach,
  currentEnvironment,
  type Ending,
  type Environment,
  fired,
  type Holder,
  type Operation,
  rtworkqEnvironment,
  started,
} from '../internal/environment';
import { type Caller, check, codedError, type Ended, endedBy, outcomeError, warn } from '../internal/errors';
import { LONGEST_TIMER, later, startTimer } from '../internal/host';
import { showAs } from '../internal/inspection';
import type { Index, Outcome } from '../internal/native';
import { type Description, describe } from '../internal/observation';
import { optionsReader } from '../internal/options';
import { listPending } from '../internal/pending';
import { owner, returning, self } from '../internal/self';
import { validateTimeout } from '../internal/validation';
import { withResolvers } from '../internal/with-resolvers';

const OPERATIONS: Holder = {};
// Runs before this thread starts the platform.
let beforeStart = (_environment: Environment): void => {};

/** Sets the action to run before this thread starts the platform. */
export function onStart(action: (environment: Environment) => void): void {
  beforeStart = action;
}

/** The transition from `up` to `down`. It is over when nothing is outstanding, or when the platform is started again. */
class PlatformEnding implements Operation, Ending {
  readonly #environment: Environment;
  #id = -1;
  readonly #waiters = new Set<PromiseWithResolvers<void>>();
  /** Whether a released lease has begun it, which does not wait. */
  readonly #forLease: boolean;

  constructor(environment: Environment, forLease: boolean) {
    this.#environment = environment;
    this.#forLease = forLease;
  }

  /** It keeps the loop alive. */
  addWaiter(waiter: PromiseWithResolvers<void>): void {
    this.#waiters.add(waiter);
    this.#environment.native.setRef(this.#id, true);
  }

  removeWaiter(waiter: PromiseWithResolvers<void>): void {
    if (!this.#waiters.delete(waiter) || this.#waiters.size > 0) return;
    if (this.#forLease) this.#environment.native.setRef(this.#id, false);
    else this.callOff();
  }

  /** The platform has been started again. */
  callOff(): void {
    this.#environment.platform.ending = undefined;
    this.#environment.stop(this.#id, false);
    for (const waiter of this.#waiters) waiter.resolve();
  }

  [started](id: number): void {
    this.#id = id;
  }

  [describe](): Description {
    return { kind: 'shutdown', ref: this.#waiters.size > 0 };
  }

  [fired](): void {
    // It was called off when this completion was already on its way.
    const { platform } = this.#environment;
    if (platform.ending !== this) return;
    const outcome = release(this.#environment);
    if (outcome === undefined) {
      this.awaitIdle(PlatformEnding);
      return;
    }
    platform.ending = undefined;
    if (this.#waiters.size === 0) warn(outcome, shutdown);
    for (const waiter of this.#waiters) settle(waiter, outcome);
  }

  awaitIdle(caller: Caller): void {
    const begin: Begin = (native, id) => native.awaitIdle(id, this.#waiters.size > 0);
    // Set before observers are notified: their code may start the platform again and call this off.
    this.#environment.start(this, caller, begin, () => {
      this.#environment.platform.ending = this;
    });
  }
}

function settle({ resolve, reject }: PromiseWithResolvers<void>, outcome: Outcome): void {
  if (outcome === 0) resolve();
  else reject(outcomeError(outcome, shutdown));
}

/** Releases the platform. Returns undefined and does nothing if something is outstanding. */
function release(environment: Environment): Outcome | undefined {
  const { native, dependents, platform } = environment;
  if (!native.isIdle()) return undefined;
  // Private queues count as outstanding. What is left are requests on the process-wide queues, and MMCSS registrations.
  endAll(dependents);
  platform.acquired = false;
  return native.release();
}

function endAll(dependents: Environment['dependents']): void {
  callEach([...dependents], (dependent) => dependent.end());
}

/** Whether a lease or OPERATIONS holds the platform. Pending operations by themselves do not. */
const isHeld = ({ platform }: Environment): boolean => platform.holders.size > 0;

/** Ends the thread's use of the platform, unless it is held. Returns the outcome, or undefined if it is not known yet. */
function shutDownUnlessHeld(environment: Environment, caller: Caller, forLease = true): Outcome | undefined {
  const { acquired, ending } = environment.platform;
  if (isHeld(environment) || !acquired) return 0;
  if (ending) return undefined;
  // JavaScript receives what has fired first: the end takes its place behind it.
  const outcome = environment.native.hasUndelivered() ? undefined : release(environment);
  if (outcome === undefined) new PlatformEnding(environment, forLease).awaitIdle(caller);
  return outcome;
}

function hold({ platform }: Environment, holder: Holder): void {
  platform.holders.add(holder);
  platform.ending?.callOff();
}

/** Runs a native call that needs the platform. If the call fails, everything is as before. */
function call(environment: Environment, caller: Caller, native: () => Outcome): Outcome {
  if (!isHeld(environment)) beforeStart(environment);
  const { platform } = environment;
  if (!platform.acquired) check(environment.native.acquire(), caller);
  platform.acquired = true;
  const outcome = native();
  // A failed call may have started the platform for nothing.
  if (outcome !== 0) warn(shutDownUnlessHeld(environment, caller), shutdown);
  return outcome;
}

/** Runs a native call that starts something. Without a lease, the platform then stays up until shutdown(). */
export function usePlatform<T>(environment: Environment, caller: Caller, start: () => Outcome, take: (out: Float64Array) => T): T {
  check(isHeld(environment) ? start() : call(environment, caller, start), caller);
  // Read the results first: holding the platform may settle a shutdown() promise, which runs async_hooks.
  const taken = take(environment.out);
  if (!isHeld(environment)) hold(environment, OPERATIONS);
  return taken;
}

/** Starts an operation that needs the platform. A failure leaves nothing behind. */
export function startOperation<T extends Operation>(environment: Environment, operation: T, caller: Caller, begin: Begin<T>): void {
  if (isHeld(environment)) {
    environment.start(operation, caller, begin);
  } else {
    const beginFirst: Begin = (native, id) => call(environment, caller, () => begin(native, id, operation));
    environment.start(operation, caller, beginFirst, () => hold(environment, OPERATIONS));
  }
}

/** A lease from {@link startup} or {@link lockPlatform}: the platform stays up at least until the lease is released. */
export interface PlatformLease extends Disposable {
  /**
   * Releases the lease, and the lock if it came from {@link lockPlatform}. Calling it again does nothing.
   *
   * After the last lease is released, the platform shuts down as soon as this thread has no work items, work queues or periodic
   * callbacks left. If one of them was started without a lease, the platform stays up.
   */
  release(): void;
}

class Lease implements PlatformLease, Holder {
  readonly #environment: Environment;
  readonly #lock: Index | undefined;
  readonly [self]: () => this = returning(this);

  static {
    showAs(Lease, 'PlatformLease', (lease) => ({
      held: lease.#environment.platform.holders.has(lease),
      locked: lease.#lock !== undefined,
    }));
  }

  constructor(environment: Environment, lock?: Index) {
    this.#environment = environment;
    this.#lock = lock;
    hold(environment, this);
  }

  release(): void {
    const lease = owner(this, Lease, 'PlatformLease', 'release');
    if (!lease.#environment.platform.holders.delete(lease)) return;
    lease.end();
    warn(shutDownUnlessHeld(lease.#environment, lease.release), shutdown);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  end(): void {
    if (this.#lock !== undefined) warn(this.#environment.native.unlockPlatform(this.#lock), this.end);
  }
}

/**
 * Starts the RTWorkQ platform for this thread (`RtwqStartup`).
 *
 * You do not need to call this: the first call that needs the platform starts it. Call it to choose when to pay the start-up cost,
 * or to tie the platform's lifetime to a scope.
 *
 * @returns a lease; release or dispose it to release the platform.
 * @throws {@link RtwqError} if RTWorkQ does not start.
 * @example
 * ```ts
 * using lease = startup();
 * await scheduleWorkItem(5);
 * ```
 */
export function startup(): PlatformLease {
  const environment = rtworkqEnvironment(startup);
  check(
    call(environment, startup, () => 0),
    startup,
  );
  return new Lease(environment);
}

/**
 * Prevents `RtwqShutdown` from ending the work queue threads, no matter who in the process calls it (`RtwqLockPlatform`).
 *
 * It returns a lease like that of {@link startup}, with a lock of its own. This package holds such a lock whenever it uses RTWorkQ,
 * so you rarely need another.
 *
 * @returns a lease; release or dispose it to unlock (`RtwqUnlockPlatform`). This thread's {@link shutdown} also ends it.
 * @throws {@link RtwqError} if the call fails.
 * @example
 * ```ts
 * using lock = lockPlatform();
 * ```
 */
export function lockPlatform(): PlatformLease {
  const environment = rtworkqEnvironment(lockPlatform);
  check(
    call(environment, lockPlatform, () => environment.native.lockPlatform()),
    lockPlatform,
  );
  return new Lease(environment, environment.out[0]);
}

/** Whether something other than the operations that started it keeps the platform up. */
export const hasLeases = ({ platform }: Environment): boolean => [...platform.holders].some((holder) => holder !== OPERATIONS);

/** Ends all that the platform's end ends; what only waits can end settles later. */
export function endUses(environment: Environment, ended: Ended): void {
  const held = [...environment.platform.holders];
  environment.platform.holders.clear();
  callEach(held, (holder) => holder.end?.());
  environment.shutDown = ended;
  environment.closeAll(ended);
  callEach([...environment.mutexes], (mutex) => mutex.shutDown(ended));
  endAll(environment.dependents);
}

/** Options of {@link shutdown}. */
export interface ShutdownOptions {
  /** How long to wait at most, in milliseconds, from 0 to 2 ** 53. Default: `Infinity`. */
  timeout?: number | undefined;
}

const readShutdown = optionsReader(({ timeout }: ShutdownOptions): ShutdownOptions => ({ timeout }));

/**
 * Ends this thread's use of the RTWorkQ platform (`RtwqShutdown`, once no thread in the process uses it), and its waits.
 *
 * No promise is left pending: this thread's pending work items and waits reject with an `AbortError` whose cause is an
 * {@link RtwqError} (`RTWQ_E_SHUTDOWN`); a wait that has already taken its signal resolves. Timers continue. The thread's work
 * queues close, its periodic callbacks are removed, its locks are released, and its leases end. A later call starts the platform
 * again.
 *
 * RTWorkQ may still run work items: native work that takes long, or items that were put on a queue that is busy. A shutdown waits
 * for them, and {@link pendingOperations} lists them. After the timeout, the platform stays up: new calls work, and a later shutdown
 * can succeed.
 *
 * @returns a promise that resolves when everything that had fired has settled, and the waits, RTWorkQ is done with this thread's
 *   work items, and the platform has been released or a new call has started it again. Rejects with `ERR_OPERATION_TIMEOUT` after
 *   the timeout: the error's `operations` lists what is pending, as {@link pendingOperations} does.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid options. Nothing is
 *   shut down then.
 * @example
 * ```ts
 * await shutdown({ timeout: 5_000 });
 * ```
 */
export function shutdown(options?: ShutdownOptions): Promise<void> {
  const environment = currentEnvironment(shutdown);
  const timeout = validateTimeout(readShutdown(options, shutdown).timeout, 'options.timeout', shutdown);
  // Created first: creating a promise runs async_hooks.
  const waiter = withResolvers<void>();
  const { platform } = environment;
  const detail = 'The platform was shut down while the operation was pending.';
  endUses(environment, endedBy('closed by shutdown()', 'RTWQ_E_SHUTDOWN', 'RtwqShutdown', detail, shutdown));
  const outcome = shutDownUnlessHeld(environment, shutdown, false);
  if (platform.ending) platform.ending.addWaiter(waiter);
  else settle(waiter, outcome ?? 0);
  const over = environment.waits.size > 0 ? withWaits(environment, waiter.promise) : waiter.promise;
  return timeout > LONGEST_TIMER ? over : within(timeout, over, waiter, environment);
}

/**
 * The same promise, but no sooner than the pending waits have settled, which were asked to end, and code has run that awaits them or
 * loops over signals. It is still early enough to handle their rejections after `await shutdown()`.
 */
async function withWaits({ waits }: Environment, ended: Promise<void>): Promise<void> {
  const answers = [...waits].map((wait) => {
    const { promise, resolve } = withResolvers<void>();
    wait.whenSettled(resolve);
    return promise;
  });
  await Promise.all(answers);
  const { promise: tick, resolve } = withResolvers<void>();
  later(resolve);
  await tick;
  await ended;
}

/** The same promise, but rejected if it takes too long. The platform then stays up. */
function within(timeout: number, over: Promise<void>, waiter: PromiseWithResolvers<void>, { platform }: Environment): Promise<void> {
  const limited = withResolvers<void>();
  const timer = startTimer(
    () => {
      // Before the wait ends: afterwards, what RTWorkQ holds is not listed.
      limited.reject(timeoutError(timeout));
      platform.ending?.removeWaiter(waiter);
    },
    timeout,
    true,
  );
  over.then(limited.resolve, limited.reject).finally(() => timer.stop());
  return limited.promise;
}

function timeoutError(timeout: number): Error {
  const operations = listPending();
  const awaited = operations.filter(({ kind, held }) => held || kind.startsWith('wait') || kind === 'close').map(({ kind }) => kind);
  const message = `The platform did not shut down within ${timeout} ms. It waits for ${awaited.join(', ') || 'RTWorkQ'}.`;
  return Object.assign(codedError(Error, 'ERR_OPERATION_TIMEOUT', message, within), { operations });
}

/** Resolves when a shutdown in progress is over, whether or not it succeeded; at once if there is none. */
export function whenEnded({ platform: { ending } }: Environment): Promise<void> {
  const waiter = withResolvers<void>();
  if (ending) ending.addWaiter(waiter);
  else waiter.resolve();
  return waiter.promise.catch(() => {});
}
