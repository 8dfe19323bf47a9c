// RtwqScheduleWorkItem, RtwqPutWorkItem, RtwqCancelWorkItem.

import { requireAddon } from './binding';
import { type Caller, rtwqError } from './errors';
import type { NativeEnvironment, Outcome } from './native';
import { currentEnvironment, usePlatform } from './platform';
import { validateBoolean, validateDelay, validateInteger, validateKey, validateOptions, validateSignal } from './validate';
import { WorkItem } from './work-item';

// The work queue that every process has: serial, and shared by all its users. Our callbacks only note the time on it.
const STANDARD_QUEUE = 1;

/** What the functions that start a work item have in common. */
export interface WorkItemOptions {
  /** Cancels the work item when it aborts; the rejection's `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Whether the pending work item keeps the process alive. Default: `true`. */
  ref?: boolean | undefined;
}

/** Options of {@link scheduleWorkItem}. */
export type ScheduleOptions = WorkItemOptions;

/** Options of {@link putWorkItem}. */
export interface PutOptions extends WorkItemOptions {
  /** The work item's place among those that wait on the queue: -1, 0 or 1. Default: `0`. */
  priority?: number | undefined;
}

type Begin = (native: NativeEnvironment, slot: number, ref: boolean) => Outcome;

/** What the functions that start a work item do once their own arguments are checked. */
function start(options: Partial<WorkItemOptions>, caller: Caller, begin: Begin): WorkItem {
  const environment = currentEnvironment(caller);
  const signal = validateSignal(options.signal, 'options.signal', caller);
  const ref = validateBoolean(options.ref, 'options.ref', true, caller);
  if (signal?.aborted) return WorkItem.aborted({ environment, signal, ref });
  return usePlatform(() => WorkItem.start({ environment, signal, ref, caller, begin: (native, slot) => begin(native, slot, ref) }));
}

/**
 * Schedules a work item to be completed after an interval (`RtwqScheduleWorkItem`).
 *
 * Windows keeps such intervals by its timer tick: expect some milliseconds of lateness, and a floor near 20 ms, on an idle
 * machine. A work item is never more than a millisecond early: when RTWorkQ's tick comes sooner, it is scheduled again.
 *
 * @param milliseconds the interval, from 0 to 2 ** 53. Fractions are rounded up to a whole millisecond.
 * @param options `signal` cancels the work item, `ref: false` lets the process end while it is pending.
 * @returns the pending {@link WorkItem}: await it, cancel it, or pass its key to {@link cancelWorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not fit.
 * @throws {@link RtwqError} when RTWorkQ refuses. Nothing is pending then.
 * @example
 * ```ts
 * const { firedAt } = await scheduleWorkItem(500);
 * ```
 */
export function scheduleWorkItem(milliseconds: number, options?: ScheduleOptions): WorkItem {
  requireAddon(scheduleWorkItem);
  const delay = validateDelay(milliseconds, 'milliseconds', scheduleWorkItem);
  return start(validateOptions(options, scheduleWorkItem), scheduleWorkItem, (native, slot, ref) =>
    native.schedule(slot, delay, STANDARD_QUEUE, ref),
  );
}

/**
 * Puts a work item on the standard work queue (`RtwqPutWorkItem`), behind what waits there already. It fires as soon as
 * the queue comes to it.
 *
 * RTWorkQ cannot take it back, so it has no key; `cancel()` settles it all the same, and its turn passes unheard.
 *
 * @param options `priority` orders it among the waiting, `signal` and `ref` are as for {@link scheduleWorkItem}.
 * @returns the pending {@link WorkItem}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not fit.
 * @throws {@link RtwqError} when RTWorkQ refuses. Nothing is pending then.
 * @example
 * ```ts
 * await putWorkItem();
 * ```
 */
export function putWorkItem(options?: PutOptions): WorkItem {
  requireAddon(putWorkItem);
  const given = validateOptions(options, putWorkItem);
  const priority = given.priority === undefined ? 0 : validateInteger(given.priority, 'options.priority', -1, 1, putWorkItem);
  return start(given, putWorkItem, (native, slot, ref) => native.put(slot, STANDARD_QUEUE, priority, ref));
}

/**
 * Cancels a scheduled work item by its key (`RtwqCancelWorkItem`). The work item rejects with an `AbortError`.
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
