// A bound: a figure and the limit that it must keep.

import { number } from './format.mjs';

export const atLeast = (limit) => ({ sign: '≥', limit, holds: (value) => value >= limit });
export const atMost = (limit) => ({ sign: '≤', limit, holds: (value) => value <= limit });
export const below = (limit) => ({ sign: '<', limit, holds: (value) => value < limit });

/**
 * @typedef {object} Bound
 * @property {string} about
 * @property {string} limit formatted
 * @property {string} figure formatted
 * @property {number | null} value null if this run did not measure it
 * @property {string} beside figures to compare it with, such as those of C++
 * @property {boolean | null} holds null without a limit or a value
 */

/**
 * @param {string} about
 * @param {ReturnType<typeof atLeast> | undefined} limit undefined for a figure that is only reported
 * @param {number} value NaN if it was not measured
 * @param {{ format?: (value: number) => string, unit?: string, beside?: string }} [options]
 * @returns {Bound}
 */
export function bound(about, limit, value, { format = number, unit = '', beside = '' } = {}) {
  const show = (each) => `${format(each)}${unit}`;
  const known = Number.isFinite(value);
  return {
    about,
    limit: limit ? `${limit.sign} ${show(limit.limit)}` : '',
    figure: known ? show(value) : 'not measured',
    value: known ? value : null,
    beside: known ? beside : '',
    holds: limit && known ? limit.holds(value) : null,
  };
}
