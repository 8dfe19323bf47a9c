// What is pending in this thread, and where it was started.

import { now } from '../internal/clock';
import { allPending, type OperationInfo, type Pending, setTracing } from '../internal/observation';
import { validateBoolean } from '../internal/validation';

/** An operation of {@link pendingOperations}. */
export interface PendingOperation extends OperationInfo {
  /** For how long it has been pending, in milliseconds, where that is known. */
  readonly age?: number;
}

function toOperation({ description, trace }: Pending, time: number): PendingOperation {
  const { delay: _, ...known } = description;
  const startedAt = trace?.startedAt ?? known.startedAt;
  const dueAt = known.dueAt ?? trace?.dueAt;
  const stack = trace?.stack;
  return {
    ...known,
    ...(dueAt !== undefined && { dueAt }),
    ...(startedAt !== undefined && { startedAt, age: time - startedAt }),
    ...(stack !== undefined && { stack }),
  };
}

/**
 * What is pending in this thread: work items, waits, loops over signals and beats, periodic callbacks, timers of `rtworkq/timers`
 * and `rtworkq/timers/promises`, registrations with MMCSS that are under way, queues that are being closed, and a
 * {@link shutdown} that waits. Those with `ref: true` are why the process does not end.
 *
 * It does not throw, and off Windows there are timers only.
 *
 * @returns a new array of new objects. `stack` is there for what was started while {@link traceOperations | tracing} was on.
 * @example
 * ```ts
 * setTimeout(() => console.table(pendingOperations()), 5_000).unref();
 * ```
 */
export function pendingOperations(): PendingOperation[] {
  const time = now();
  return allPending().map((pending) => toOperation(pending, time));
}

/**
 * Keeps for each operation that is started from now on where that was, for {@link pendingOperations} and the subscribers of
 * `rtworkq:operation-start`. To take the frames lasts longer than to put a work item, so it is off unless the environment variable
 * `RTWORKQ_TRACE` is `1` when the package is loaded. This thread only.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE` for what is no boolean.
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
