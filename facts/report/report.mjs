// The report of a run: the machine, and the answers of each row.

import { linesOf, summarize } from './answers.mjs';

/** Increase this if the format changes. */
export const FORMAT = 1;

/**
 * @typedef {object} Answered
 * @property {string} id
 * @property {string} question
 * @property {string[]} relies
 * @property {(import('./answers.mjs').Single | import('./answers.mjs').Summary)[]} answers
 * @property {string} [problem] how the program failed, if it did
 * @property {string} [stderr] the end of its standard error, if it failed
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
    const { answers, problem, stderr, seconds } = byId.get(id) ?? { answers: [], problem: 'not run: the run ended before this row' };
    return { id, question, relies, answers: answers.map(summarize), problem, stderr, seconds };
  };
  return { format: FORMAT, date: date.toISOString().slice(0, 10), machine, rows: rows.map(answered) };
}

/** The last line: how many rows ran, and which of them failed. */
export function closingLine({ rows }) {
  const failed = rows.filter(({ problem }) => problem);
  const names = failed.map((row) => `${row.id} (${linesOf(row).at(-1)})`).join(', ');
  return `${rows.length} rows asked, ${rows.length - failed.length} answered${names && `; failed: ${names}`}.`;
}
