// The results of `npm test`: a row for each run, and why something was not run.

import { explain, say, step, Unavailable } from './log.mjs';

/** @typedef {{ name: string, passed: number, failed: number, skipped: number }} Row */

/** The names of the runs that could not be prepared, by the error, because several runs may need the same thing. */
const notPrepared = new Map();

/**
 * The row of a single check.
 * @param {string} name
 * @param {'passed' | 'failed' | 'skipped'} outcome
 * @returns {Row}
 */
export const rowOf = (name, outcome) => ({ name, passed: 0, failed: 0, skipped: 0, [outcome]: 1 });

/**
 * The row of a run that could not be prepared. It counts as skipped if it is optional and something is unavailable, otherwise as
 * failed.
 * @param {string} name
 * @param {Error} error
 * @param {boolean} optional
 * @returns {Row}
 */
export function notRun(name, error, optional) {
  const skipped = optional && error instanceof Unavailable;
  notPrepared.set(error, [...(notPrepared.get(error) ?? []), name]);
  return rowOf(name, skipped ? 'skipped' : 'failed');
}

/**
 * A step that runs tests. Prints their output in one piece, because other runs go on in parallel.
 * @template {{ failed: number, log: string }} Counts
 * @param {string} label
 * @param {() => Promise<Counts>} action
 * @returns {Promise<Counts>}
 */
export const testStep = (label, action) =>
  step(
    label,
    async () => {
      const counts = await action();
      say(counts.log.trimEnd());
      return counts;
    },
    ({ failed }) => (failed > 0 ? `${failed} failed` : undefined),
  );

/** The totals that `report` printed last in a program's output; one failure if there are none. */
export function readCounts(output) {
  const [passed, failed, skipped] = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped\r?$/gm)]
    .at(-1)
    ?.slice(1)
    .map(Number) ?? [0, 1, 0];
  return { passed, failed, skipped };
}

/**
 * Prints what was not run and why, the table, and the totals.
 * @param {Row[]} rows
 * @returns {number} the exit code
 */
export function report(rows) {
  for (const [error, names] of notPrepared) say(`\nNot run: ${names.join('; ')}\n${explain(error)}`);
  say('');
  console.table(Object.fromEntries(rows.map(({ name, passed, failed, skipped }) => [name, { passed, failed, skipped }])));
  const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  return total('failed') === 0 ? 0 : 1;
}
