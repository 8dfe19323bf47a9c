// What the doctor says: in words, the cause and the line of code that helps. All of it is made of the report alone, so that a
// report from another machine, or one that was made up, says the same.

import { ms } from '../words.js';
import { loopFindings } from './loop.js';
import { machineFindings } from './machine.js';
import { powerFindings } from './power.js';
import { resolutionFindings } from './resolution.js';
import { supportFindings } from './support.js';
import { timerFindings } from './timers.js';
import { PRECISE, viewOf } from './view.js';

/**
 * @typedef {Awaited<ReturnType<import('../collect.js').collect>>} Report
 * @typedef {object} Finding
 * @property {string} id stays the same, for programs that read reports
 * @property {'problem' | 'advice' | 'note' | 'good'} severity a problem makes the exit code 1; advice says what would be better
 * @property {string} title
 * @property {string} text
 * @property {string} [code] the line that helps
 */

const ORDER = ['problem', 'advice', 'good', 'note'];

/** What --max-lateness has to say. */
function overLimit({ measurements }, limit) {
  const cells = measurements.filter(({ contender }) => PRECISE.includes(contender));
  const measured = cells.filter(({ lateness }) => lateness);
  const worst = Math.max(...measured.map(({ lateness }) => lateness.p99));
  const severity = measured.length > 0 && measured.length === cells.length && worst <= limit ? 'good' : 'problem';
  const text =
    measured.length === 0
      ? 'rtworkq/timers could not be measured.'
      : `The p99 of rtworkq/timers is ${ms(worst)} in the worst of the situations that were measured; --max-lateness allows ${limit} ms.`;
  const title = severity === 'good' ? 'Within --max-lateness' : 'Later than --max-lateness';
  return { id: 'max-lateness', severity, title, text };
}

/**
 * The worst first.
 * @param {Report} report
 * @param {{ maxLateness?: number }} [options]
 * @returns {Finding[]}
 */
export function findingsOf(report, { maxLateness } = {}) {
  const view = viewOf(report);
  const all = [supportFindings, loopFindings, timerFindings, resolutionFindings, powerFindings, machineFindings].flat();
  const found = all.flatMap((find) => find(view) ?? []);
  if (maxLateness !== undefined) found.unshift(overLimit(view, maxLateness));
  return ORDER.flatMap((severity) => found.filter((finding) => finding.severity === severity));
}

/**
 * 0: fine; 1: a problem; 2: rtworkq does not work here.
 * @param {Report} report
 * @param {Finding[]} findings
 */
export function exitCodeOf(report, findings) {
  if (!viewOf(report).supported) return 2;
  return findings.some(({ severity }) => severity === 'problem') ? 1 : 0;
}
