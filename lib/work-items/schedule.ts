// RtwqScheduleWorkItem, RtwqPutWorkItem, RtwqPutWaitingWorkItem, RtwqInvokeCallback, RtwqCancelWorkItem.

import type { WaitTarget } from '../handles/wait-handle';
import { rtworkqEnvironment } from '../internal/environment';
import { rtwqError } from '../internal/errors';
import { validateKey } from '../internal/validation';
import type { WorkItemOptions } from './options';
import type { WorkItemsResult } from './results';
import { invoke, type PriorityOptions, put, putMany, type StatusOptions, schedule, wait } from './start';
import type { WorkItem } from './work-item';

/** Options of {@link scheduleWorkItem}. */
export type ScheduleOptions = WorkItemOptions;

/** Options of {@link putWorkItem}. */
export interface PutOptions extends WorkItemOptions, PriorityOptions {}

/** Options of {@link invokeCallback}. */
export interface InvokeOptions extends WorkItemOptions, StatusOptions {}

/**
 * Schedules a work item to fire after an interval (`RtwqScheduleWorkItem`).
 *
 * Windows measures the interval with its timer tick. On an idle machine, expect it to be a few milliseconds late and to take at
 * least about 20 ms. A work item never fires more than a millisecond early: if RTWorkQ's tick comes too soon, it is scheduled
 * again.
 *
 * @param milliseconds the interval, from 0 to 2 ** 53. Fractions are rounded up to a whole millisecond.
 * @param options `queue` is where it runs, `signal` cancels it, `ref: false` lets the process end while it is pending, `work` is
 *   native work to run.
 * @returns the pending {@link WorkItem}: await it, cancel it, or pass its key to {@link cancelWorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
 * @throws {@link RtwqError} if the call fails; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue. Nothing is pending then.
 * @example
 * ```ts
 * const { firedAt } = await scheduleWorkItem(500);
 * ```
 */
export function scheduleWorkItem(milliseconds: number, options?: ScheduleOptions): WorkItem {
  return schedule(milliseconds, options, scheduleWorkItem);
}

/**
 * Puts a work item on a work queue, behind the items already waiting there (`RtwqPutWorkItem`).
 *
 * It fires as soon as its turn comes. RTWorkQ cannot take it off the queue, so it has no key. `cancel()` settles it all the same;
 * nothing happens at its turn then.
 *
 * @param options `priority` orders the item among those waiting; the others are as for {@link scheduleWorkItem}.
 * @returns the pending {@link WorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
 * @throws {@link RtwqError} if the call fails; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue. Nothing is pending then.
 * @example
 * ```ts
 * await putWorkItem();
 * ```
 */
export function putWorkItem(options?: PutOptions): WorkItem {
  return put(options, putWorkItem);
}

/**
 * Puts many work items on a work queue with one call and one promise (`RtwqPutWorkItem` for each).
 *
 * With the option `work` it is a parallel for: RTWorkQ's threads run the native work that many times.
 *
 * `cancel()`, a signal or {@link shutdown} settles the whole batch at once: callbacks that have not started do nothing, and their
 * native work does not run. Callbacks that have started are not interrupted.
 *
 * The call blocks until RTWorkQ has all the items, about a microsecond for each.
 *
 * @param count the number of items, from 0 to 2 ** 24. Each takes 24 bytes of memory, and until its turn is over, what RTWorkQ
 *   itself needs.
 * @param options as for {@link putWorkItem}.
 * @returns the pending {@link WorkItem}, which fires when the last callback is over.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
 * @throws {@link RtwqError} if RTWorkQ rejects one of the items; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue. Nothing is pending
 *   then: the callbacks of items that were already put do nothing.
 * @example
 * ```ts
 * const { status, firedAt } = await putWorkItems(1_000, { queue: WorkQueue.multithreaded });
 * console.log(status.every((each) => each === 0), firedAt.length);
 * ```
 */
export function putWorkItems(count: number, options?: PutOptions): WorkItem<WorkItemsResult> {
  return putMany(count, options, putWorkItems);
}

/**
 * Invokes the callback of a new async result (`RtwqInvokeCallback`).
 *
 * This is what a native operation does when it ends. The work item resolves to the status that is given here.
 *
 * @param options `status` is the HRESULT of the async result; the others are as for {@link scheduleWorkItem}.
 * @returns the pending {@link WorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
 * @throws {@link RtwqError} if the call fails; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue. Nothing is pending then.
 * @example
 * ```ts
 * const { status } = await invokeCallback({ status: 0x80004005 });
 * ```
 */
export function invokeCallback(options?: InvokeOptions): WorkItem {
  return invoke(options, invokeCallback);
}

/**
 * Cancels a scheduled or waiting work item by its key (`RtwqCancelWorkItem`).
 *
 * The work item rejects with an `AbortError`. Keys are per thread: you cannot cancel another Worker's item, because that thread
 * would then wait for it indefinitely.
 *
 * @param key a {@link WorkItem.key} of this thread.
 * @throws {@link RtwqError} `RTWQ_E_NOT_FOUND` if this thread has no pending work item with this key: it has fired, was already
 *   cancelled, or belongs to another thread.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for an invalid key.
 * @example
 * ```ts
 * const item = scheduleWorkItem(5_000);
 * cancelWorkItem(item.key);
 * ```
 */
export function cancelWorkItem(key: bigint): void {
  const environment = rtworkqEnvironment(cancelWorkItem);
  const item = environment.keys.get(validateKey(key, 'key', cancelWorkItem));
  if (item?.cancel()) return;
  const detail = `This thread has no pending work item with the key 0x${key.toString(16)}: the item has fired, was already cancelled, or belongs to another thread.`;
  throw rtwqError('RTWQ_E_NOT_FOUND', 'RtwqCancelWorkItem', cancelWorkItem, detail);
}

/** Options of {@link putWaitingWorkItem}. */
export interface WaitingOptions extends WorkItemOptions, PriorityOptions {}

/**
 * Puts a work item that fires when a handle becomes signaled (`RtwqPutWaitingWorkItem`).
 *
 * A wait takes the signal, as in Win32: an auto-reset event resets, a semaphore counts down.
 *
 * **Ending it early may lose a signal.** Windows' thread pool, on which RTWorkQ waits, may have taken the signal already when the
 * item is cancelled or closed. If RTWorkQ still calls back with it, it is given back to an event or semaphore, but not to an
 * auto-reset timer, or to a raw HANDLE without the right to query and set its object. {@link waitFor} never loses a signal.
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
