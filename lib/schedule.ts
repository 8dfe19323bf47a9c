// RtwqScheduleWorkItem, RtwqPutWorkItem, RtwqCancelWorkItem.

import type { Begin, Environment } from './environment';
import { type Caller, rtwqError } from './errors';
import { currentEnvironment, usePlatform } from './platform';
import { validateBoolean, validateDelay, validateInteger, validateKey, validateOptions, validateSignal } from './validate';
import { WorkItem, type WorkItemSetup } from './work-item';

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

function setUp(environment: Environment, options: Partial<WorkItemOptions>, caller: Caller): WorkItemSetup {
  return {
    environment,
    signal: validateSignal(options.signal, 'options.signal', caller),
    ref: validateBoolean(options.ref, 'options.ref', true, caller),
  };
}

/** Starts a work item, unless its signal has aborted. */
function start(setup: WorkItemSetup, caller: Caller, begin: Begin): WorkItem {
  return setup.signal?.aborted ? WorkItem.aborted(setup) : usePlatform(() => WorkItem.start(setup, caller, begin));
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
  const environment = currentEnvironment(scheduleWorkItem);
  const delay = validateDelay(milliseconds, 'milliseconds', scheduleWorkItem);
  const setup = setUp(environment, validateOptions(options, scheduleWorkItem), scheduleWorkItem);
  return start(setup, scheduleWorkItem, (native, slot) => native.schedule(slot, delay, STANDARD_QUEUE, setup.ref));
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
  const environment = currentEnvironment(putWorkItem);
  const given = validateOptions(options, putWorkItem);
  const priority = given.priority === undefined ? 0 : validateInteger(given.priority, 'options.priority', -1, 1, putWorkItem);
  const setup = setUp(environment, given, putWorkItem);
  return start(setup, putWorkItem, (native, slot) => native.put(slot, STANDARD_QUEUE, priority, setup.ref));
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
