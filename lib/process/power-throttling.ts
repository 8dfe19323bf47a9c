// SetProcessInformation(ProcessPowerThrottling).

import { currentEnvironment } from '../internal/environment';
import { argumentTypeError, argumentValueError, type Caller, check } from '../internal/errors';
import type { ThrottlingChoice } from '../internal/native';
import { optionsReader } from '../internal/options';

/**
 * Options of {@link setPowerThrottling}.
 *
 * `true` throttles, `false` never throttles, and `'system'`, the default of a process, lets Windows decide. An option that is left
 * out keeps its earlier setting.
 */
export interface PowerThrottlingOptions {
  /** Whether Windows ignores the process's timer resolution ({@link requestTimerResolution}). Windows 11 and later. */
  timerResolution?: boolean | 'system' | undefined;
  /** Whether Windows slows the process down to save power (EcoQoS). Windows 10 version 1709 and later. */
  executionSpeed?: boolean | 'system' | undefined;
}

const read = optionsReader(
  ({ timerResolution, executionSpeed }: PowerThrottlingOptions): PowerThrottlingOptions => ({ timerResolution, executionSpeed }),
);

function validateChoice(value: unknown, name: string, caller: Caller): ThrottlingChoice {
  if (value === undefined || typeof value === 'boolean' || value === 'system') return value;
  if (typeof value !== 'string') throw argumentTypeError(name, "of type boolean or 'system'", value, caller);
  throw argumentValueError(name, "must be true, false or 'system'", value, caller);
}

/**
 * Sets what Windows may do with this process to save power (`SetProcessInformation`, `ProcessPowerThrottling`).
 *
 * Windows can slow the process down, or ignore the timer resolution that it requests. Windows 11 does both to programs that have no
 * visible window and play no sound.
 *
 * `false` costs power for the whole life of the process. Use it for programs that must keep time in the background. The setting
 * applies to the whole process, including other threads and addons. It stays until it is set again, even if the Worker that set it
 * ends.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid options.
 * @throws {@link RtwqError} if the call fails, in which case nothing has changed: `E_INVALIDARG` if this Windows is too old for the
 *   requested setting.
 * @example
 * ```ts
 * try {
 *   setPowerThrottling({ timerResolution: false, executionSpeed: false });
 * } catch {
 *   setPowerThrottling({ executionSpeed: false }); // Windows 10
 * }
 * ```
 */
export function setPowerThrottling(options: PowerThrottlingOptions): void {
  const caller = setPowerThrottling;
  const { native } = currentEnvironment(caller);
  const given = read(options, caller);
  const timerResolution = validateChoice(given.timerResolution, 'options.timerResolution', caller);
  const executionSpeed = validateChoice(given.executionSpeed, 'options.executionSpeed', caller);
  check(native.setPowerThrottling(executionSpeed, timerResolution), caller);
}
