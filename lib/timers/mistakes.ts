// Mistakes that would otherwise stay silent. Each is a process warning, once per thread.

import { types } from 'node:util';
import { emitWarning } from '../internal/errors';

const warned = new Set<string>();

function warnOnce(code: string, message: string): void {
  if (warned.has(code)) return;
  warned.add(code);
  emitWarning(Object.assign(new Error(message), { name: 'Warning', code }));
}

const { getPrototypeOf, keys } = Object;

/** Whether it has only options, so that it was probably meant as such. Runs no code of the value. */
function looksLikeOptions(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype = getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const own = keys(value);
  return own.length > 0 && own.every((name) => names.includes(name));
}

/** A value without options was passed. */
export function checkValue(value: unknown, names: readonly string[], call: string): void {
  if (!looksLikeOptions(value, names)) return;
  warnOnce(
    'RTWORKQ_OPTIONS_AS_VALUE',
    `The second argument of ${call}() is the value, and the options are the third: ${call}(delay, undefined, options). ` +
      'An object with options was passed as the value.',
  );
}

// 33 years. No process runs that long, and Date.now() has been above this since 2001.
const EPOCH_TIME = 1e12;

/** A time was passed that counts from the start of the process. */
export function checkTime(time: number): void {
  if (time < EPOCH_TIME || time === Number.POSITIVE_INFINITY) return;
  warnOnce(
    'RTWORKQ_EPOCH_TIME',
    `sleepUntil(${time}) is due in decades: the time counts as performance.now() does, not as Date.now(). ` +
      'For a time of day, pass a Date.',
  );
}
