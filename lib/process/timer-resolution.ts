// timeBeginPeriod, timeEndPeriod.

import { currentEnvironment, type Environment } from '../internal/environment';
import { check, warn } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { Index } from '../internal/native';
import { validateInteger } from '../internal/validation';

/** What {@link requestTimerResolution} returns: Windows keeps the resolution at least until the lease is released. */
export interface TimerResolutionLease extends Disposable {
  /** What was requested. */
  readonly milliseconds: number;
  /**
   * Takes the request back (`timeEndPeriod`); more than once does nothing. Where Windows reports a failure, that is a process
   * warning.
   */
  release(): void;
}

class Lease implements TimerResolutionLease {
  readonly milliseconds: number;
  readonly #environment: Environment;
  #request: Index | undefined;

  static {
    showAs(Lease, 'TimerResolutionLease', (lease) => ({ milliseconds: lease.milliseconds, held: lease.#request !== undefined }));
  }

  constructor(environment: Environment, milliseconds: number, request: Index) {
    this.#environment = environment;
    this.milliseconds = milliseconds;
    this.#request = request;
  }

  release(): void {
    const request = this.#request;
    if (request === undefined) return;
    this.#request = undefined;
    warn(this.#environment.native.releaseTimerResolution(request), this.release);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/**
 * Asks Windows to have its timer tick at least that often for this process (`timeBeginPeriod`), 15.6 ms being the default. It helps
 * what goes by that tick: {@link scheduleWorkItem}, {@link addPeriodicCallback}, timeouts of waits, Node's `setTimeout`, and
 * waits of native code. Timers of high resolution ({@link WaitableTimer}) need none of it.
 *
 * It costs power, because the processor wakes at each tick, and before Windows 10 version 2004 it does so for the whole system.
 * So hold it no longer than it is needed. The finest that anybody has asked for counts. On Windows 11 it does not count
 * while all windows of the process are minimised or hidden and it plays no sound, unless
 * {@link setPowerThrottling} says `timerResolution: false`.
 *
 * The platform need not be started, and {@link shutdown} does not end it. A lease that is forgotten holds until its thread
 * ends.
 *
 * @param milliseconds a whole number in the range of this machine (`timeGetDevCaps`), which begins at 1.
 * @returns a lease; release or dispose it to take the request back.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, or RangeError `ERR_OUT_OF_RANGE` that names the range.
 * @throws {@link RtwqError} when Windows refuses; `ERROR_MOD_NOT_FOUND` where there is no winmm.dll.
 * @example
 * ```ts
 * using resolution = requestTimerResolution(1);
 * await scheduleWorkItem(5);
 * ```
 */
export function requestTimerResolution(milliseconds: number): TimerResolutionLease {
  const caller = requestTimerResolution;
  const environment = currentEnvironment(caller);
  const { native, out } = environment;
  check(native.timerResolutionRange(), caller);
  const requested = validateInteger(milliseconds, 'milliseconds', out[0] as number, out[1] as number, caller);
  check(native.requestTimerResolution(requested), caller);
  return new Lease(environment, requested, out[0] as number);
}
