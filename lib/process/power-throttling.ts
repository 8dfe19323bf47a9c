// SetProcessInformation(ProcessPowerThrottling).

import { currentEnvironment } from '../internal/environment';
import { argumentTypeError, argumentValueError, type Caller, check } from '../internal/errors';
import type { ThrottlingChoice } from '../internal/native';
import { optionsReader } from '../internal/options';

/**
 * Options of {@link setPowerThrottling}. `true` throttles, `false` never does, `'system'` leaves it to Windows, which is the
 * default of a process; what is left out stays as it was set before.
 */
export interface PowerThrottlingOptions {
  /** Whether Windows passes over what the process asks for by {@link requestTimerResolution}. Windows 11 and later. */
  timerResolution?: boolean | 'system' | undefined;
  /** Whether Windows has the process run slower to save power (EcoQoS). Windows 10 version 1709 and later. */
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
 * Says what Windows may do with this process to save power (`SetProcessInformation`, `ProcessPowerThrottling`): slow it down,
 * or pass over the timer resolution that it asks for. Windows 11 does both with programs that nobody sees or hears.
 *
 * `false` costs power for as long as the process runs, so it is for programs that have to keep time in the background. It is
 * the whole process's, its other threads and addons included, and stays until it is set again, also when the Worker that has set
 * it ends.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for options that do not fit.
 * @throws {@link RtwqError} when Windows refuses, and then nothing has changed: `E_INVALIDARG` where this Windows is too old for what was
 *   asked for.
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
