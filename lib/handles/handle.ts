// The base class of everything that has a HANDLE. Each kind of object has its own file.

import { currentEnvironment, type Environment } from '../internal/environment';
import { type Caller, check, codedError, endedBy, getterOf } from '../internal/errors';
import { HandleState, handleState, isAnyHandle, registerHandle } from '../internal/handle-state';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import { owner, returning, self, unwrapped } from '../internal/self';

/** Lets only this package's classes construct handles. */
export const KEY = Symbol('handles are made by the static methods of their classes');

/** Throws if a constructor was called from outside. */
export function requireKey(key: symbol, type: Caller): void {
  if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', type);
}

/** A handle that was just opened. */
export interface Opened {
  readonly environment: Environment;
  /** Whether the object has a name. */
  readonly named: boolean;
  /** The call's results, besides its outcome. */
  readonly out: readonly [index: Index, createdNew: number, details: number];
}

/** Opens a handle with a native call. `name` is that of the object, if it has one. */
export function openHandle(caller: Caller, name: string | undefined, open: (native: NativeEnvironment) => Outcome): Opened {
  const environment = currentEnvironment(caller);
  check(open(environment.native), caller);
  const { out } = environment;
  // By index: programs may have changed array iterators.
  return { environment, named: name !== undefined, out: [out[0] as number, out[1] as number, out[2] as number] };
}

/** Calls a Windows function with an open handle. Returns the call's results, besides its outcome. */
export function callHandle(
  handle: Handle,
  syscall: string,
  caller: Caller,
  call: (native: NativeEnvironment, index: Index) => Outcome,
): Float64Array {
  const object = unwrapped(handle);
  // A handle has its own environment. That of a simulation that has ended is a closed one, also without Windows.
  if (!isAnyHandle(object)) currentEnvironment(caller);
  const { environment, index } = handleState(object, 'this', syscall, caller);
  check(call(environment.native, index), caller);
  return environment.out;
}

// A handle that is garbage-collected is closed, unless its object has a name: the name may be all that a program needs.
const forgotten = new FinalizationRegistry<HandleState>((state) => state.close());

/**
 * A handle to a kernel object: a {@link WaitHandle} or a {@link Mutex}.
 *
 * It belongs to the thread that opened it; other threads and processes open the object by name.
 *
 * Close or dispose it. If you forget it, it stays open until its thread ends; the garbage collector may close it earlier if its
 * object has no name.
 */
export abstract class Handle implements Disposable {
  readonly #state: HandleState;
  /** @internal */
  readonly [self]: () => this = returning(this);

  /** @internal */
  protected constructor(key: symbol, opened: Opened, State: typeof HandleState = HandleState) {
    // Before reading `opened`: outside callers have neither.
    requireKey(key, new.target);
    this.#state = new State(opened.environment, opened.out[0], new.target);
    registerHandle(this, this.#state);
    if (!opened.named) forgotten.register(this, this.#state, this);
  }

  /**
   * The raw HANDLE, for native code in this process. Do not close it: this object does.
   *
   * @throws {@link RtwqError} `E_HANDLE` if it has been closed.
   */
  get handle(): bigint {
    const { environment, index } = handleState(unwrapped(this), 'this', 'DuplicateHandle', getterOf(Handle, 'handle'));
    return environment.native.handleValue(index);
  }

  /** Whether the handle has been closed. */
  get closed(): boolean {
    return !owner(this, Handle, 'Handle', 'closed').#state.open;
  }

  /**
   * Closes the handle (`CloseHandle`). Calling it again does nothing.
   *
   * Waits that were started with this object reject with an `AbortError` whose cause is an {@link RtwqError} (`E_HANDLE`). Loops
   * over its signals end. A mutex's lock is released.
   */
  close(): void {
    const handle = owner(this, Handle, 'Handle', 'close');
    const state = handle.#state;
    forgotten.unregister(handle);
    if (!state.open) return;
    state.close();
    const detail = 'The handle was closed while a wait for it was pending.';
    state.end(endedBy('the handle was closed by close()', 'E_HANDLE', 'CloseHandle', detail, handle.close));
  }

  /** Closes the handle at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.close();
  }
}
