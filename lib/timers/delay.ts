// Timer delays, as in Node, but with fractions.

import { LONGEST_TIMER } from '../internal/host';

/** 100 ns: the unit of Windows' timers, and more than the clock's rounding error. */
export const SHORTEST = 1e-4;

const warned = new Set<string>();

function warn(name: string, message: string, once: boolean): void {
  if (once && warned.has(name)) return;
  warned.add(name);
  process.emitWarning(`${message}\nTimeout duration was set to 1.`, name);
}

/** Converts a value to a delay in milliseconds, as Node does, except that fractions count, down to 100 ns. */
export function delayOf(value: unknown): number {
  if (value === undefined) return 1;
  const delay = (value as number) * 1;
  if (delay > 0 && delay <= LONGEST_TIMER) return Math.max(delay, SHORTEST);
  if (delay > LONGEST_TIMER) warn('TimeoutOverflowWarning', `${delay} does not fit into a 32-bit signed integer.`, false);
  else if (delay < 0) warn('TimeoutNegativeWarning', `${delay} is a negative number.`, true);
  else if (Number.isNaN(delay)) warn('TimeoutNaNWarning', `${delay} is not a number.`, true);
  return 1;
}
