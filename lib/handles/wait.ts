// RtwqPutWaitingWorkItem, and the waits built on it.

import { currentEnvironment } from '../internal/environment';
import { argumentTypeError, argumentValueError, type Caller, rtwqError } from '../internal/errors';
import { optionsReader } from '../internal/options';
import { optional, validateDelay } from '../internal/validation';
import type { WorkQueue } from '../queues/work-queue';
import type { WorkItemOptions } from '../work-items/options';
import { type PriorityOptions, scheduleGiven, TIMEOUT, wait, waitMultiple } from '../work-items/start';
import { value, type WorkItem } from '../work-items/work-item';
import { ProcessHandle } from './process-handle';
import type { WaitTarget } from './wait-handle';

/** Options of {@link putWaitingWorkItem}. */
export interface WaitingOptions extends WorkItemOptions, PriorityOptions {}

/** Options of {@link waitFor}, {@link waitForAny}, {@link waitForAll} and {@link waitForProcessExit}. */
export interface WaitOptions {
  /**
   * How long to wait, in milliseconds, from 0 (check without waiting) to 2 ** 53. Timed by {@link scheduleWorkItem} on
   * {@link WorkQueue.standard}, so it can be as late as that. Default: no timeout.
   */
  timeout?: number | undefined;
  /** Ends the wait when it aborts; the rejection's `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Whether the wait keeps this process alive. Default: `true`. */
  ref?: boolean | undefined;
  /** The work queue on which the wait ends. Default: {@link WorkQueue.standard}. */
  queue?: WorkQueue | undefined;
}

/** Options of a wait without a timeout. */
export interface EndlessWaitOptions extends WaitOptions {
  timeout?: undefined;
}

/** The target that {@link waitForAny} found signaled. */
export interface SignaledTarget {
  /** Its index in the array of targets. */
  readonly index: number;
  /** When it was signaled, in milliseconds on the clock of this thread's `performance.now()`. */
  readonly firedAt: number;
}

/**
 * Puts a work item that fires when a handle becomes signaled (`RtwqPutWaitingWorkItem`).
 *
 * A wait consumes the signal, as in Win32: an auto-reset event resets, a semaphore counts down. A cancelled wait gives the signal
 * back to an event or semaphore. It cannot give it back to an auto-reset timer, or to a raw HANDLE without the right to query and
 * set its object.
 *
 * Waits use none of the threads with which Node reads files and looks up hosts, however many waits there are.
 *
 * @param target a handle of this package, or a raw HANDLE: an event, semaphore, waitable timer, process, thread, job or another
 *   waitable object, but not a mutex. The wait uses a duplicate, so you may close a raw HANDLE meanwhile. Closing a handle of this
 *   package ends the waits that were started with it.
 * @param options `priority` orders the item among those waiting on the queue, `queue` is where it runs, `signal` cancels it,
 *   `ref: false` lets the process end while it is pending, `work` is native work to run.
 * @returns the pending {@link WorkItem}: await it, cancel it, or pass its key to {@link cancelWorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
 * @throws {@link RtwqError} `E_HANDLE` if the handle is closed, is not one of this process, or cannot be waited for;
 *   `E_ACCESSDENIED` without the right to wait for it; `ERROR_NOT_SUPPORTED` for a mutex, which the pool's thread would own;
 *   `E_INVALIDARG` on {@link WorkQueue.longFunction}. Nothing is pending then.
 * @example
 * ```ts
 * using event = WaitableEvent.create();
 * const item = putWaitingWorkItem(event);
 * event.set();
 * await item;
 * ```
 */
export function putWaitingWorkItem(target: WaitTarget, options?: WaitingOptions): WorkItem {
  return wait(target, options, putWaitingWorkItem);
}

const read = optionsReader(({ timeout, signal, ref, queue }: WaitOptions): WaitOptions => ({ timeout, signal, ref, queue }));

/** The result of a wait. */
async function signaled(item: WorkItem): Promise<SignaledTarget> {
  const { status, firedAt } = await item.completed;
  if (status >= 2 ** 31) throw rtwqError(status, 'RtwqPutWaitingWorkItem', signaled);
  return { index: item[value], firedAt };
}

type Waiting = Parameters<typeof waitMultiple>[0];

async function waitForTargets({ timeout, ...waiting }: Waiting & WaitOptions, caller: Caller): Promise<SignaledTarget | 'timeout'> {
  const limit = optional(timeout, undefined, (given) => validateDelay(given, 'options.timeout', caller));
  using item = waitMultiple({ ...waiting, pollOnly: limit === 0 }, caller);
  if (limit === undefined || item.state !== 'pending') return await signaled(item);
  if (limit > 0) {
    try {
      using timer = scheduleGiven(limit, { ref: waiting.ref, queue: undefined, signal: undefined, work: undefined }, TIMEOUT, caller);
      // If the timer ends early, the wait ends too.
      const over = timer.completed.then(
        () => {},
        () => {},
      );
      await Promise.race([item.completed, over]);
    } catch (error) {
      // If the wait has already taken a signal, that signal is the result.
      if (item.cancel()) throw error;
    }
  }
  return item.cancel() ? 'timeout' : await signaled(item);
}

function isArray(given: unknown): given is readonly unknown[] {
  try {
    return Array.isArray(given);
  } catch {
    // A revoked proxy.
    return false;
  }
}

/** Copies the targets into a new array. */
function readTargets(targets: unknown, caller: Caller): unknown[] {
  if (!isArray(targets)) throw argumentTypeError('targets', 'an array', targets, caller);
  const { length } = targets;
  const taken: unknown[] = [];
  for (let index = 0; index < length; index++) {
    const target = targets[index];
    // A sparse array, however long, ends at its first hole.
    if (target === undefined) throw argumentTypeError(`targets[${index}]`, 'a WaitHandle or a handle of type bigint', target, caller);
    taken.push(target);
  }
  if (taken.length === 0) throw argumentValueError('targets', 'must not be empty', targets, caller);
  return taken;
}

