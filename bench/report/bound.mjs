// One thing that the package has to hold to.

import { number } from './format.mjs';

export const atLeast = (limit) => ({ sign: '≥', limit, holds: (value) => value >= limit });
export const atMost = (limit) => ({ sign: '≤', limit, holds: (value) => value <= limit });
export const below = (limit) => ({ sign: '<', limit, holds: (value) => value < limit });

/**
 * @typedef {object} Bound
 * @property {string} about
 * @property {string} limit as it is read
 * @property {string} figure as it is read
 * @property {number | null} value null where this run has not measured it
 * @property {string} beside what else it is to be seen beside
 * @property {boolean | null} holds null where there is no limit or no value
 */

/**
 * @param {string} about
 * @param {ReturnType<typeof atLeast> | undefined} limit none for what is only told
 * @param {number} value NaN where it was not measured
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
