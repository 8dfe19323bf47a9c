// Argument checks. Each throws before RTWorkQ is involved, with a stack that starts at the caller.

import { argumentTypeError, argumentValueError, type Caller, rangeError } from './errors';

const LONGEST_DELAY = 2 ** 53;
const LONGEST_TEXT = 260;
// A raw HANDLE is below this, or from -HALF_HANDLES if it is signed.
const HANDLES = process.arch === 'ia32' ? 2n ** 32n : 2n ** 64n;
const HALF_HANDLES = HANDLES / 2n;
// So that it is a safe integer in units of 100 ns. 17 years.
const LONGEST_FINE_DELAY = 2 ** 39;

/** A delay in milliseconds. Fractions are rounded up, so that nothing is ever early. */
export function validateDelay(candidate: unknown, name: string, caller: Caller): number {
  const value = validateNumber(candidate, name, caller);
  if (!(value >= 0 && value <= LONGEST_DELAY)) throw rangeError(name, '>= 0 and <= 2 ** 53', value, caller);
  return Math.ceil(value);
}

export function validateNumber(value: unknown, name: string, caller: Caller): number {
  if (typeof value !== 'number') throw argumentTypeError(name, 'of type number', value, caller);
  return value;
}

/** A timeout in milliseconds; undefined becomes Infinity. */
export function validateTimeout(timeout: unknown, name: string, caller: Caller): number {
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  const value = validateNumber(timeout, name, caller);
  if (value >= 0 && (value <= LONGEST_DELAY || value === Number.POSITIVE_INFINITY)) return value;
  throw rangeError(name, '>= 0 and <= 2 ** 53, or Infinity', value, caller);
}

/** A finite number, such as a time. */
export function validateFinite(value: unknown, name: string, caller: Caller): number {
  if (Number.isFinite(validateNumber(value, name, caller))) return value as number;
  throw rangeError(name, 'a finite number', value, caller);
}

export function validateInteger(candidate: unknown, name: string, minimum: number, maximum: number, caller: Caller): number {
  const value = validateNumber(candidate, name, caller);
  if (!Number.isInteger(value)) throw rangeError(name, 'an integer', value, caller);
  if (value < minimum || value > maximum) throw rangeError(name, `>= ${minimum} and <= ${maximum}`, value, caller);
  return value;
}

export function validateKey(value: unknown, name: string, caller: Caller): bigint {
  if (typeof value !== 'bigint') throw argumentTypeError(name, 'of type bigint', value, caller);
  if (value < 0n || value >= 2n ** 64n) throw rangeError(name, '>= 0n and < 2n ** 64n', `${value}n`, caller);
  return value;
}

/** A number of milliseconds, fractions included. */
export function validateMilliseconds(candidate: unknown, name: string, minimum: number, caller: Caller): number {
  const value = validateNumber(candidate, name, caller);
  if (!(value >= minimum && value <= LONGEST_FINE_DELAY)) throw rangeError(name, `>= ${minimum} and <= 2 ** 39`, value, caller);
  return value;
}

/** An unsigned 32-bit number, such as a task id or an HRESULT. */
export const validateUnsigned = (value: unknown, name: string, caller: Caller): number =>
  validateInteger(value, name, 0, 2 ** 32 - 1, caller);

/** An optional value. */
export function optional<T>(value: unknown, fallback: T, validate: (value: unknown) => T): T {
  return value === undefined ? fallback : validate(value);
}

/** A string without NUL, up to Windows' MAX_PATH. */
export function validateText(value: unknown, name: string, caller: Caller): string {
  if (typeof value !== 'string') throw argumentTypeError(name, 'of type string', value, caller);
  if (value.length > LONGEST_TEXT) throw argumentValueError(name, `must not be longer than ${LONGEST_TEXT} characters`, value, caller);
  if (value.includes('\0')) throw argumentValueError(name, 'must be a string without null bytes', value, caller);
  return value;
}

/** The name of a kernel object. */
export function validateName(value: unknown, name: string, caller: Caller): string {
  if (validateText(value, name, caller) === '') throw argumentValueError(name, 'must not be empty', value, caller);
  return value as string;
}

export function validateOneOf<T extends string>(value: unknown, name: string, choices: readonly T[], caller: Caller): T {
  if (typeof value !== 'string') throw argumentTypeError(name, 'of type string', value, caller);
  if (choices.includes(value as T)) return value as T;
  throw argumentValueError(name, `must be one of: ${choices.map((choice) => `'${choice}'`).join(', ')}`, value, caller);
}

export function validateFunction(value: unknown, name: string, caller: Caller): asserts value is (...args: never[]) => unknown {
  if (typeof value !== 'function') throw argumentTypeError(name, 'of type function', value, caller);
}

/** A boolean; undefined becomes the fallback, if there is one. */
export function validateBoolean(value: unknown, name: string, fallback: boolean | undefined, caller: Caller): boolean {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'boolean') throw argumentTypeError(name, 'of type boolean', value, caller);
  return value;
}

/** Returns the HANDLE as Windows has it. Foreign function interfaces may show it as a signed number: INVALID_HANDLE_VALUE as -1n. */
export function validateHandle(value: unknown, name: string, caller: Caller): bigint {
  if (typeof value !== 'bigint') throw argumentTypeError(name, 'of type bigint', value, caller);
  if (value < -HALF_HANDLES || value >= HANDLES) throw rangeError(name, `>= ${-HALF_HANDLES}n and < ${HANDLES}n`, `${value}n`, caller);
  return value < 0n ? value + HANDLES : value;
}
