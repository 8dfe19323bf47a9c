// Windows waitable timers.

import { types } from 'node:util';
import { currentEnvironment } from '../internal/environment';
import { argumentTypeError, type Caller, rangeError } from '../internal/errors';
import { now, systemTime } from '../internal/host';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import type { Occurrences } from '../internal/repetition';
import { owner } from '../internal/self';
import { optional, validateBoolean, validateMilliseconds, validateName } from '../internal/validation';
import { callHandle, KEY, type Opened, openHandle } from './handle';
import { type ObjectOptions, validateObject } from './object-options';
import { iterate, type Missed, type SignalsOptions, signalsOf } from './signals';
import { WaitHandle } from './wait-handle';

/** Options of {@link WaitableTimer.create}. */
export interface WaitableTimerOptions extends ObjectOptions {
  /**
   * Whether it is a manual-reset timer, which stays signaled until it is set again. Default: `false`, an auto-reset timer, which
   * lets one wait through.
   */
  manualReset?: boolean | undefined;
  /** Whether to ask for high resolution. Windows gives it only to timers without a name. Default: `true`. */
  highResolution?: boolean | undefined;
}

/** Options of {@link WaitableTimer.set}. */
export interface TimerSetOptions {
  /**
   * The period after the first time, in milliseconds: 0 for once only, or from 0.5 to 2 ** 31 - 1, rounded to 0.0001.
   *
   * Windows has no fractional periods, and on Windows 10 version 1809 no periods in high resolution. In these cases this package
   * keeps the period itself, without drift, for as long as the handle is open. Such a period belongs to this object: others who
   * opened the timer by name see it, but cannot stop it. Default: `0`.
   */
  period?: number | undefined;
  /** Whether to wake the machine from sleep; {@link WaitableTimer.resumes} tells whether Windows can. Default: `false`. */
  resume?: boolean | undefined;
}

// Windows counts in units of 100 ns.
const UNITS_PER_MILLISECOND = 10_000;
const LONGEST_PERIOD = 2 ** 31 - 1;
// Windows' high-resolution timers are no finer.
const SHORTEST_PERIOD = 0.5;
// System time, in units of 100 ns since 1601, overflows from here: the year 30828.
const LATEST = 910_692_730_085_477;

const readCreate = optionsReader(
  ({ name, security, manualReset, highResolution }: WaitableTimerOptions): WaitableTimerOptions => ({
    name,
    security,
    manualReset,
    highResolution,
  }),
);
const readSet = optionsReader(({ period, resume }: TimerSetOptions): TimerSetOptions => ({ period, resume }));

// Node's own, captured at load: programs replace it.
const { getTime } = Date.prototype;

/** Returns when the timer is due, in milliseconds: from now or, for a Date, from 1970. */
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

/** How this object set the timer. Times are on the clock of performance.now(). */
interface Setting {
  readonly first: number;
  readonly period: number;
  /** How early the timer may fire, as a fraction of the period. */
  readonly early: number;
}

// Without high resolution a timer may be a tick early. Above a quarter, a late signal would count as the next one, come early.
const EARLY = 0.25;
// In milliseconds, for the difference between two clocks.
const EARLY_IN_HIGH_RESOLUTION = 0.1;

/** Counts the timer's signals that were missed between those that were taken. */
function countMissed(setting: () => Setting | undefined): Missed {
  let counted: Setting | undefined;
  let last = 0;
  return (firedAt) => {
    const current = setting();
    if (!current) return undefined;
    const { first, period, early } = current;
    const time = period === 0 ? 0 : Math.floor((firedAt - first) / period + early);
    if (current !== counted) {
      // A signal that was under way when the timer was set again comes before the new first time.
      counted = current;
      last = Math.max(time, -1);
      return 0;
    }
    // A late signal counts as its own, even if the next one is due already.
    const seen = Math.max(time, last + 1);
    const missed = seen - last - 1;
    last = seen;
    return missed;
  };
}

/**
 * A Windows waitable timer, high-resolution if Windows supports it.
 *
 * Windows has high-resolution timers since Windows 10 version 1803. They neither depend on the timer tick nor change it. Timers
 * with a name are never high-resolution. {@link WaitableTimer.highResolution} tells what you got.
 *
 * @example
 * ```ts
 * using timer = WaitableTimer.create();
 * timer.set(2.5);
 * await waitFor(timer);
 * ```
 */
