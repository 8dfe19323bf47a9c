// A work queue as the rest of lib/ sees it. Separate from WorkQueue, so that WorkQueue and the code that starts work items do not
// import each other.

import { callEach, type Environment } from './environment';
import { argumentTypeError, type Caller, rtwqError } from './errors';
import type { Index } from './native';

export class QueueState {
  /** The queue's deadlines and joined handles. They end with the queue and with the platform. */
  readonly requests = new Set<{ dispose(): void }>();
  /** The newest MMCSS registration of the queue. */
  registration: { end(): void } | undefined;
  open = true;

  /** @param lockedBy the environment that holds a lock on the queue; undefined for the process-wide queues. */
  constructor(
    readonly index: Index,
    readonly id: number,
    readonly lockedBy?: Environment,
  ) {
    lockedBy?.dependents.add(this);
  }

  /**
   * The platform has ended, or the WorkQueue was collected. The addon unlocks the queue when RTWorkQ has released its work items.
   */
  end(): void {
    if (this.markClosed()) this.lockedBy?.native.forgetQueue(this.index);
  }

  /** Ends the queue's requests and marks it closed. Returns whether it was locked and open. */
  markClosed(): boolean {
    callEach([...this.requests], (request) => request.dispose());
    if (!this.lockedBy || !this.open) return false;
    this.open = false;
    this.registration?.end();
    this.lockedBy.dependents.delete(this);
    return true;
  }
}

const states = new WeakMap<object, QueueState>();

// The addon's numbers for the process-wide queues. They are never locked.
export const STANDARD = new QueueState(0, 1);
export const MULTITHREADED = new QueueState(1, 5);
export const LONG_FUNCTION = new QueueState(2, 7);

export function registerQueue(queue: object, state: QueueState): void {
  states.set(queue, state);
}

/** Returns the state of an open queue of this copy of lib/. No user code may run between this call and the use of its result. */
export function queueState(queue: unknown, name: string, syscall: string, caller: Caller): QueueState {
  const state = states.get(queue as object);
  if (!state) throw argumentTypeError(name, 'a WorkQueue from this thread', queue, caller);
  if (!state.open) throw rtwqError('RTWQ_E_INVALID_WORKQUEUE', syscall, caller, 'The work queue has been closed.');
  return state;
}
