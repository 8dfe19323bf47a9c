// Summarizes a row's answers: lists of numbers become median, p95 and maximum, and each answer becomes a line of text.

import statistics from '../../bench/lib/statistics.js';
import { number } from '../../bench/report/format.mjs';

const { ascending, median, percentile } = statistics;

/** @typedef {{ about: string, value: string | number }} Single */
/** @typedef {{ about: string, unit: string, count: number, median: number, p95: number, max: number }} Summary */

const SIGNIFICANT = 5;
const shortened = (value) => Number(value.toPrecision(SIGNIFICANT));

/**
 * @param {{ about: string, value?: string | number, unit?: string, values?: number[] }} answer as a row printed it
 * @returns {Single | Summary}
 */
export function summarize({ about, value, unit, values }) {
  if (!values) return { about, value: typeof value === 'number' ? shortened(value) : value };
  if (values.length === 0) return { about, value: 'no values' };
  const sorted = ascending(values);
  const figures = { median: median(values), p95: percentile(sorted, 95), max: sorted.at(-1) };
  return {
    about,
    unit,
    count: values.length,
    ...Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, shortened(figure)])),
  };
}

/** @param {Single | Summary} answer */
function textOf(answer) {
  const { about, value } = answer;
  if (value !== undefined) return `${about}: ${typeof value === 'number' ? number(value) : value}`;
  const { unit, count, median: middle, p95, max } = answer;
  return `${about}: median ${number(middle)}, p95 ${number(p95)}, max ${number(max)} ${unit}, of ${number(count)}`;
}

/**
 * All answers of a row, a line each, and its problem last.
 * @param {{ answers: (Single | Summary)[], problem?: string }} row
 */
export const linesOf = ({ answers, problem }) => [...answers.map(textOf), ...(problem ? [problem] : [])];
