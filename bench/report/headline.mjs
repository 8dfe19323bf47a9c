// The figures of the front page: an interval of 10 ms, by Node's timers and by the package's.

import names from '../lib/names.js';
import { DASH, number, withUnit } from './format.mjs';
import { intervalsOf } from './intervals.mjs';

const { NAMES } = names;

/** The contenders of the front page. */
export const HEADLINE = ['node', 'rtworkq-timers'];
const PERIOD_MS = 10;

/** One interval; a results file that lacks this case at one length for all contenders still has 100 intervals at once. */
const CASES = [
  { name: `interval ${PERIOD_MS} idle`, intervals: 1, about: `one interval of ${PERIOD_MS} ms` },
  { name: '100 intervals', intervals: 100, about: `100 intervals of ${PERIOD_MS} ms at once` },
];

/** The case that a run can show, with how long each contender ran. @param {ReturnType<import('./results.mjs').ask>} results */
export function headlineOf(results) {
  const { comparable } = intervalsOf(results);
  const found = CASES.find(({ name }) => comparable(name) && HEADLINE.every((subject) => results.subjects(name).includes(subject)));
  if (!found) return undefined;
  const ticks = results.value(found.name, HEADLINE[0], 'ideal') / found.intervals;
  return { ...found, seconds: (ticks * PERIOD_MS) / 1000 };
}

const DUE =
  "*Late*: after the call was due. For Node's timers and set-interval-async, a call is due one period after the last call;\n" +
  'for all others, at multiples of the period after the start.';
const MANY_INSTEAD =
  'This run has no comparable figures of a single interval, because its contenders ran for different times. The table shows\n' +
  `${CASES[1].about} instead.`;

/** What a reader of the headline's tables needs to know about this run; undefined without a headline. */
export function headlineNote(results) {
  const headline = headlineOf(results);
  return headline && (headline.name === CASES[0].name ? DUE : MANY_INSTEAD);
}

/** Without the columns that have no figure. */
function withoutEmpty([head, ...rows]) {
  const kept = head.map((_, column) => rows.some((row) => row[column] !== DASH));
  return [head, ...rows].map((row) => row.filter((_, column) => kept[column]));
}

/**
 * A table of one case: a row for each subject.
 * @param {ReturnType<import('./results.mjs').ask>} results
 * @param {{ name: string, about: string, seconds: number }} headline
 * @param {string[]} subjects
 */
export function headlineTable(results, { name, about, seconds }, subjects) {
  const { callsPerSecond, late, drift, cpuPerTick } = intervalsOf(results);
  return withoutEmpty([
    [about, 'calls a second', 'late, p50', 'late, p99', `behind after ${number(seconds)} s`, 'CPU time per call'],
    ...subjects.map((subject) => [
      NAMES[subject],
      number(callsPerSecond(name, subject, PERIOD_MS)),
      withUnit(late(name, subject, 'p50'), 'ms'),
      withUnit(late(name, subject, 'p99'), 'ms'),
      withUnit(drift(name, subject), 'ms'),
      withUnit(cpuPerTick(name, subject), 'µs'),
    ]),
  ]);
}
