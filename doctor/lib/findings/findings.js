// What the doctor concludes: the cause in words, and the line of code that helps. Findings depend on the report alone, so a
// report from another machine gives the same ones.

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
 * @property {string} id stable, for programs that read reports
 * @property {'problem' | 'advice' | 'note' | 'good'} severity a problem sets the exit code to 1; advice is a suggestion
 * @property {string} title
 * @property {string} text
 * @property {string} [code] the code or command that helps
 */

const ORDER = ['problem', 'advice', 'good', 'note'];

/** Whether the p99 of rtworkq/timers stays within --max-lateness, in every measured situation. */
function maxLatenessFinding({ measurements }, limit) {
  const cells = measurements.filter(({ contender }) => PRECISE.includes(contender));
  const measured = cells.filter(({ lateness }) => lateness);
  const worst = Math.max(...measured.map(({ lateness }) => lateness.p99));
  const severity = measured.length > 0 && measured.length === cells.length && worst <= limit ? 'good' : 'problem';
  const text =
    measured.length === 0
      ? 'rtworkq/timers could not be measured.'
      : `In the worst situation, the p99 of rtworkq/timers is ${ms(worst)}; --max-lateness allows ${limit} ms.`;
  const title = severity === 'good' ? 'Within --max-lateness' : 'Above --max-lateness';
  return { id: 'max-lateness', severity, title, text };
}

/**
 * All findings, the most severe first.
 * @param {Report} report
 * @param {{ maxLateness?: number }} [options]
 * @returns {Finding[]}
 */
export function findingsOf(report, { maxLateness } = {}) {
  const view = viewOf(report);
  const all = [supportFindings, loopFindings, timerFindings, resolutionFindings, powerFindings, machineFindings].flat();
  const found = all.flatMap((find) => find(view) ?? []);
  if (maxLateness !== undefined) found.unshift(maxLatenessFinding(view, maxLateness));
  return ORDER.flatMap((severity) => found.filter((finding) => finding.severity === severity));
}

/**
 * 0: no problem; 1: a problem; 2: rtworkq does not work here.
 * @param {Report} report
 * @param {Finding[]} findings
 */
export function exitCodeOf(report, findings) {
  if (!viewOf(report).supported) return 2;
  return findings.some(({ severity }) => severity === 'problem') ? 1 : 0;
}
