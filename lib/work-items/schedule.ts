// RtwqScheduleWorkItem, RtwqPutWorkItem, RtwqInvokeCallback, RtwqCancelWorkItem.

import { currentEnvironment } from '../internal/environment';
import { rtwqError } from '../internal/errors';
import { validateKey } from '../internal/validation';
import type { WorkItemOptions } from './options';
import type { WorkItemsResult } from './results';
import { invoke, type PriorityOptions, put, putMany, type StatusOptions, schedule } from './start';
import type { WorkItem } from './work-item';

/** Options of {@link scheduleWorkItem}. */
export type ScheduleOptions = WorkItemOptions;

/** Options of {@link putWorkItem}. */
export interface PutOptions extends WorkItemOptions, PriorityOptions {}

/** Options of {@link invokeCallback}. */
export interface InvokeOptions extends WorkItemOptions, StatusOptions {}

/**
 * Schedules a work item to be completed after an interval (`RtwqScheduleWorkItem`).
 *
 * Windows keeps such intervals by its timer tick: expect some milliseconds of lateness, and a floor near 20 ms, on an idle
 * machine. A work item is never more than a millisecond early: when RTWorkQ's tick comes sooner, it is scheduled again.
 *
 * @param milliseconds the interval, from 0 to 2 ** 53. Fractions are rounded up to a whole millisecond.
 * @param options `queue` is where it runs, `signal` cancels it, `ref: false` lets the process end while it is pending, `work`
 *   is native work to run.
 * @returns the pending {@link WorkItem}: await it, cancel it, or pass its key to {@link cancelWorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not
 *   fit.
 * @throws {@link RtwqError} when RTWorkQ refuses; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue. Nothing is pending then.
 * @example
 * ```ts
 * const { firedAt } = await scheduleWorkItem(500);
 * ```
 */
export function scheduleWorkItem(milliseconds: number, options?: ScheduleOptions): WorkItem {
  return schedule(milliseconds, options, scheduleWorkItem);
}

/**
 * Puts a work item on a work queue (`RtwqPutWorkItem`), behind what waits there already. It fires as soon as the queue
 * comes to it.
 *
 * RTWorkQ cannot take it off the queue, so it has no key. `cancel()` settles it all the same; nothing happens at its turn then.
 *
 * @param options `priority` orders it among the waiting; the others are as for {@link scheduleWorkItem}.
 * @returns the pending {@link WorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not
 *   fit.
 * @throws {@link RtwqError} when RTWorkQ refuses; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue. Nothing is pending then.
 * @example
 * ```ts
 * await putWorkItem();
 * ```
 */
export function putWorkItem(options?: PutOptions): WorkItem {
  return put(options, putWorkItem);
}

/**
 * Puts many work items on a work queue with one call (`RtwqPutWorkItem` for each), and makes one promise for all of them. With
 * the option `work` it is a parallel for: RTWorkQ's threads run the native work so many times.
 *
 * `cancel()`, a signal and {@link shutdown} settle the whole at once: callbacks that have not begun do nothing, and their native
 * work is not run. What has begun is not interrupted.
 *
 * The call returns when RTWorkQ has been given all of them, about a microsecond for each.
 *
 * @param count how many, from 0 to 2 ** 24. Memory: 24 bytes for each, and until its turn is over what RTWorkQ itself takes.
 * @param options as for {@link putWorkItem}.
 * @returns the pending {@link WorkItem}, which fires when the last callback is over.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not
 *   fit.
 * @throws {@link RtwqError} when RTWorkQ refuses one of them; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue. Nothing is pending
 *   then: the callbacks of those that were put before do nothing.
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
 * Invokes the callback of a new async result (`RtwqInvokeCallback`), as a native operation does that has ended: the status
 * that it is given here is what the work item resolves to.
 *
 * @param options `status` is the HRESULT of the async result; the others are as for {@link scheduleWorkItem}.
 * @returns the pending {@link WorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not
 *   fit.
 * @throws {@link RtwqError} when RTWorkQ refuses; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue. Nothing is pending then.
 * @example
 * ```ts
 * const { status } = await invokeCallback({ status: 0x80004005 });
 * ```
 */
export function invokeCallback(options?: InvokeOptions): WorkItem {
  return invoke(options, invokeCallback);
}

/**
 * Cancels a scheduled or waiting work item by its key (`RtwqCancelWorkItem`). The work item rejects with an `AbortError`.
 *
 * Keys are the thread's own: a key of another Worker is not found here, because cancelling it would leave that thread
 * waiting for good.
 *
 * @param key a {@link WorkItem.key} of this thread.
 * @throws {@link RtwqError} `RTWQ_E_NOT_FOUND` when no work item of this thread is pending under the key: it has fired,
 *   was cancelled before, or belongs to another thread.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for what is no key.
 * @example
 * ```ts
 * const item = scheduleWorkItem(5_000);
 * cancelWorkItem(item.key);
 * ```
 */
export function cancelWorkItem(key: bigint): void {
  const environment = currentEnvironment(cancelWorkItem);
  const item = environment.keys.get(validateKey(key, 'key', cancelWorkItem));
  if (item?.cancel()) return;
  const detail = `This thread has no pending work item with the key 0x${key.toString(16)}: the item has fired, was already cancelled, or belongs to another thread.`;
  throw rtwqError('RTWQ_E_NOT_FOUND', 'RtwqCancelWorkItem', cancelWorkItem, detail);
}
