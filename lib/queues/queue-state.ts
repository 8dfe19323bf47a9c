// A work queue as the rest of lib/ sees it. Apart from the class WorkQueue, so that what starts work items on a queue and
// the queue that starts them do not need each other.

import type { Environment } from '../internal/environment';
import { argumentTypeError, type Caller, rtwqError } from '../internal/errors';
import type { Index } from '../internal/native';

export interface QueueState {
  readonly index: Index;
  readonly id: number;
  open: boolean;
}

const states = new WeakMap<object, QueueState>();

// The addon's numbers for the queues that every process has, which belong to no environment.
const system = (index: Index, id: number): QueueState => ({ index, id, open: true });
export const STANDARD = system(0, 1);
export const MULTITHREADED = system(1, 5);
export const LONG_FUNCTION = system(2, 7);

export function registerQueue(queue: object, state: QueueState): void {
  states.set(queue, state);
}

/** The state of an open queue of this copy of lib/. */
export function queueState(queue: unknown, name: string, syscall: string, caller: Caller): QueueState {
  const state = states.get(queue as object);
  if (!state) throw argumentTypeError(name, 'a WorkQueue of this thread', queue, caller);
  if (!state.open) throw rtwqError('RTWQ_E_INVALID_WORKQUEUE', syscall, caller, 'The work queue has been closed.');
  return state;
}

/** Ends what the queue was asked for, and gives it up in lib/. */
export function endQueue(environment: Environment, queue: { platformEnds(): void }, state: QueueState): void {
  state.open = false;
  environment.queues.delete(queue);
  environment.endRequests(state);
}
