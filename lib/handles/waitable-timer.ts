// Waitable timers of Windows.

import { currentEnvironment } from '../internal/environment';
import { optional, readOptions, validateBoolean, validateInteger, validateMilliseconds, validateName } from '../internal/validation';
import { callHandle, KEY, type Opened, openHandle, WaitHandle } from './wait-handle';

/** Options of {@link WaitableTimer.create}. */
export interface WaitableTimerOptions {
  /** The name by which other threads and processes open it. */
  name?: string | undefined;
  /** Whether it stays signaled until it is set anew, instead of letting one wait through. Default: `false`. */
  manualReset?: boolean | undefined;
  /**
   * Whether to ask for high resolution. Windows gives it to timers without a name only. Early versions of Windows 10 that
   * have it refuse a period then. Default: `true`.
   */
  highResolution?: boolean | undefined;
}

/** Options of {@link WaitableTimer.set}. */
export interface TimerSetOptions {
  /** After the first time, again each so many milliseconds: a whole number up to 2 ** 31 - 1. Default: `0`, once only. */
  period?: number | undefined;
}

// Windows counts in these.
const UNITS_PER_MILLISECOND = 10_000;

/**
 * A waitable timer of Windows, in high resolution where there is one: Windows 10, version 1803, and later keep it to about
 * half a millisecond, without a change to the system's timer; not for timers with a name. {@link WaitableTimer.highResolution}
 * tells.
 *
 * @example
 * ```ts
 * using timer = WaitableTimer.create();
 * timer.set(2.5);
 * await waitFor(timer);
 * ```
 */
export class WaitableTimer extends WaitHandle {
  /** Whether Windows gave a timer of high resolution; undefined for one that was there before, opened or found by its name. */
  readonly highResolution: boolean | undefined;
  /** Whether {@link WaitableTimer.create} made the timer, rather than found one of that name. */
  readonly isNew: boolean;

  private constructor(key: symbol, opened: Opened, made: boolean) {
    super(key, opened);
    this.isNew = opened.out[1] === 1;
    this.highResolution = made && this.isNew ? opened.out[2] === 1 : undefined;
  }

  /**
   * Makes a timer, or opens the one that has the name (`CreateWaitableTimerExW`). It is not set yet.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for options that do not fit.
   * @throws {@link RtwqError} when Windows refuses: `E_ACCESSDENIED`; `E_HANDLE` where another kind of object has the name.
   */
  static create(options?: WaitableTimerOptions): WaitableTimer {
    const caller = WaitableTimer.create;
    currentEnvironment(caller);
    const given = readOptions(options, ({ name, manualReset, highResolution }) => ({ name, manualReset, highResolution }), caller);
    const name = optional(given.name, undefined, (value) => validateName(value, 'options.name', caller));
    const manualReset = validateBoolean(given.manualReset, 'options.manualReset', false, caller);
    const fine = validateBoolean(given.highResolution, 'options.highResolution', true, caller);
    const opened = openHandle(caller, (native) => native.createTimer(name, manualReset, fine));
    return new WaitableTimer(KEY, opened, true);
  }

  /**
   * Opens a timer by its name (`OpenWaitableTimerW`).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for what is no name.
   * @throws {@link RtwqError} `ERROR_FILE_NOT_FOUND` where there is none; `E_ACCESSDENIED`; `E_HANDLE` where another kind of
   *   object has the name.
   */
  static open(name: string): WaitableTimer {
    const caller = WaitableTimer.open;
    currentEnvironment(caller);
    validateName(name, 'name', caller);
    const opened = openHandle(caller, (native) => native.openTimer(name));
    return new WaitableTimer(KEY, opened, false);
  }

  /**
   * Sets the timer (`SetWaitableTimer`), anew where it was set before.
   *
   * @param milliseconds from 0 to 2 ** 39, to a ten-thousandth; rounded up, so that it is never early.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not fit.
   * @throws {@link RtwqError} when Windows refuses; `E_HANDLE` for a closed handle.
   */
  set(milliseconds: number, options?: TimerSetOptions): void {
    const caller = this.set;
    const due = Math.ceil(validateMilliseconds(milliseconds, 'milliseconds', 0, caller) * UNITS_PER_MILLISECOND);
    const period = readOptions(options, (given) => given.period, caller);
    const again = optional(period, 0, (value) => validateInteger(value, 'options.period', 0, 2 ** 31 - 1, caller));
    callHandle(this, 'SetWaitableTimer', caller, (native, index) => native.setTimer(index, due, again));
  }

  /**
   * Stops the timer (`CancelWaitableTimer`). It does not become signaled by that; one that is stays so.
   *
   * @throws {@link RtwqError} when Windows refuses; `E_HANDLE` for a closed handle.
   */
  cancel(): void {
    callHandle(this, 'CancelWaitableTimer', this.cancel, (native, index) => native.cancelTimer(index));
  }
}