/**
 * Waits until a handle becomes signaled, or the timeout passes.
 *
 * A handle that is already signaled wins over any timeout.
 *
 * @param target as for {@link putWaitingWorkItem}.
 * @returns a promise of `'signaled'` or `'timeout'`. Rejects with the errors that {@link putWaitingWorkItem} throws, and with an
 *   `AbortError` if the wait is ended by the signal, {@link WaitHandle.close}, {@link WorkQueue.close} or {@link shutdown}.
 * @example
 * ```ts
 * using event = WaitableEvent.create({ name: 'Local\\my-app-ready' });
 * if ((await waitFor(event, { timeout: 500 })) === 'timeout') console.log('timed out');
 * ```
 */
export async function waitFor(target: WaitTarget, options?: WaitOptions): Promise<'signaled' | 'timeout'> {
  currentEnvironment(waitFor);
  const outcome = await waitForTargets(
    { ...read(options, waitFor), kind: 'waitFor', targets: [target], name: 'target', all: false },
    waitFor,
  );
  return outcome === 'timeout' ? outcome : 'signaled';
}

/**
 * Waits until one of several handles becomes signaled.
 *
 * There may be any number of handles (`WaitForMultipleObjects` takes at most 64). If several are already signaled, the first in the
 * array wins. The signals of the others stay where they are. A signal that arrives before the other waits have ended is given back
 * at once, if {@link putWaitingWorkItem} can give it back: not to an auto-reset timer, and not if it arrives just as its wait ends.
 *
 * @param targets as for {@link putWaitingWorkItem}; at least one.
 * @returns a promise of the target and the time, or of `'timeout'`. Rejects as {@link waitFor} does; closing any of the handles
 *   ends the wait.
 * @example
 * ```ts
 * using ready = WaitableEvent.create();
 * using stop = WaitableEvent.create({ manualReset: true });
 * ready.set();
 * const { index } = await waitForAny([stop, ready]); // 1
 * ```
 */
export async function waitForAny(targets: readonly WaitTarget[], options?: EndlessWaitOptions): Promise<SignaledTarget>;
export async function waitForAny(targets: readonly WaitTarget[], options?: WaitOptions): Promise<SignaledTarget | 'timeout'>;
export async function waitForAny(targets: readonly WaitTarget[], options?: WaitOptions): Promise<SignaledTarget | 'timeout'> {
  currentEnvironment(waitForAny);
  const given = read(options, waitForAny);
  return waitForTargets(
    { ...given, kind: 'waitForAny', targets: readTargets(targets, waitForAny), name: 'targets', all: false },
    waitForAny,
  );
}

/**
 * Waits until each of several handles has been signaled.
 *
 * Unlike `WaitForMultipleObjects`, it takes each signal when it arrives and holds it until the last one has arrived. Other waiters
 * do not see these signals meanwhile, so two overlapping waits for the same handles can deadlock: give them a timeout. A wait that
 * does not succeed gives back the signals that it took, if {@link putWaitingWorkItem} can.
 *
 * @param targets as for {@link putWaitingWorkItem}; at least one. A handle that is listed twice is waited for twice.
 * @returns a promise of `'signaled'` or `'timeout'`. Rejects as {@link waitFor} does; closing any of the handles ends the wait.
 * @example
 * ```ts
 * using first = WaitableEvent.create();
 * using second = WaitableEvent.create({ signaled: true });
 * console.log(await waitForAll([first, second], { timeout: 10 })); // timeout; the second one is signaled again
 * ```
 */
export async function waitForAll(targets: readonly WaitTarget[], options?: WaitOptions): Promise<'signaled' | 'timeout'> {
  currentEnvironment(waitForAll);
  const given = read(options, waitForAll);
  const waiting = { ...given, kind: 'waitForAll', targets: readTargets(targets, waitForAll), name: 'targets', all: true } as const;
  const outcome = await waitForTargets(waiting, waitForAll);
  return outcome === 'timeout' ? outcome : 'signaled';
}

/**
 * Waits until a process has ended.
 *
 * @param pid the process id. Windows reuses the ids of ended processes: if the process may end soon, open a {@link ProcessHandle}
 *   early.
 * @returns a promise of the exit code, as an unsigned 32-bit number, or of `'timeout'`. Resolves at once if the process has already
 *   ended and another handle to it is still open. Rejects with an {@link RtwqError} if there is no such process (`E_INVALIDARG`) or
 *   you may not open it (`E_ACCESSDENIED`), and otherwise as {@link waitFor} does.
 * @example
 * ```ts
 * console.log('the parent has ended with', await waitForProcessExit(process.ppid, { ref: false }));
 * ```
 */
export async function waitForProcessExit(pid: number, options?: EndlessWaitOptions): Promise<number>;
export async function waitForProcessExit(pid: number, options?: WaitOptions): Promise<number | 'timeout'>;
export async function waitForProcessExit(pid: number, options?: WaitOptions): Promise<number | 'timeout'> {
  currentEnvironment(waitForProcessExit);
  const given = read(options, waitForProcessExit);
  using handle = ProcessHandle.openFor(pid, waitForProcessExit);
  const waiting = { ...given, kind: 'waitForProcessExit', targets: [handle], name: 'target', all: false } as const;
  const outcome = await waitForTargets(waiting, waitForProcessExit);
  return outcome === 'timeout' ? outcome : (handle.exitCode as number);
}
