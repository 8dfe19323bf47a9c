// The thread's use of the RTWorkQ platform: started by the first call that needs it, ended by shutdown() or by the last lease.
//
//          start                      nothing holds it
//   down ---------> up -------------------------------------> ending
//    ^              ^                                            | waits until nothing is outstanding
//    |              +------------------ start -------------------+
//    +------------------------- RtwqShutdown --------------------+
//
// It is held by leases, and by OPERATIONS from the first operation that was started while there was no lease. Only what is
// in `holders` holds: shutdown() empties it, and so makes void whatever was in it. The addon knows of none of this.

import {
  type Begin,
  callEach,
  currentEnvironment,
  type Environment,
  fired,
  lingers,
  type Operation,
  started,
} from '../internal/environment';
import { type Caller, check, type Ended, endedBy, outcomeError, warn } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { Index, Outcome } from '../internal/native';
import { type Description, describe } from '../internal/observation';

interface Holder {
  /** It holds no longer. */
  end?(): void;
}

const OPERATIONS: Holder = {};
const UNNEEDED: Ended = { cause: undefined };
const holders = new Set<Holder>();
// Whether the addon has a lease on the platform for this thread: in `up` and `ending`.
let acquired = false;
let ending: Ending | undefined;
// Runs before the platform is started.
let beforeStart = (_environment: Environment): void => {};

/** Sets what shall run before this thread starts the platform. */
export function onStart(action: (environment: Environment) => void): void {
  beforeStart = action;
}

/** The way from `up` to `down`, which is over when nothing is outstanding or when somebody has started the platform again. */
class Ending implements Operation {
  readonly #environment: Environment;
  #id = -1;
  readonly #waiting: PromiseWithResolvers<void>[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Tells a shutdown(), which keeps the loop alive, when it is over; a lease that was disposed does not wait. */
  tell(waiting: PromiseWithResolvers<void>): void {
    this.#waiting.push(waiting);
    this.#environment.native.setRef(this.#id, true);
  }

