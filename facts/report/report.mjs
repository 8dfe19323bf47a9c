// A run as it is kept: what the machine was, and the answer of each row.

import { linesOf, summarize } from './answers.mjs';

/** Another number is another shape. */
export const FORMAT = 1;

/**
 * @typedef {object} Answered
 * @property {string} id
 * @property {string} question
 * @property {string[]} relies
 * @property {(import('./answers.mjs').Single | import('./answers.mjs').Summary)[]} answers
 * @property {string} [problem] how the program ended, where that was not well
 * @property {string} [stderr] its last words then
 * @property {number} [seconds]
 *
 * @typedef {object} Report
 * @property {number} format
 * @property {string} date
 * @property {{ host: string, wine: boolean | null, node: string, arch: string, processor: string, processors: number }} machine
 * @property {Answered[]} rows
 */

/**
 * @param {import('../rows.mjs').Row[]} rows
 * @param {{ machine: Report['machine'], results: { id: string, answers: object[], problem?: string, stderr?: string, seconds: number }[] }} run
 * @param {Date} date
 * @returns {Report}
 */
export function reportOf(rows, { machine, results }, date) {
  const byId = new Map(results.map((result) => [result.id, result]));
  const answered = ({ id, question, relies }) => {
    const { answers, problem, stderr, seconds } = byId.get(id) ?? { answers: [], problem: 'not asked: the run ended before' };
    return { id, question, relies, answers: answers.map(summarize), problem, stderr, seconds };
  };
  return { format: FORMAT, date: date.toISOString().slice(0, 10), machine, rows: rows.map(answered) };
}

/** A line at the end: how many rows there were, and which of them ended badly. */
export function closingLine({ rows }) {
  const bad = rows.filter(({ problem }) => problem);
  const names = bad.map((row) => `${row.id} (${linesOf(row).at(-1)})`).join(', ');
  return `${rows.length} rows asked, ${rows.length - bad.length} answered${names && `; not to their end: ${names}`}.`;
}
