// A work queue as the rest of lib/ sees it. Apart from the class WorkQueue, so that what starts work items on a queue and
// the queue that starts them do not need each other.

import { callEach, type Environment } from '../internal/environment';
import { argumentTypeError, type Caller, type Ended, rtwqError } from '../internal/errors';
import type { Index } from '../internal/native';

export class QueueState {
  /** What the queue was asked for: it ends with the queue, and with the platform. */
  readonly requests = new Set<{ dispose(): void }>();
  /** By what it was closed, for what goes on from one operation to the next. */
  ended: Ended | undefined;
  /** What it is registered as with MMCSS: the newest. */
  registration: { end(): void } | undefined;
  open = true;

  /** @param locks where it has a lock on the queue. */
  constructor(
    readonly index: Index,
    readonly id: number,
    readonly locks?: Environment,
  ) {
    locks?.dependents.add(this);
  }

  /** The platform ends, or nobody has the queue any more: the lock goes as soon as RTWorkQ has let go of the work items. */
  end(): void {
    if (this.giveUp()) this.locks?.native.forgetQueue(this.index);
  }

  /** Ends what the queue was asked for, and gives it up in lib/. True when it had a lock until now. */
  giveUp(): boolean {
    callEach([...this.requests], (request) => request.dispose());
    if (!this.locks || !this.open) return false;
    this.open = false;
    this.registration?.end();
    this.locks.dependents.delete(this);
    return true;
  }
}

const states = new WeakMap<object, QueueState>();

// The addon's numbers for the queues that every process has. Nobody locks them.
export const STANDARD = new QueueState(0, 1);
export const MULTITHREADED = new QueueState(1, 5);
export const LONG_FUNCTION = new QueueState(2, 7);

export function registerQueue(queue: object, state: QueueState): void {
  states.set(queue, state);
}

/** The state of an open queue of this copy of lib/. Nothing of the user's may run between this and its use. */
export function queueState(queue: unknown, name: string, syscall: string, caller: Caller): QueueState {
  const state = states.get(queue as object);
  if (!state) throw argumentTypeError(name, 'a WorkQueue from this thread', queue, caller);
  if (!state.open) throw rtwqError('RTWQ_E_INVALID_WORKQUEUE', syscall, caller, 'The work queue has been closed.');
  return state;
}
