// Lists this thread's pending operations.

import { now } from './host';
import { allPending, type OperationInfo, type Pending } from './observation';

/** An operation in the result of {@link pendingOperations}. */
export interface PendingOperation extends OperationInfo {
  /**
   * Set if it has ended, but RTWorkQ has not released it, so that a {@link shutdown} waits for it. A work queue is then a `'close'`.
   * Listed only while a shutdown waits.
   */
  readonly held?: true;
  /** How long it has been pending, in milliseconds, if known. */
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

/** The result of {@link pendingOperations}. */
export function listPending(): PendingOperation[] {
  const time = now();
  return allPending().map((pending) => toOperation(pending, time));
}
