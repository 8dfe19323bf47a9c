// A handle as the rest of lib/ sees it. Separate from the handle classes, for the same reason as queue-state.ts.

import { callEach, close, type Environment } from './environment';
import { argumentTypeError, type Caller, type Ended, rtwqError } from './errors';
import type { Index } from './native';
import { validateHandle } from './validation';

/** A handle's pending waits. */
export type PendingWaits = Set<{ [close](ended: Ended): void }>;

export class HandleState {
  readonly waits: PendingWaits = new Set();
  open = true;

  constructor(
    readonly environment: Environment,
    readonly index: Index,
    /** The class of the handle object. */
    readonly kind: unknown,
  ) {
    environment.handles.add(this);
  }

  /** Closes the handle. Pending waits continue: each has its own duplicate. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.environment.handles.delete(this);
    this.environment.native.closeHandle(this.index);
  }

  /** Ends what was started with the handle. */
  end(ended: Ended): void {
    callEach([...this.waits], (item) => item[close](ended));
  }
}

const states = new WeakMap<object, HandleState>();

export function registerHandle(object: object, state: HandleState): void {
  states.set(object, state);
}

/** Whether an object is a handle, open or closed, made by this copy of lib/. */
export const isAnyHandle = (object: unknown): boolean => states.has(object as object);

/** Whether an object is a handle of this class, open or closed, made by this copy of lib/. */
export const isHandle = (object: unknown, kind: unknown): boolean => states.get(object as object)?.kind === kind;

/**
 * Returns the state of an open handle made by this copy of lib/. No user code may run between this call and the use of its result.
 */
export function handleState(object: unknown, name: string, syscall: string, caller: Caller): HandleState {
  const state = states.get(object as object);
  if (!state) throw argumentTypeError(name, 'a WaitHandle from this thread or a handle of type bigint', object, caller);
  if (!state.open) throw rtwqError('E_HANDLE', syscall, caller, 'The handle has been closed.');
  return state;
}

/** Returns a target as the addon takes it, and the set that holds its pending waits. */
export function waitTarget(
  target: unknown,
  name: string,
  syscall: string,
  caller: Caller,
): { handle: Index | bigint; waits: PendingWaits | undefined } {
  if (typeof target === 'bigint') return { handle: validateHandle(target, name, caller), waits: undefined };
  const { index, waits } = handleState(target, name, syscall, caller);
  return { handle: index, waits };
}
