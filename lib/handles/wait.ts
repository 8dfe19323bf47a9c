// RtwqPutWaitingWorkItem, and what is made of it.

import { currentEnvironment } from '../internal/environment';
import { check, rtwqError } from '../internal/errors';
import { optional, readOptions, validateDelay } from '../internal/validation';
import type { WorkQueue } from '../queues/work-queue';
import type { WorkItemOptions } from '../work-items/options';
import { type PriorityOptions, prepareWait, schedule, wait } from '../work-items/start';
import type { WorkItem, WorkItemResult } from '../work-items/work-item';
import { ProcessHandle } from './process-handle';
import type { WaitTarget } from './wait-handle';

/** Options of {@link putWaitingWorkItem}. */
export interface WaitingOptions extends WorkItemOptions, PriorityOptions {}

/** Options of {@link waitForProcessExit}. */
export interface ProcessExitOptions {
  /** Ends the wait when it aborts; the rejection's `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Whether the wait keeps this process alive. Default: `true`. */
  ref?: boolean | undefined;
}

/** Options of {@link waitFor}. */
export interface WaitForOptions extends ProcessExitOptions {
  /**
   * For how long to wait, in milliseconds, from 0 (look, and do not wait) to 2 ** 53; kept as by {@link scheduleWorkItem} on
   * {@link WorkQueue.standard}. Default: for ever.
   */
  timeout?: number | undefined;
  /** The work queue that the wait ends on. Default: {@link WorkQueue.standard}. */
  queue?: WorkQueue | undefined;
}

/**
 * Puts a work item that fires when a handle becomes signaled (`RtwqPutWaitingWorkItem`). The signal is taken as every wait
 * of Windows takes it: an auto-reset event resets itself, a semaphore counts down. A cancelled wait gives back what it has taken
 * of these two; of an auto-reset timer, or of a raw HANDLE without the right to query and set its object, it cannot.
 *
 * Waits take none of the threads that Node reads files and looks up hosts with, however many there are.
 *
 * @param target a handle of this package, or a raw HANDLE: an event, semaphore, waitable timer, process, thread or job, or
 *   another kind that can be waited for; no mutex. A duplicate is waited for, so the handle may be closed meanwhile. Closing
 *   an object of this package cancels the waits that were begun with it.
 * @param options `priority` orders it among the waiting on the queue, `queue` is where it runs, `signal` cancels it,
 *   `ref: false` lets the process end while it is pending, `work` is native work to run.
 * @returns the pending {@link WorkItem}: await it, cancel it, or pass its key to {@link cancelWorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not fit.
 * @throws {@link RtwqError} `E_HANDLE` for a closed handle, for one that is none of this process, or for what nobody can wait
 *   for; `E_ACCESSDENIED` without the right to; `ERROR_NOT_SUPPORTED` for a mutex, which the pool's thread would own;
 *   `E_INVALIDARG` on {@link WorkQueue.longFunction}. Nothing is pending then.
 * @example
 * ```ts
 * const item = putWaitingWorkItem(event);
 * event.set();
 * await item;
 * ```
 */
export function putWaitingWorkItem(target: WaitTarget, options?: WaitingOptions): WorkItem {
  return wait(target, options, putWaitingWorkItem);
}

/** What a wait came to. */
function signaled({ status }: WorkItemResult): 'signaled' {
  if (status >= 2 ** 31) throw rtwqError(status, 'RtwqPutWaitingWorkItem', signaled);
  return 'signaled';
}

/**
 * Waits until a handle becomes signaled, or for some time. One that is signaled already wins over any timeout.
 *
 * @param target as for {@link putWaitingWorkItem}.
 * @returns a promise of `'signaled'` or `'timeout'`. Rejects as {@link putWaitingWorkItem} throws, and with an `AbortError`
 *   when the signal aborts or the handle is closed.
 * @example
 * ```ts
 * if ((await waitFor(event, { timeout: 500 })) === 'timeout') console.log('nobody came');
 * ```
 */
export async function waitFor(target: WaitTarget, options?: WaitForOptions): Promise<'signaled' | 'timeout'> {
  const { native, out } = currentEnvironment(waitFor);
  const given = readOptions(options, ({ timeout, signal, ref, queue }) => ({ timeout, signal, ref, queue }), waitFor);
  const limit = optional(given.timeout, undefined, (value) => validateDelay(value, 'options.timeout', waitFor));
  const wait = prepareWait(target, given, waitFor);
  if (limit === undefined || wait.aborted) return signaled(await wait.run());
  // A wait that is given up may have taken the signal, and gives it back a little later only. So the handle is looked at
  // before, not afterwards.
  check(native.poll(wait.handle), waitFor);
  if (out[0] === 1) return 'signaled';
  if (limit === 0) return 'timeout';
  using item = wait.run();
  using timer = schedule(limit, { ref: given.ref }, waitFor);
  await Promise.race([item.completed, timer.completed]);
  return item.cancel() ? 'timeout' : signaled(await item.completed);
}

/**
 * Waits until a process has ended.
 *
 * @param pid the process's id. Windows gives the ids of ended processes to new ones: open a {@link ProcessHandle} early where
 *   the process may end soon.
 * @returns a promise of the exit code, as an unsigned 32-bit number. It resolves at once where the process has ended already
 *   and somebody still has a handle of it. Rejects with an {@link RtwqError} when there is no such process (`E_INVALIDARG`) or
 *   it may not be opened (`E_ACCESSDENIED`), and with an `AbortError` when the signal aborts.
 * @example
 * ```ts
 * const code = await waitForProcessExit(child.pid);
 * ```
 */
export async function waitForProcessExit(pid: number, options?: ProcessExitOptions): Promise<number> {
  currentEnvironment(waitForProcessExit);
  const given = readOptions(options, ({ signal, ref }) => ({ signal, ref }), waitForProcessExit);
  using handle = ProcessHandle.openFor(pid, waitForProcessExit);
  signaled(await wait(handle, given, waitForProcessExit));
  return handle.exitCode as number;
}
