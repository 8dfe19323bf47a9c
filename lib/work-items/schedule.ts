// RtwqScheduleWorkItem, RtwqPutWorkItem, RtwqInvokeCallback, RtwqCancelWorkItem.

import { currentEnvironment } from '../internal/environment';
import { rtwqError } from '../internal/errors';
import { validateKey } from '../internal/validation';
import type { WorkItemOptions } from './options';
import { invoke, type PriorityOptions, put, type StatusOptions, schedule } from './start';
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
 * RTWorkQ cannot take it back, so it has no key; `cancel()` settles it all the same, and its turn passes unheard.
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
  const detail = `This thread has no pending work item with the key 0x${key.toString(16)}: it has fired, was cancelled before, or belongs to another thread.`;
  throw rtwqError('RTWQ_E_NOT_FOUND', 'RtwqCancelWorkItem', cancelWorkItem, detail);
}
