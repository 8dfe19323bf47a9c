// The thread's use of the RTWorkQ platform: started by the first call that needs it, ended by shutdown().
//
//   leases > 0                startup() was called more often than its leases were disposed
//   implicit                  an operation was started while there was no lease; holds until shutdown()
//   operations outstanding    hold the platform by themselves

import { requireAddon } from '../internal/binding';
import { type Closing, Environment } from '../internal/environment';
import { type Caller, check, outcomeError } from '../internal/errors';
import type { Outcome } from '../internal/native';

let environment: Environment | undefined;
let leases = 0;
let implicit = false;
// Of the leases, those that also hold a lock of RtwqLockPlatform.
let locks = 0;
// Runs before the platform is started.
let beforeStart = (_environment: Environment): void => {};
// Leases of before a shutdown() have nothing to give back.
let generation = 0;
let ending: { promise: Promise<void>; finish: (outcome: Outcome) => void } | undefined;

/** This thread's environment, opened on first use. */
export function currentEnvironment(caller: Caller): Environment {
  environment ??= new Environment(requireAddon(caller).open, released);
  return environment;
}

/** Sets what shall run before this thread starts the platform. */
export function onStart(action: (environment: Environment) => void): void {
  beforeStart = action;
}

/** The platform has been given back; that may have had to wait. */
function released(outcome: Outcome): void {
  if (ending) ending.finish(outcome);
  else if (outcome !== 0) process.emitWarning(outcomeError(outcome, released));
}

/**
 * What {@link startup} returns: the platform stays up at least until the lease is disposed.
 */
export interface PlatformLease extends Disposable {
  /**
   * Gives the lease back; more than once does nothing. With the last one the platform is shut down as soon as no work
   * item, work queue or periodic callback of this thread is left, unless one of them was started without a lease.
   */
  dispose(): void;
}

class Lease implements PlatformLease {
  #generation: number | undefined = generation;
  readonly #locks: boolean;

  constructor(locked: boolean) {
    this.#locks = locked;
    leases++;
    if (locked) locks++;
  }

  dispose(): void {
    if (this.#generation !== generation) return;
    this.#generation = undefined;
    leases--;
    if (this.#locks) unlock();
    giveBackUnlessHeld();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

function unlock(): void {
  locks--;
  const outcome = environment?.native.unlockPlatform();
  if (outcome) process.emitWarning(outcomeError(outcome, unlock));
}

/**
 * Runs what starts an operation. Without a lease, the first operation makes the platform's use last until shutdown(). A
 * shutdown that waits gives way to an operation that has started, and goes on waiting when it has failed.
 */
export function usePlatform<T>(start: () => T): T {
  if (leases === 0 && !implicit) beforeStart(currentEnvironment(usePlatform));
  try {
    const started = start();
    if (leases === 0) implicit = true;
    ending?.finish(0);
    return started;
  } catch (error) {
    // The attempt has called off a giving back that waited, and may have started the platform for nothing.
    giveBackUnlessHeld();
    throw error;
  }
}

/** Gives the platform back, once RTWorkQ has let go of what is outstanding, unless something else holds it. */
function giveBackUnlessHeld(): void {
  if (leases > 0 || implicit) return;
  // A shutdown that somebody may await keeps the loop alive, a lease that was disposed does not.
  const outcome = environment?.native.giveBack(ending !== undefined);
  if (outcome !== undefined) released(outcome);
}

/**
 * Starts the RTWorkQ platform for this thread (`RtwqStartup`). Nobody has to: the first call that needs it does it. Call
 * it to have the cost of starting where you want it, or to tie the platform's life to a scope.
 *
 * @returns a lease; dispose it to give the platform back.
 * @throws {@link RtwqError} when RTWorkQ does not start.
 * @example
 * ```ts
 * using lease = startup();
 * await scheduleWorkItem(5);
 * ```
 */
export function startup(): PlatformLease {
  acquire(startup);
  return new Lease(false);
}

function acquire(caller: Caller): Environment {
  const current = currentEnvironment(caller);
  if (leases === 0 && !implicit) beforeStart(current);
  check(current.native.acquire(), caller);
  ending?.finish(0);
  return current;
}

/**
 * Keeps `RtwqShutdown`, whoever in the process calls it, from ending the threads of the work queues (`RtwqLockPlatform`). A
 * lease as {@link startup} gives it, with a lock of its own; the lock that every use of this package holds is there besides.
 *
 * @returns a lease; dispose it to unlock (`RtwqUnlockPlatform`). {@link shutdown} of this thread ends it too.
 * @throws {@link RtwqError} when RTWorkQ refuses.
 * @example
 * ```ts
 * using lock = lockPlatform();
 * ```
 */
export function lockPlatform(): PlatformLease {
  const current = acquire(lockPlatform);
  const outcome = current.native.lockPlatform();
  if (outcome === 0) return new Lease(true);
  giveBackUnlessHeld();
  throw outcomeError(outcome, lockPlatform);
}

const SHUT_DOWN: Closing = {
  code: 'RTWQ_E_SHUTDOWN',
  syscall: 'RtwqShutdown',
  detail: 'The platform was shut down while the work item was pending.',
};

/**
 * Ends this thread's use of the RTWorkQ platform (`RtwqShutdown`, once no thread of the process uses it). Nothing is
 * lost: every pending work item of this thread is settled first and rejects with an {@link RtwqError} whose code is
 * `RTWQ_E_SHUTDOWN`. Its work queues are closed, its periodic callbacks removed, its leases end. A later call starts the
 * platform again.
 *
 * @returns a promise that resolves when RTWorkQ has let go of this thread's work items and the platform has been given
 *   back, or when a new call has started it again; at once where it is not started.
 * @example
 * ```ts
 * await shutdown();
 * ```
 */
export function shutdown(): Promise<void> {
  const current = currentEnvironment(shutdown);
  if (ending) return ending.promise;
  let finish!: (outcome: Outcome) => void;
  const promise = new Promise<void>((resolve, reject) => {
    finish = (outcome) => {
      ending = undefined;
      if (outcome === 0) resolve();
      else reject(outcomeError(outcome, shutdown));
    };
  });
  // Before anything of the user's may run and start something.
  ending = { promise, finish };
  generation++;
  leases = 0;
  implicit = false;
  while (locks > 0) unlock();
  current.closeAll(SHUT_DOWN);
  current.endRequests();
  for (const queue of current.queues) queue.platformEnds();
  giveBackUnlessHeld();
  return promise;
}

/** Resolves when a shutdown() that is under way is over, however it ends; at once where there is none. */
export async function whenEnded(): Promise<void> {
  await ending?.promise.catch(() => {});
}
