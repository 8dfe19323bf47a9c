// The checks of arguments. Each throws before RTWorkQ hears of anything, with a stack that starts at the caller.

import { argumentTypeError, type Caller, rangeError } from './errors';

const LONGEST_DELAY = 2 ** 53;

/** A delay in milliseconds: fractions are rounded up, so that nothing is ever early. */
export function validateDelay(value: unknown, name: string, caller: Caller): number {
  if (typeof value !== 'number') throw argumentTypeError(name, 'of type number', value, caller);
  if (!(value >= 0 && value <= LONGEST_DELAY)) throw rangeError(name, '>= 0 and <= 2 ** 53', value, caller);
  return Math.ceil(value);
}

export function validateInteger(value: unknown, name: string, minimum: number, maximum: number, caller: Caller): number {
  if (typeof value !== 'number') throw argumentTypeError(name, 'of type number', value, caller);
  if (!Number.isInteger(value)) throw rangeError(name, 'an integer', value, caller);
  if (value < minimum || value > maximum) throw rangeError(name, `>= ${minimum} and <= ${maximum}`, value, caller);
  return value;
}

export function validateKey(value: unknown, name: string, caller: Caller): bigint {
  if (typeof value !== 'bigint') throw argumentTypeError(name, 'of type bigint', value, caller);
  if (value < 0n || value >= 2n ** 64n) throw rangeError(name, '>= 0n and < 2n ** 64n', `${value}n`, caller);
  return value;
}

/** An options bag; undefined is an empty one. */
export function validateOptions<T extends object>(value: T | undefined, caller: Caller): Partial<T> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw argumentTypeError('options', 'of type object', value, caller);
  return value;
}

export function validateBoolean(value: unknown, name: string, fallback: boolean, caller: Caller): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') throw argumentTypeError(name, 'of type boolean', value, caller);
  return value;
}

/** Signals of other realms and of polyfills pass too: what counts is what a signal can do. */
export function validateSignal(value: unknown, name: string, caller: Caller): AbortSignal | undefined {
  if (value === undefined) return undefined;
  const signal = value as AbortSignal | null;
  if (
    typeof signal !== 'object' ||
    typeof signal?.aborted !== 'boolean' ||
    typeof signal.addEventListener !== 'function' ||
    typeof signal.removeEventListener !== 'function'
  ) {
    throw argumentTypeError(name, 'an instance of AbortSignal', value, caller);
  }
  return signal;
}
