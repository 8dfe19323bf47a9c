// Waitable timers of Windows.

import { performance } from 'node:perf_hooks';
import { types } from 'node:util';
import { currentEnvironment } from '../internal/environment';
import { argumentTypeError, type Caller, rangeError } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import type { Occurrences } from '../internal/repetition';
import { optional, validateBoolean, validateMilliseconds, validateName } from '../internal/validation';
import { type Missed, type SignalsOptions, signalsOf } from './signals';
import { callHandle, KEY, type Opened, openHandle, WaitHandle } from './wait-handle';

/** Options of {@link WaitableTimer.create}. */
export interface WaitableTimerOptions {
  /** The name by which other threads and processes open it. */
  name?: string | undefined;
  /**
   * Whether it is a manual-reset timer, which stays signaled until it is set again. Default: `false`, an auto-reset timer, which
   * lets one wait through.
   */
  manualReset?: boolean | undefined;
  /**
   * Whether to ask for high resolution. Windows gives it to timers without a name only. Default: `true`.
   */
  highResolution?: boolean | undefined;
}

/** Options of {@link WaitableTimer.set}. */
export interface TimerSetOptions {
  /**
   * After the first time, again each so many milliseconds: 0, once only, or from 0.5 to 2 ** 31 - 1, to a ten-thousandth. Where
   * Windows keeps no such period, which is so for fractions and, on Windows 10 version 1809, in high resolution, this package
   * keeps it, without drift, for as long as the handle is open. It is this object's then: others who have opened the timer by
   * its name see the period, and cannot stop it. Default: `0`.
   */
  period?: number | undefined;
  /** Whether it wakes the machine from sleep; {@link WaitableTimer.resumes} tells whether Windows can. Default: `false`. */
  resume?: boolean | undefined;
}

// Windows counts in 100 ns.
const UNITS_PER_MILLISECOND = 10_000;
const LONGEST_PERIOD = 2 ** 31 - 1;
// Windows' timers of high resolution are no finer.
const SHORTEST_PERIOD = 0.5;
// From where the system's time, in 100 ns since 1601, no longer fits: the year 30828.
const LATEST = 910_692_730_085_477;

const readCreate = optionsReader(
  ({ name, manualReset, highResolution }: WaitableTimerOptions): WaitableTimerOptions => ({ name, manualReset, highResolution }),
);
const readSet = optionsReader(({ period, resume }: TimerSetOptions): TimerSetOptions => ({ period, resume }));

// Programs put others in their place.
const { getTime } = Date.prototype;
const { now } = Date;

/** When it is due in milliseconds: from now or, for a Date, from 1970. */
function validateDue(due: unknown, caller: Caller): number {
  if (typeof due === 'number') return validateMilliseconds(due, 'due', 0, caller);
  if (!types.isDate(due)) throw argumentTypeError('due', 'of type number or an instance of Date', due, caller);
  const time = Reflect.apply(getTime, due, []);
  if (!(time < LATEST)) throw rangeError('due', 'a valid date before the year 30828', Number.isNaN(time) ? 'Invalid Date' : time, caller);
  return time;
}

function validatePeriod(period: unknown, caller: Caller): number {
  const given = validateMilliseconds(period, 'options.period', 0, caller);
  if (given === 0 || (given >= SHORTEST_PERIOD && given <= LONGEST_PERIOD))
    return Math.round(given * UNITS_PER_MILLISECOND) / UNITS_PER_MILLISECOND;
  throw rangeError('options.period', `0, or >= ${SHORTEST_PERIOD} and <= 2 ** 31 - 1`, given, caller);
}

/** What a timer was set to here: its times, on the clock of performance.now(). */
interface Setting {
  readonly first: number;
  readonly period: number;
  /** By how much of a period it may be early. */
  readonly early: number;
}

// Without high resolution a timer may be a tick early. More than a quarter would make the late ones of the time before early.
const EARLY = 0.25;
// In milliseconds, for the difference between two clocks.
const EARLY_IN_HIGH_RESOLUTION = 0.1;

