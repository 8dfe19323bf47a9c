// A handle as the rest of lib/ sees it. Apart from the classes of the handles, as queue-state.ts is from WorkQueue.

import { callEach, close, type Environment } from '../internal/environment';
import { argumentTypeError, type Caller, type Ended, rtwqError } from '../internal/errors';
import type { Index } from '../internal/native';
import { validateHandle } from '../internal/validation';

/** The waits that were begun with a handle and are pending. */
export type PendingWaits = Set<{ [close](ended: Ended): void }>;

export class HandleState {
  readonly waits: PendingWaits = new Set();
  open = true;

  constructor(
    readonly environment: Environment,
    readonly index: Index,
    /** The class of its object. */
    readonly kind: unknown,
  ) {}

  /** Waits go on: each has a duplicate of its own. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.environment.native.closeHandle(this.index);
  }

  closeWaits(ended: Ended): void {
    callEach([...this.waits], (item) => item[close](ended));
  }
}

const states = new WeakMap<object, HandleState>();

export function registerHandle(object: object, state: HandleState): void {
  states.set(object, state);
}

/** Whether an object is of a class of this copy of lib/, open or not. */
export const isHandle = (object: unknown, kind: unknown): boolean => states.get(object as object)?.kind === kind;

/** The state of an open handle of this copy of lib/. Nothing of the user's may run between this and its use. */
export function handleState(object: unknown, name: string, syscall: string, caller: Caller): HandleState {
  const state = states.get(object as object);
  if (!state) throw argumentTypeError(name, 'a WaitHandle from this thread or a handle of type bigint', object, caller);
  if (!state.open) throw rtwqError('E_HANDLE', syscall, caller, 'The handle has been closed.');
  return state;
}

/** A target as the addon takes it, and where its waits are kept. */
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
