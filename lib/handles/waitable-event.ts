// Events of Windows.

import { currentEnvironment } from '../internal/environment';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import type { Occurrences } from '../internal/repetition';
import { optional, validateBoolean, validateName } from '../internal/validation';
import { type SignalsOptions, signalsOf } from './signals';
import { callHandle, KEY, type Opened, openHandle, WaitHandle } from './wait-handle';

/** Options of {@link WaitableEvent.create}. */
export interface WaitableEventOptions {
  /** The name by which other threads and processes open it. Without one only native code of this process can share it. */
  name?: string | undefined;
  /** Whether it is a manual-reset event, which stays set until it is reset. Default: `false`, an auto-reset event. */
  manualReset?: boolean | undefined;
  /** Whether it is set from the beginning. Default: `false`. */
  signaled?: boolean | undefined;
}

const readCreate = optionsReader(
  ({ name, manualReset, signaled }: WaitableEventOptions): WaitableEventOptions => ({ name, manualReset, signaled }),
);

/**
 * An event of Windows: set or not set. An auto-reset event lets one wait through and resets itself; a manual-reset event stays
 * set until it is reset.
 *
 * @example
 * ```ts
 * using ready = WaitableEvent.create({ name: 'Local\\my-app-ready' });
 * await waitFor(ready, { timeout: 1_000 }); // 'signaled' or 'timeout'
 * ```
 */
export class WaitableEvent extends WaitHandle {
  /** Whether it is a manual-reset event. */
  readonly manualReset: boolean;
  /** Whether {@link WaitableEvent.create} made the event, rather than found one of that name. */
  readonly createdNew: boolean;

  private constructor(key: symbol, opened: Opened) {
    super(key, opened);
    this.createdNew = opened.out[1] === 1;
    this.manualReset = opened.out[2] === 1;
  }

  static {
    showAs(WaitableEvent, 'WaitableEvent', ({ manualReset, createdNew, closed }) => ({ manualReset, createdNew, closed }));
  }

  /**
   * Makes an event, or opens the one that has the name (`CreateEventW`): {@link WaitableEvent.createdNew} tells which. An event that
   * exists keeps its kind and its state.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for options that do not fit.
   * @throws {@link RtwqError} when Windows refuses: `E_ACCESSDENIED`; `E_HANDLE` where another kind of object has the name.
   */
  static create(options?: WaitableEventOptions): WaitableEvent {
    const caller = WaitableEvent.create;
    currentEnvironment(caller);
    const given = readCreate(options, caller);
    const name = optional(given.name, undefined, (value) => validateName(value, 'options.name', caller));
    const manualReset = validateBoolean(given.manualReset, 'options.manualReset', false, caller);
    const signaled = validateBoolean(given.signaled, 'options.signaled', false, caller);
    return new WaitableEvent(
      KEY,
      openHandle(caller, (native) => native.createEvent(name, manualReset, signaled)),
    );
  }

  /**
   * Opens an event by its name (`OpenEventW`).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for what is no name.
   * @throws {@link RtwqError} `ERROR_FILE_NOT_FOUND` where there is none; `E_ACCESSDENIED`; `E_HANDLE` where another kind of
   *   object has the name.
   */
  static open(name: string): WaitableEvent {
    const caller = WaitableEvent.open;
    currentEnvironment(caller);
    validateName(name, 'name', caller);
    return new WaitableEvent(
      KEY,
      openHandle(caller, (native) => native.openEvent(name)),
    );
  }

  /**
   * Sets it (`SetEvent`): lets one wait through, all of them where it is a manual-reset event.
   *
   * @throws {@link RtwqError} when Windows refuses; `E_HANDLE` for a closed handle.
   */
  set(): void {
    callHandle(this, 'SetEvent', this.set, (native, index) => native.setEvent(index));
  }

  /**
   * Resets it (`ResetEvent`).
   *
   * @throws {@link RtwqError} when Windows refuses; `E_HANDLE` for a closed handle.
   */
  reset(): void {
    callHandle(this, 'ResetEvent', this.reset, (native, index) => native.resetEvent(index));
  }

  /**
   * The times that the event is set, one after the other, for as long as somebody asks. Sets that come closer together than
   * the loop runs are one, as always with events, so `missed` is undefined; count with a {@link Semaphore}. Ends when the event
   * is closed.
   *
   * @throws TypeError `ERR_INVALID_STATE` for a manual-reset event, which would never stop; `ERR_INVALID_ARG_TYPE` or
   *   `ERR_INVALID_ARG_VALUE` for options that do not fit.
   * @example
   * ```ts
   * using event = WaitableEvent.create();
   * for await (const { firedAt } of event.signals({ signal: AbortSignal.timeout(1_000) })) console.log(firedAt);
   * ```
   */
  signals(options?: SignalsOptions): Occurrences {
    return signalsOf(this, WaitableEvent, () => (this.manualReset ? undefined : () => undefined), options, this.signals);
  }

  /** {@link WaitableEvent.signals} without options. */
  [Symbol.asyncIterator](): Occurrences {
    return this.signals();
  }
}