/** Counts the times of a timer that nobody took, for one who takes the others. */
function countMissed(setting: () => Setting | undefined): Missed {
  let counted: Setting | undefined;
  let last = 0;
  return (firedAt) => {
    const current = setting();
    if (!current) return undefined;
    const { first, period, early } = current;
    const time = period === 0 ? 0 : Math.floor((firedAt - first) / period + early);
    if (current !== counted) {
      // What was under way when it was set anew comes before the first time.
      counted = current;
      last = Math.max(time, -1);
      return 0;
    }
    // One that was late is a time of its own, though the next one has come.
    const seen = Math.max(time, last + 1);
    const missed = seen - last - 1;
    last = seen;
    return missed;
  };
}

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
  /** Whether it is a manual-reset timer; undefined for one that was there before. */
  readonly manualReset: boolean | undefined;
  /** Whether {@link WaitableTimer.create} made the timer, rather than found one of that name. */
  readonly createdNew: boolean;
  #setting: Setting | undefined;
  #resumes = false;

  private constructor(key: symbol, opened: Opened, manualReset?: boolean) {
    super(key, opened);
    this.createdNew = opened.out[1] === 1;
    this.highResolution = this.createdNew ? opened.out[2] === 1 : undefined;
    this.manualReset = this.createdNew ? manualReset : undefined;
  }

  static {
    showAs(WaitableTimer, 'WaitableTimer', ({ highResolution, manualReset, createdNew, closed }) => ({
      highResolution,
      manualReset,
      createdNew,
      closed,
    }));
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
    const given = readCreate(options, caller);
    const name = optional(given.name, undefined, (value) => validateName(value, 'options.name', caller));
    const manualReset = validateBoolean(given.manualReset, 'options.manualReset', false, caller);
    const fine = validateBoolean(given.highResolution, 'options.highResolution', true, caller);
    const opened = openHandle(caller, (native) => native.createTimer(name, manualReset, fine));
    return new WaitableTimer(KEY, opened, manualReset);
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
    return new WaitableTimer(KEY, opened);
  }

  /** Whether the timer, as it was set here last, wakes the machine: false where that was not wished, or Windows cannot. */
  get resumes(): boolean {
    return this.#resumes;
  }

  /**
   * Sets the timer (`SetWaitableTimer`). What it was set to before no longer counts.
   *
   * @param due milliseconds from now, from 0 to 2 ** 39, to a ten-thousandth, rounded up, so that it is never early; or a Date,
   *   which moves when the system's clock is set.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do
   *   not fit.
   * @throws {@link RtwqError} when Windows refuses; `E_HANDLE` for a closed handle.
   * @example
   * ```ts
   * using timer = WaitableTimer.create();
   * timer.set(2.5, { period: 16.6667 });
   * for await (const { firedAt, missed } of timer) console.log(firedAt, missed);
   * ```
   */
  set(due: number | Date, options?: TimerSetOptions): void {
    const caller = this.set;
    currentEnvironment(caller);
    const bySystemClock = typeof due !== 'number';
    const time = validateDue(due, caller);
    const given = readSet(options, caller);
    const period = optional(given.period, 0, (value) => validatePeriod(value, caller));
    const resume = validateBoolean(given.resume, 'options.resume', false, caller);
    const first = performance.now() + (bySystemClock ? time - now() : time);
    const out = callHandle(this, 'SetWaitableTimer', caller, (native, index) =>
      native.setTimer(index, time, bySystemClock, period, resume),
    );
    this.#resumes = out[0] === 1;
    const early = this.highResolution ? Math.min(EARLY, EARLY_IN_HIGH_RESOLUTION / period) : EARLY;
    this.#setting = { first, period, early };
  }

  /**
   * Stops the timer (`CancelWaitableTimer`). It does not become signaled by that; one that is stays so.
   *
   * @throws {@link RtwqError} when Windows refuses; `E_HANDLE` for a closed handle.
   */
  cancel(): void {
    callHandle(this, 'CancelWaitableTimer', this.cancel, (native, index) => native.cancelTimer(index));
  }

  /**
   * The times that the timer is signaled, one after the other, for as long as somebody asks. `missed` counts the periods that
   * nobody took since the one before; it is undefined for a timer that was not set by this object. Several who wait for one
   * auto-reset timer share its times: each time goes to one of them. Ends when the timer is closed.
   *
   * @throws TypeError `ERR_INVALID_STATE` for a manual-reset timer, which would never stop; `ERR_INVALID_ARG_TYPE` or
   *   `ERR_INVALID_ARG_VALUE` for options that do not fit.
   */
  signals(options?: SignalsOptions): Occurrences {
    const missed = (): Missed | undefined => (this.manualReset ? undefined : countMissed(() => this.#setting));
    return signalsOf(this, WaitableTimer, missed, options, this.signals);
  }

  /** {@link WaitableTimer.signals} without options. */
  [Symbol.asyncIterator](): Occurrences {
    return this.signals();
  }
}