  /** The platform has been started again. */
  giveWay(): void {
    ending = undefined;
    this.#environment.stop(this.#id, false);
    for (const waiting of this.#waiting) waiting.resolve();
  }

  [started](id: number): void {
    this.#id = id;
  }

  [describe](): Description {
    return { kind: 'shutdown', ref: this.#waiting.length > 0 };
  }

  [fired](): void {
    // It has given way when this was under way already.
    if (ending !== this) return;
    const outcome = release(this.#environment);
    if (outcome === undefined) {
      this.awaitIdle(Ending);
      return;
    }
    ending = undefined;
    if (this.#waiting.length === 0) warn(outcome, shutdown);
    for (const waiting of this.#waiting) settle(waiting, outcome);
  }

  awaitIdle(caller: Caller): void {
    const begin: Begin = (native, id) => native.awaitIdle(id, this.#waiting.length > 0);
    // It may have to give way as soon as anybody is told.
    this.#environment.start(this, caller, begin, () => {
      ending = this;
    });
  }
}

function settle({ resolve, reject }: PromiseWithResolvers<void>, outcome: Outcome): void {
  if (outcome === 0) resolve();
  else reject(outcomeError(outcome, shutdown));
}

/** Gives the platform back; undefined, and nothing is done, when something is outstanding. */
function release(environment: Environment): Outcome | undefined {
  const { native, dependents } = environment;
  if (!native.isIdle()) return undefined;
  // Queues are outstanding: what is left is what the process's own were asked for, and what the platform is registered as.
  endAll(dependents);
  acquired = false;
  return native.release();
}

function endAll(dependents: Environment['dependents']): void {
  callEach([...dependents], (dependent) => dependent.end());
}

/** Whether something holds the platform besides what is under way. */
export const isHeld = (): boolean => holders.size > 0;

/** Ends the thread's use of the platform, unless something holds it. What came of it, where that is known at once. */
function endUnlessHeld(environment: Environment, caller: Caller): Outcome | undefined {
  if (isHeld() || !acquired) return 0;
  if (ending) return undefined;
  environment.closeAll(UNNEEDED, (operation) => operation[lingers] === true);
  const outcome = release(environment);
  if (outcome === undefined) new Ending(environment).awaitIdle(caller);
  return outcome;
}

function hold(holder: Holder): void {
  holders.add(holder);
  ending?.giveWay();
}

/** Runs a native call that needs the platform. Where it fails, everything is as before. */
function call(environment: Environment, caller: Caller, native: () => Outcome): Outcome {
  if (!isHeld()) beforeStart(environment);
  if (!acquired) check(environment.native.acquire(), caller);
  acquired = true;
  const outcome = native();
  // A call that failed may have started the platform for nothing.
  if (outcome !== 0) warn(endUnlessHeld(environment, caller), shutdown);
  return outcome;
}

/** Runs a native call that starts something. Without a lease, it makes the platform's use last until shutdown(). */
export function usePlatform<T>(environment: Environment, caller: Caller, start: () => Outcome, take: (out: Float64Array) => T): T {
  check(isHeld() ? start() : call(environment, caller, start), caller);
  // Before the platform is held: that may settle a promise of shutdown(), and the hooks of async_hooks hear of it.
  const taken = take(environment.out);
  if (!isHeld()) hold(OPERATIONS);
  return taken;
}

/** Starts an operation that needs the platform; a failure leaves nothing behind. */
export function startOperation<T extends Operation>(environment: Environment, operation: T, caller: Caller, begin: Begin<T>): void {
  if (isHeld()) {
    environment.start(operation, caller, begin);
  } else {
    const beginFirst: Begin = (native, id) => call(environment, caller, () => begin(native, id, operation));
    environment.start(operation, caller, beginFirst, () => hold(OPERATIONS));
  }
}

/**
 * What {@link startup} and {@link lockPlatform} return: the platform stays up at least until the lease is released.
 */
export interface PlatformLease extends Disposable {
  /**
   * Gives the lease back, and with one of {@link lockPlatform} its lock; more than once does nothing. With the last one the
   * platform is shut down as soon as no work item, work queue or periodic callback of this thread is left, unless one of them
   * was started without a lease.
   */
  release(): void;
}

class Lease implements PlatformLease, Holder {
  readonly #environment: Environment;
  readonly #lock: Index | undefined;

  static {
    showAs(Lease, 'PlatformLease', (lease) => ({ held: holders.has(lease), locked: lease.#lock !== undefined }));
  }

  constructor(environment: Environment, lock?: Index) {
    this.#environment = environment;
    this.#lock = lock;
    hold(this);
  }

  release(): void {
    if (!holders.delete(this)) return;
    this.end();
    warn(endUnlessHeld(this.#environment, this.release), shutdown);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  end(): void {
    if (this.#lock !== undefined) warn(this.#environment.native.unlockPlatform(this.#lock), this.end);
  }
}

/**
 * Starts the RTWorkQ platform for this thread (`RtwqStartup`). Nobody has to: the first call that needs it does it. Call
 * it to have the cost of starting where you want it, or to tie the platform's life to a scope.
 *
 * @returns a lease; release or dispose it to give the platform back.
 * @throws {@link RtwqError} when RTWorkQ does not start.
 * @example
 * ```ts
 * using lease = startup();
 * await scheduleWorkItem(5);
 * ```
 */
export function startup(): PlatformLease {
  const environment = currentEnvironment(startup);
  check(
    call(environment, startup, () => 0),
    startup,
  );
  return new Lease(environment);
}

/**
 * Keeps `RtwqShutdown`, whoever in the process calls it, from ending the threads of the work queues (`RtwqLockPlatform`). A
 * lease as {@link startup} gives it, with a lock of its own. This package holds such a lock whenever it uses RTWorkQ, so few
 * need another.
 *
 * @returns a lease; release or dispose it to unlock (`RtwqUnlockPlatform`). {@link shutdown} of this thread ends it too.
 * @throws {@link RtwqError} when RTWorkQ refuses.
 * @example
 * ```ts
 * using lock = lockPlatform();
 * ```
 */
export function lockPlatform(): PlatformLease {
  const environment = currentEnvironment(lockPlatform);
  check(
    call(environment, lockPlatform, () => environment.native.lockPlatform()),
    lockPlatform,
  );
  return new Lease(environment, environment.out[0]);
}

/**
 * Ends this thread's use of the RTWorkQ platform (`RtwqShutdown`, once no thread of the process uses it). Nothing is
 * lost: every pending work item of this thread is settled first and rejects with an `AbortError`, whose cause is an
 * {@link RtwqError} (`RTWQ_E_SHUTDOWN`). Its work queues are closed, its periodic callbacks removed, its leases end. A later call
 * starts the platform again.
 *
 * @returns a promise that resolves when RTWorkQ has let go of this thread's work items and the platform has been given
 *   back, or when a new call has started it again; at once where it is not started.
 * @example
 * ```ts
 * await shutdown();
 * ```
 */
export function shutdown(): Promise<void> {
  const environment = currentEnvironment(shutdown);
  // First of all: the hooks of async_hooks hear of a promise when it is made.
  const waiting = Promise.withResolvers<void>();
  const held = [...holders];
  holders.clear();
  callEach(held, (holder) => holder.end?.());
  const detail = 'The platform was shut down while the operation was pending.';
  environment.shutDown = endedBy('closed by shutdown()', 'RTWQ_E_SHUTDOWN', 'RtwqShutdown', detail, shutdown);
  environment.closeAll(environment.shutDown);
  endAll(environment.dependents);
  const outcome = endUnlessHeld(environment, shutdown);
  if (ending) ending.tell(waiting);
  else settle(waiting, outcome ?? 0);
  return waiting.promise;
}

/** Resolves when an end of the platform that somebody awaits is over, however it ends; at once where there is none. */
export function whenEnded(): Promise<void> {
  const waiting = Promise.withResolvers<void>();
  if (ending) ending.tell(waiting);
  else waiting.resolve();
  return waiting.promise.catch(() => {});
}
