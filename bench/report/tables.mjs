// The tables of a run: lists of rows, of which the first is the head. Rendered as Markdown for terminals and pages alike.

import counts from '../lib/counts.js';
import names from '../lib/names.js';
import periods from '../lib/periods.js';
import { number, percent, spread, times } from './format.mjs';
import { intervalsOf } from './intervals.mjs';

const { COUNTS } = counts;
const { NAMES } = names;
const { PERIODS } = periods;

const MARKS = new Map([
  [true, 'yes'],
  [false, '**no**'],
  [null, ''],
]);

const boundsTable = (bounds) => [
  ['bound', 'limit', 'figure', 'holds', 'beside it'],
  ...bounds.map(({ about, limit, figure, holds, beside }) => [about, limit, figure, MARKS.get(holds), beside]),
];

function throughputTable(results) {
  const about = { 'put 1000': 'put + await, 1,000 in flight', 'put 8': 'put + await, 8 in flight', cancel: 'schedule + cancel' };
  const row = (name, subject) => [
    about[name],
    NAMES[subject],
    spread(results.find(name, subject, 'ns')),
    number(results.value(name, subject, 'cpuNs')),
    number(results.value(name, subject, 'processCpuNs')),
    times(results.ratio(name, 'ns', 'cpp', subject)),
    times(results.ratio(name, 'cpuNs', 'cpp', subject)),
  ];
  return [
    ['', '', 'ns each', 'CPU of the thread', 'CPU of the process', 'C++ / it', 'C++ / it, CPU of the thread'],
    ...Object.keys(about).flatMap((name) => results.subjects(name).map((subject) => row(name, subject))),
  ];
}

function tripsTable(results) {
  const row = (subject) => [
    NAMES[subject],
    spread(results.find('trips', subject, 'trip.p50'), 1000),
    spread(results.find('trips', subject, 'trip.p99'), 1000),
    times(results.ratio('trips', 'trip.p50', subject, 'ping-pong')),
    times(results.ratio('trips', 'trip.p99', subject, 'ping-pong')),
  ];
  return [['one in flight', 'p50, µs', 'p99, µs', 'p50 / bare', 'p99 / bare'], ...results.subjects('trips').map(row)];
}

function growthTable(results) {
  const rows = [
    ['bulk', 'cpp', 'ns', 'put, all at once'],
    ['bulk', 'rtworkq', 'ns', 'putWorkItems'],
    ['pending', 'rtworkq-timers', 'startNs', 'start of a timer'],
    ['pending', 'node', 'startNs', 'start of a timer'],
    ['pending', 'rtworkq', 'startNs', 'start of a timer'],
    ['pending', 'rtworkq-timers', 'cancelNs', 'cancellation'],
    ['pending', 'node', 'cancelNs', 'cancellation'],
    ['pending', 'rtworkq', 'cancelNs', 'cancellation'],
    ['pending', 'rtworkq-timers', 'cancelShuffledNs', 'cancellation, not in order'],
    ['pending', 'node', 'cancelShuffledNs', 'cancellation, not in order'],
  ].filter(([name, subject]) => COUNTS.some((count) => results.subjects(`${name} ${count}`).includes(subject)));
  return [
    ['ns each', '', ...COUNTS.map(number)],
    ...rows.map(([name, subject, path, about]) => [
      about,
      NAMES[subject],
      ...COUNTS.map((count) => spread(results.find(`${name} ${count}`, subject, path))),
    ]),
  ];
}

function latenessTable(results) {
  const row = (subject, path, about) => [
    `${NAMES[subject]}${about}`,
    spread(results.find('lateness', subject, `${path}.p50`)),
    spread(results.find('lateness', subject, `${path}.p99`)),
    number(results.value('lateness', subject, `${path}.min`)),
  ];
  const rows = results
    .subjects('lateness')
    .flatMap((subject) => [
      ...(results.find('lateness', subject, 'fired') ? [row(subject, 'fired', ', callback')] : []),
      ...(results.find('lateness', subject, 'settled') ? [row(subject, 'settled', '')] : []),
    ]);
  return [['ms late', 'p50', 'p99', 'earliest'], ...rows];
}

/** A table for each figure: the subjects by the periods, idle and beside a busy processor. */
function intervalTables(results) {
  const { delivered, accounted, drift, late, cpuPerTick } = intervalsOf(results);
  const cases = ['idle', 'busy']
    .flatMap((state) => PERIODS.map((period) => [`interval ${period} ${state}`, `${period} ms, ${state}`]))
    .filter(([name]) => results.subjects(name).length > 0);
  const subjects = [...new Set(cases.flatMap(([name]) => results.subjects(name)))];
  const table = (about, show) => [
    [about, ...cases.map(([, head]) => head)],
    ...subjects.map((subject) => [NAMES[subject], ...cases.map(([name]) => show(name, subject))]),
  ];
  return [
    table('delivered', (name, subject) => percent(delivered(name, subject))),
    table('delivered or told of', (name, subject) => percent(accounted(name, subject))),
    table('final drift, ms', (name, subject) => number(drift(name, subject))),
    table('ms late, p50 / p99', (name, subject) => ['p50', 'p99'].map((each) => number(late(name, subject, each))).join(' / ')),
    table('CPU per tick, µs', (name, subject) => number(cpuPerTick(name, subject))),
  ];
}

function hundredTable(results) {
  const { delivered, late, cpuPerTick } = intervalsOf(results);
  const name = '100 intervals';
  return [
    ['100 intervals of 10 ms', 'delivered', 'ms late, p50 / p99', 'CPU per tick, µs'],
    ...results
      .subjects(name)
      .map((subject) => [
        NAMES[subject],
        percent(delivered(name, subject)),
        ['p50', 'p99'].map((each) => number(late(name, subject, each))).join(' / '),
        number(cpuPerTick(name, subject)),
      ]),
  ];
}

function loadingTable(results) {
  return [
    ['ms', 'until the first call returns', 'until its work item has settled'],
    ...results
      .subjects('import')
      .map((subject) => [NAMES[subject], ...['returnedMs', 'settledMs'].map((path) => spread(results.find('import', subject, path)))]),
  ];
}

/** What this run has not measured has no rows. */
const filled = (tables) => tables.filter((table) => table.length > 1);

/**
 * By the names that docs/performance.md has for them.
 * @param {ReturnType<import('./results.mjs').ask>} results
 * @param {{ timers: import('./bound.mjs').Bound[], workItems: import('./bound.mjs').Bound[] }} bounds
 * @returns {Record<string, string[][][]>}
 */
export const tablesOf = (results, bounds) => ({
  'bounds of timers': [boundsTable(bounds.timers)],
  'bounds of work items': [boundsTable(bounds.workItems)],
  'work items': filled([throughputTable(results), tripsTable(results)]),
  growth: filled([growthTable(results)]),
  intervals: filled([...intervalTables(results), hundredTable(results)]),
  'single timers': filled([latenessTable(results)]),
  loading: filled([loadingTable(results)]),
});
