// What is pending in this thread, and where it was started.

import { setTracing } from '../internal/observation';
import { listPending, type PendingOperation } from '../internal/pending';
import { validateBoolean } from '../internal/validation';

/**
 * Lists what is pending in this thread. The operations with `ref: true` keep the process alive.
 *
 * The list has work items, waits, loops over signals and beats, periodic callbacks, timers of `rtworkq/timers` and
 * `rtworkq/timers/promises`, MMCSS registrations in progress, queues that are closing, held locks, and a {@link shutdown} that waits, with
 * what it waits for.
 *
 * It never throws. Off Windows, it lists only timers.
 *
 * @returns a new array of new objects. An operation has a `stack` if it was started while {@link traceOperations | tracing} was on.
 * @example
 * ```ts
 * setTimeout(() => console.table(pendingOperations()), 5_000).unref();
 * ```
 */
export function pendingOperations(): PendingOperation[] {
  return listPending();
}

/**
 * Turns tracing on or off: whether this thread records where each new operation is started.
 *
 * {@link pendingOperations} and subscribers of `rtworkq:operation-start` get the stack. Capturing it costs more than queueing a
 * work item, so tracing is off unless the environment variable `RTWORKQ_TRACE` is `1` when the package is loaded.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE` if `enable` is not a boolean.
 * @example
 * ```ts
 * traceOperations(true);
 * using item = scheduleWorkItem(1_000);
 * console.log(pendingOperations()[0]?.stack);
 * ```
 */
export function traceOperations(enable: boolean): void {
  setTracing(validateBoolean(enable, 'enable', undefined, traceOperations));
}
