// Windows events.

import { currentEnvironment } from '../internal/environment';
import type { Caller } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import type { Occurrences } from '../internal/repetition';
import { validateBoolean, validateName } from '../internal/validation';
import { callHandle, KEY, type Opened, openHandle } from './handle';
import { type ObjectOptions, validateObject } from './object-options';
import { iterate, type SignalsOptions, signalsOf } from './signals';
import { WaitHandle } from './wait-handle';

/** Options of {@link WaitableEvent.create}. */
export interface WaitableEventOptions extends ObjectOptions {
  /** Whether it is a manual-reset event, which stays set until it is reset. Default: `false`, an auto-reset event. */
  manualReset?: boolean | undefined;
  /** Whether it starts out set. Default: `false`. */
  signaled?: boolean | undefined;
}

const readCreate = optionsReader(
  ({ name, security, manualReset, signaled }: WaitableEventOptions): WaitableEventOptions => ({ name, security, manualReset, signaled }),
);

/**
 * A Windows event: set or not set.
 *
 * An auto-reset event lets one wait through and resets itself. A manual-reset event stays set until it is reset.
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
  /** Whether {@link WaitableEvent.create} created the event; false if it opened an existing one. */
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
   * Creates an event, or opens the existing one with that name (`CreateEventExW`).
   *
   * {@link WaitableEvent.createdNew} says which. An existing event keeps its kind and its state.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid options.
   * @throws {@link RtwqError} if the call fails: `E_ACCESSDENIED`; `E_HANDLE` if another kind of object has the name.
   */
  static create(options?: WaitableEventOptions): WaitableEvent {
    const caller = WaitableEvent.create;
    const environment = currentEnvironment(caller);
    const given = readCreate(options, caller);
    const { name, security } = validateObject(given, environment, caller);
    const manualReset = validateBoolean(given.manualReset, 'options.manualReset', false, caller);
    const signaled = validateBoolean(given.signaled, 'options.signaled', false, caller);
    return new WaitableEvent(
      KEY,
      openHandle(caller, name, (native) => native.createEvent(name, security, manualReset, signaled)),
    );
  }

  /**
   * Opens an event by name (`OpenEventW`).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for an invalid name.
   * @throws {@link RtwqError} `ERROR_FILE_NOT_FOUND` if there is none; `E_ACCESSDENIED`; `E_HANDLE` if another kind of object has
   *   the name.
   */
  static open(name: string): WaitableEvent {
    const caller = WaitableEvent.open;
    currentEnvironment(caller);
    validateName(name, 'name', caller);
    return new WaitableEvent(
      KEY,
      openHandle(caller, name, (native) => native.openEvent(name)),
    );
  }

  /**
   * Sets the event (`SetEvent`). It lets one wait through, or all of them if it is a manual-reset event.
   *
   * @throws {@link RtwqError} if the call fails; `E_HANDLE` for a closed handle.
   */
  set(): void {
    callHandle(this, 'SetEvent', this.set, (native, index) => native.setEvent(index));
  }

  /**
   * Resets the event (`ResetEvent`).
   *
   * @throws {@link RtwqError} if the call fails; `E_HANDLE` for a closed handle.
   */
  reset(): void {
    callHandle(this, 'ResetEvent', this.reset, (native, index) => native.resetEvent(index));
  }

  /**
   * Yields each time the event is set, for as long as you iterate.
   *
   * As always with events, sets that arrive faster than the loop runs collapse into one, so `missed` is undefined. To count, use a
   * {@link Semaphore}. The iteration ends when the event is closed.
   *
   * @throws TypeError `ERR_INVALID_STATE` for a manual-reset event: the loop would never stop; `ERR_INVALID_ARG_TYPE` or
   *   `ERR_INVALID_ARG_VALUE` for invalid options.
   * @example
   * ```ts
   * using event = WaitableEvent.create();
   * for await (const { firedAt } of event.signals({ signal: AbortSignal.timeout(1_000) })) console.log(firedAt);
   * ```
   */
  signals(options?: SignalsOptions): Occurrences {
    return Reflect.apply(WaitableEvent.prototype[iterate], this, [options, this.signals]);
  }

  /** @internal */
  [iterate](options: SignalsOptions | undefined, caller: Caller): Occurrences {
    return signalsOf(this, WaitableEvent, ({ manualReset }) => (manualReset ? undefined : () => undefined), options, caller);
  }

  /** {@link WaitableEvent.signals} without options. */
  [Symbol.asyncIterator](): Occurrences {
    return this.signals();
  }
}
