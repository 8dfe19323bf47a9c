// RtwqPutWaitingWorkItem, and what is made of it.

import { check, rtwqError } from '../internal/errors';
import type { Index } from '../internal/native';
import { optional, validateDelay, validateOptions } from '../internal/validation';
import { currentEnvironment } from '../platform/platform';
import type { WorkQueue } from '../queues/work-queue';
import { type PriorityOptions, prepareWait, schedule, type WorkItemOptions, wait } from '../work-items/start';
import type { WorkItem, WorkItemResult } from '../work-items/work-item';
import type { WaitTarget } from './handle-state';
import { ProcessHandle } from './process-handle';

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
 *   for; `E_ACCESSDENIED` without the right to; `ERROR_NOT_SUPPORTED` for a mutex, which the pool's thread would own.
 *   Nothing is pending then.
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

/** Whether the handle is signaled now; takes the signal then. */
function poll(handle: Index | bigint): boolean {
  const { native, out } = currentEnvironment(waitFor);
  check(native.poll(handle), waitFor);
  return out[0] === 1;
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
  const { timeout, ...rest } = validateOptions(options, waitFor);
  currentEnvironment(waitFor);
  const limit = optional(timeout, undefined, (value) => validateDelay(value, 'options.timeout', waitFor));
  const prepared = prepareWait(target, rest, waitFor);
  if (limit === undefined) return signaled(await prepared.run());
  // A wait that is given up may have taken the signal, and gives it back a little later only. So the handle is looked at
  // before, not afterwards.
  if (!rest.signal?.aborted) {
    if (poll(prepared.handle)) return 'signaled';
    if (limit === 0) return 'timeout';
  }
  const timer = schedule(limit, { ref: rest.ref }, waitFor);
  try {
    const item = prepared.run();
    await Promise.race([item.completed, timer.completed]);
    return item.cancel() ? 'timeout' : signaled(await item.completed);
  } finally {
    timer.cancel();
  }
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
  const { signal, ref } = validateOptions(options, waitForProcessExit);
  const handle = ProcessHandle.openFor(pid, waitForProcessExit);
  try {
    signaled(await wait(handle, { signal, ref }, waitForProcessExit));
    return handle.exitCode as number;
  } finally {
    handle.close();
  }
}
