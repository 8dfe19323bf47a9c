// The results of `npm test`: a row for each run, and why something was not run.

import { explain, say, step, Unavailable } from './log.mjs';

/** @typedef {{ name: string, passed: number, failed: number, skipped: number }} Row */

/** By the error, because several runs may have wanted the same thing. */
const reasons = new Map();

/**
 * The row of what could not be made ready. It is skipped where it may be and this machine or the network is to blame;
 * otherwise it has failed.
 * @param {string} name
 * @param {Error} error
 * @param {boolean} optional
 * @returns {Row}
 */
export function notRun(name, error, optional) {
  const skipped = optional && error instanceof Unavailable;
  reasons.set(error, [...(reasons.get(error) ?? []), name]);
  return { name, passed: 0, failed: Number(!skipped), skipped: Number(skipped) };
}

/**
 * A step that runs tests and shows what they wrote, in one piece, because others run beside it.
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

/** The sums that `report` has printed last in a program's output; one failure where there are none. */
export function readCounts(output) {
  const [passed, failed, skipped] = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped\r?$/gm)]
    .at(-1)
    ?.slice(1)
    .map(Number) ?? [0, 1, 0];
  return { passed, failed, skipped };
}

/**
 * Prints what was not run and why, the table, and the sums.
 * @param {Row[]} rows
 * @returns {number} the exit code
 */
export function report(rows) {
  for (const [error, names] of reasons) say(`\nNot run: ${names.join('; ')}\n${explain(error)}`);
  say('');
  console.table(Object.fromEntries(rows.map(({ name, passed, failed, skipped }) => [name, { passed, failed, skipped }])));
  const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  return total('failed') === 0 ? 0 : 1;
}
