// timeBeginPeriod, timeEndPeriod.

import { currentEnvironment, type Environment } from '../internal/environment';
import { check, warn } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { Index } from '../internal/native';
import { owner, returning, self } from '../internal/self';
import { validateInteger } from '../internal/validation';

/** A lease from {@link requestTimerResolution}: Windows keeps the resolution at least until the lease is released. */
export interface TimerResolutionLease extends Disposable {
  /** The requested resolution. */
  readonly milliseconds: number;
  /**
   * Ends the request (`timeEndPeriod`). Calling it again does nothing. If Windows reports a failure, a process warning is emitted.
   */
  release(): void;
}

class Lease implements TimerResolutionLease {
  readonly milliseconds: number;
  readonly #environment: Environment;
  #request: Index | undefined;
  readonly [self]: () => this = returning(this);

  static {
    showAs(Lease, 'TimerResolutionLease', (lease) => ({ milliseconds: lease.milliseconds, held: lease.#request !== undefined }));
  }

  constructor(environment: Environment, milliseconds: number, request: Index) {
    this.#environment = environment;
    this.milliseconds = milliseconds;
    this.#request = request;
    environment.leases.add(this);
  }

  release(): void {
    const lease = owner(this, Lease, 'TimerResolutionLease', 'release');
    const request = lease.#request;
    if (request === undefined) return;
    lease.#request = undefined;
    lease.#environment.leases.delete(lease);
    warn(lease.#environment.native.releaseTimerResolution(request), lease.release);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  end(): void {
    this.release();
  }
}

/**
 * Requests that Windows' timer ticks at least this often for this process (`timeBeginPeriod`). The default is every 15.6 ms.
 *
 * A finer tick helps everything that depends on it: {@link scheduleWorkItem}, {@link addPeriodicCallback}, timeouts of waits,
 * Node's `setTimeout`, and waits in native code. High-resolution timers ({@link WaitableTimer}) do not need it.
 *
 * It costs power, because the processor wakes at each tick. Before Windows 10 version 2004, the tick changes for the whole system.
 * Hold the request no longer than you need it. The finest of all requests wins. On Windows 11 a request has no effect while all
 * windows of the process are minimised or hidden and it plays no sound, unless {@link setPowerThrottling} sets
 * `timerResolution: false`.
 *
 * It does not need the platform, and {@link shutdown} does not end it. A lease that you drop without releasing it holds until its
 * thread ends.
 *
 * @param milliseconds a whole number in this machine's range (`timeGetDevCaps`), which begins at 1.
 * @returns a lease; release or dispose it to end the request.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, or RangeError `ERR_OUT_OF_RANGE` that names the range.
 * @throws {@link RtwqError} if the call fails; `ERROR_MOD_NOT_FOUND` if there is no winmm.dll.
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
