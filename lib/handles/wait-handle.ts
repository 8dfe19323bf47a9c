// What every handle of this package has in common. The kinds are in files of their own.

import { currentEnvironment, type Environment } from '../internal/environment';
import { type Caller, check, codedError, endedBy, getterOf } from '../internal/errors';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import { HandleState, handleState, registerHandle } from './handle-state';

/** How the kinds make their objects; nobody else can. */
export const KEY = Symbol('handles are made by the static methods of their classes');

/** A handle that was opened just now. */
export interface Opened {
  readonly environment: Environment;
  /** What the call gave besides its outcome. */
  readonly out: readonly [index: Index, createdNew: number, details: number];
}

/** Opens a handle by a native call. */
export function openHandle(caller: Caller, open: (native: NativeEnvironment) => Outcome): Opened {
  const environment = currentEnvironment(caller);
  check(open(environment.native), caller);
  const { out } = environment;
  // By index: programs may have changed the iterators.
  return { environment, out: [out[0] as number, out[1] as number, out[2] as number] };
}

// A forgotten handle is closed when it is collected.
const forgotten = new FinalizationRegistry<HandleState>((state) => state.close());

/** What can be waited for: an object of this package, or a raw HANDLE of this process, which is never closed for you. */
export type WaitTarget = WaitHandle | bigint;

/**
 * A handle of a kernel object that can be waited for: with {@link waitFor}, {@link putWaitingWorkItem} or
 * {@link WorkQueue.wait}. It belongs to the thread that opened it; other threads and processes open the object by its name.
 *
 * Close or dispose it. A forgotten one is closed when it is collected, or when its thread ends.
 */
export abstract class WaitHandle implements Disposable {
  readonly #state: HandleState;

  /** @internal */
  protected constructor(key: symbol, opened: Opened) {
    // Before anything is read from the other argument, which nobody else can know of.
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', new.target);
    this.#state = new HandleState(opened.environment, opened.out[0], new.target);
    registerHandle(this, this.#state);
    forgotten.register(this, this.#state, this);
  }

  /**
   * The HANDLE, for native code of this process. Do not close it: this object does.
   *
   * @throws {@link RtwqError} `E_HANDLE` when it has been closed.
   */
  get handle(): bigint {
    const { environment, index } = handleState(this, 'this', 'DuplicateHandle', getterOf(WaitHandle, 'handle'));
    return environment.native.handleValue(index);
  }

  /** Whether the handle has been closed. */
  get closed(): boolean {
    return !this.#state.open;
  }

  /**
   * Closes the handle (`CloseHandle`); more than once does nothing. Waits that were begun with this object reject with an
   * `AbortError`, whose cause is an {@link RtwqError} (`E_HANDLE`); loops over its signals end.
   */
  close(): void {
    forgotten.unregister(this);
    if (!this.#state.open) return;
    this.#state.close();
    const detail = 'The handle was closed while a wait for it was pending.';
    this.#state.closeWaits(endedBy('the handle was closed by close()', 'E_HANDLE', 'CloseHandle', detail, this.close));
  }

  /** Closes the handle at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** Calls a function of Windows with an open handle; gives what the call gives besides its outcome. */
export function callHandle(
  handle: WaitHandle,
  syscall: string,
  caller: Caller,
  call: (native: NativeEnvironment, index: Index) => Outcome,
): Float64Array {
  currentEnvironment(caller);
  const { environment, index } = handleState(handle, 'this', syscall, caller);
  check(call(environment.native, index), caller);
  return environment.out;
}