export class WaitableTimer extends WaitHandle {
  /** Whether Windows made a high-resolution timer; undefined for an existing timer, opened or found by name. */
  readonly highResolution: boolean | undefined;
  /** Whether it is a manual-reset timer; undefined for an existing timer. */
  readonly manualReset: boolean | undefined;
  /** Whether {@link WaitableTimer.create} created the timer; false if it opened an existing one. */
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
   * Creates a timer, or opens the existing one with that name (`CreateWaitableTimerExW`). It does not set the timer.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid options.
   * @throws {@link RtwqError} if the call fails: `E_ACCESSDENIED`; `E_HANDLE` if another kind of object has the name.
   */
  static create(options?: WaitableTimerOptions): WaitableTimer {
    const caller = WaitableTimer.create;
    const environment = currentEnvironment(caller);
    const given = readCreate(options, caller);
    const { name, security } = validateObject(given, environment, caller);
    const manualReset = validateBoolean(given.manualReset, 'options.manualReset', false, caller);
    const highResolution = validateBoolean(given.highResolution, 'options.highResolution', true, caller);
    const opened = openHandle(caller, name, (native) => native.createTimer(name, security, manualReset, highResolution));
    return new WaitableTimer(KEY, opened, manualReset);
  }

  /**
   * Opens a timer by name (`OpenWaitableTimerW`).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for an invalid name.
   * @throws {@link RtwqError} `ERROR_FILE_NOT_FOUND` if there is none; `E_ACCESSDENIED`; `E_HANDLE` if another kind of object has
   *   the name.
   */
  static open(name: string): WaitableTimer {
    const caller = WaitableTimer.open;
    currentEnvironment(caller);
    validateName(name, 'name', caller);
    const opened = openHandle(caller, name, (native) => native.openTimer(name));
    return new WaitableTimer(KEY, opened);
  }

  /** Whether the timer, as this object last set it, wakes the machine: false if not requested, or if Windows cannot. */
  get resumes(): boolean {
    return owner(this, WaitableTimer, 'WaitableTimer', 'resumes').#resumes;
  }

  /**
   * Sets the timer (`SetWaitableTimer`), replacing any earlier setting.
   *
   * @param due milliseconds from now, from 0 to 2 ** 39, rounded up to a multiple of 0.0001, so that the timer is never early; or a
   *   Date, which follows changes of the system clock.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
   * @throws {@link RtwqError} if the call fails; `E_HANDLE` for a closed handle.
   * @example
   * ```ts
   * using timer = WaitableTimer.create();
   * timer.set(2.5, { period: 16.6667 });
   * for await (const { firedAt, missed } of timer) console.log(firedAt, missed);
   * ```
   */
  set(due: number | Date, options?: TimerSetOptions): void {
    const timer = owner(this, WaitableTimer, 'WaitableTimer', 'set');
    const caller = timer.set;
    currentEnvironment(caller);
    const bySystemClock = typeof due !== 'number';
    const time = validateDue(due, caller);
    const given = readSet(options, caller);
    const period = optional(given.period, 0, (value) => validatePeriod(value, caller));
    const resume = validateBoolean(given.resume, 'options.resume', false, caller);
    const first = now() + (bySystemClock ? time - systemTime() : time);
    const out = callHandle(timer, 'SetWaitableTimer', caller, (native, index) =>
      native.setTimer(index, time, bySystemClock, period, resume),
    );
    timer.#resumes = out[0] === 1;
    const early = timer.highResolution ? Math.min(EARLY, EARLY_IN_HIGH_RESOLUTION / period) : EARLY;
    timer.#setting = { first, period, early };
  }

  /**
   * Stops the timer (`CancelWaitableTimer`). This does not signal it; a timer that is already signaled stays so.
   *
   * @throws {@link RtwqError} if the call fails; `E_HANDLE` for a closed handle.
   */
  cancel(): void {
    callHandle(this, 'CancelWaitableTimer', this.cancel, (native, index) => native.cancelTimer(index));
  }

  /**
   * Yields each time the timer is signaled, for as long as you iterate.
   *
   * `missed` counts the periods that passed untaken since the previous signal; it is undefined if this object did not set the
   * timer. Several waiters share one auto-reset timer: each signal goes to one of them. The iteration ends when the timer is
   * closed.
   *
   * @throws TypeError `ERR_INVALID_STATE` for a manual-reset timer: the loop would never stop; `ERR_INVALID_ARG_TYPE` or
   *   `ERR_INVALID_ARG_VALUE` for invalid options.
   */
  signals(options?: SignalsOptions): Occurrences {
    return Reflect.apply(WaitableTimer.prototype[iterate], this, [options, this.signals]);
  }

  /** @internal */
  [iterate](options: SignalsOptions | undefined, caller: Caller): Occurrences {
    return signalsOf(this, WaitableTimer, (timer) => (timer.manualReset ? undefined : countMissed(() => timer.#setting)), options, caller);
  }

  /** {@link WaitableTimer.signals} without options. */
  [Symbol.asyncIterator](): Occurrences {
    return this.signals();
  }
}
