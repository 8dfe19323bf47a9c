// A handle as the rest of lib/ sees it. Apart from the classes of the handles, as queue-state.ts is from WorkQueue.

import { callEach, type Environment } from '../internal/environment';
import { argumentTypeError, type Caller, rtwqError } from '../internal/errors';
import type { Index } from '../internal/native';
import { validateHandle } from '../internal/validation';

export class HandleState {
  /** The waits that were begun with this object and are pending. */
  readonly waits = new Set<{ cancel(): boolean }>();
  open = true;

  constructor(
    readonly environment: Environment,
    readonly index: Index,
  ) {}

  /** Waits go on: each has a duplicate of its own. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.environment.native.closeHandle(this.index);
  }

  cancelWaits(): void {
    callEach([...this.waits], (item) => item.cancel());
  }
}

const states = new WeakMap<object, HandleState>();

export function registerHandle(object: object, state: HandleState): void {
  states.set(object, state);
}

/** The state of an open handle of this copy of lib/. Nothing of the user's may run between this and its use. */
export function handleState(object: unknown, name: string, syscall: string, caller: Caller): HandleState {
  const state = states.get(object as object);
  if (!state) throw argumentTypeError(name, 'a WaitHandle of this thread or a handle of type bigint', object, caller);
  if (!state.open) throw rtwqError('E_HANDLE', syscall, caller, 'The handle has been closed.');
  return state;
}

/** A target as the addon takes it, and where its waits are kept. */
export function waitTarget(target: unknown, syscall: string, caller: Caller): { handle: Index | bigint; waits?: HandleState['waits'] } {
  if (typeof target === 'bigint') return { handle: validateHandle(target, 'target', caller) };
  const { index, waits } = handleState(target, 'target', syscall, caller);
  return { handle: index, waits };
}
