// A handle as the rest of lib/ sees it. Apart from the classes of the handles, as queue-state.ts is from WorkQueue.

import { argumentTypeError, type Caller, rangeError, rtwqError } from '../internal/errors';
import type { Index } from '../internal/native';
import type { WorkItem } from '../work-items/work-item';
import type { WaitHandle } from './wait-handle';

/** What can be waited for: an object of this package, or a raw HANDLE of this process, which is never closed for you. */
export type WaitTarget = WaitHandle | bigint;

export interface HandleState {
  readonly index: Index;
  open: boolean;
  /** The waits that were begun with this object and are pending. */
  readonly waits: Set<WorkItem>;
}

const states = new WeakMap<object, HandleState>();

const LARGEST = process.arch === 'ia32' ? 2n ** 32n : 2n ** 64n;

export function registerHandle(object: object, state: HandleState): void {
  states.set(object, state);
}

/** The state of an open handle of this copy of lib/. */
export function handleState(object: unknown, name: string, syscall: string, caller: Caller): HandleState {
  const state = states.get(object as object);
  if (!state) throw argumentTypeError(name, 'a WaitHandle of this thread or a handle of type bigint', object, caller);
  if (!state.open) throw rtwqError('E_HANDLE', syscall, caller, 'The handle has been closed.');
  return state;
}

/** A raw HANDLE. */
export function validateHandle(value: unknown, name: string, caller: Caller): bigint {
  if (typeof value !== 'bigint') throw argumentTypeError(name, 'of type bigint', value, caller);
  if (value < 0n || value >= LARGEST) throw rangeError(name, `>= 0n and < ${LARGEST}n`, `${value}n`, caller);
  return value;
}

/** A target as the addon takes it, and where its waits are kept. */
export function waitTarget(
  target: unknown,
  name: string,
  syscall: string,
  caller: Caller,
): { handle: Index | bigint; waits?: Set<WorkItem> } {
  if (typeof target === 'bigint') return { handle: validateHandle(target, name, caller) };
  const { index, waits } = handleState(target, name, syscall, caller);
  return { handle: index, waits };
}
