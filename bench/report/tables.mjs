// The tables of a run, as lists of rows; the first row is the head. They become Markdown, on the terminal and in the pages.

import counts from '../lib/counts.js';
import kinds from '../lib/kinds.js';
import names from '../lib/names.js';
import periods from '../lib/periods.js';
import { DASH, number, percent, spread, times } from './format.mjs';
import { headlineOf, headlineTable } from './headline.mjs';
import { intervalsOf } from './intervals.mjs';

const { COUNTS } = counts;
const { KINDS, MANY } = kinds;
const { NAMES, inOrder } = names;
const { PERIODS } = periods;

const MARKS = new Map([
  [true, 'yes'],
  [false, '**no**'],
  [null, ''],
]);

const boundsTable = (bounds) => [
  ['bound', 'limit', 'figure', 'holds', 'for comparison'],
  ...bounds.map(({ about, limit, figure, holds, beside }) => [about, limit, figure, MARKS.get(holds), beside]),
];

/** The case of the front page with all contenders, idle and beside a busy processor. */
function oneIntervalTables(results) {
  const headline = headlineOf(results);
  if (!headline) return [];
  const table = (each) => headlineTable(results, each, inOrder(results.subjects(each.name)));
  const busy = headline.name.replace('idle', 'busy');
  const beside = { ...headline, name: busy, about: `${headline.about}, one processor busy` };
  const hasBusy = busy !== headline.name && intervalsOf(results).comparable(busy);
  return hasBusy ? [table(headline), table(beside)] : [table(headline)];
}

function tripsTable(results) {
  const row = (subject) => [
    NAMES[subject],
    spread(results.find('trips', subject, 'trip.p50'), 1000),
    spread(results.find('trips', subject, 'trip.p99'), 1000),
  ];
  return [['round trip of one work item', 'p50, µs', 'p99, µs'], ...inOrder(results.subjects('trips')).map(row)];
}

/** Single items beside a busy processor: the longest delays. */
function busyTripsTable(results) {
  const row = (subject) => [
    NAMES[subject],
    ...['p50', 'p99', 'p999', 'max'].map((each) => number(results.value('trips busy', subject, `trip.${each}`))),
  ];
  return [
    ['round trip of one work item, one processor busy', 'p50, ms', 'p99, ms', 'p99.9, ms', 'longest, ms'],
    ...inOrder(results.subjects('trips busy')).map(row),
  ];
}

function signalsTable(results) {
  const about = {
    signal: 'set by the JavaScript thread',
    'signal by a thread': 'set by another thread',
    'signal by a thread, busy': 'set by another thread, one processor busy',
  };
  const row = (name, subject) => [
    about[name],
    NAMES[subject],
    spread(results.find(name, subject, 'settled.p50'), 1000),
    spread(results.find(name, subject, 'settled.p99'), 1000),
    number(results.value(name, subject, 'settled.max') * 1000),
  ];
  return [
    ['event set to promise settled', '', 'p50, µs', 'p99, µs', 'longest, µs'],
    ...Object.keys(about).flatMap((name) => inOrder(results.subjects(name)).map((subject) => row(name, subject))),
  ];
}

function manyWaitsTable(results) {
  const find = (kind, path) => results.find(`waits, ${kind}`, 'rtworkq-waits', path);
  const row = (kind) => [
    kind,
    ...['startMs', 'abortMs', 'closeMs', 'signaledAllMs'].map((path) => spread(find(kind, path))),
    spread(find(kind, 'signaled.p50')),
    spread(find(kind, 'signaled.p99')),
    spread(find(kind, 'cpuMs')),
  ];
  return [
    [
      `ms for ${number(MANY)} waits at once`,
      'start all',
      'abort all',
      'close all',
      'one signal for all',
      'signal of one, p50',
      'signal of one, p99',
      'CPU time in all',
    ],
    ...KINDS.filter((kind) => find(kind, 'startMs')).map(row),
  ];
}

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
    ['', '', 'ns each', "main thread's CPU, ns", "process's CPU, ns", 'throughput relative to C++', 'the same, by CPU of the main thread'],
    ...Object.keys(about).flatMap((name) => results.subjects(name).map((subject) => row(name, subject))),
  ];
}

function growthTable(results) {
  const rows = [
    ['bulk', 'cpp', 'ns', 'put, all at once'],
    ['bulk', 'rtworkq', 'ns', 'putWorkItems'],
    ['pending', 'rtworkq-timers', 'startNs', 'start a timer'],
    ['pending', 'node', 'startNs', 'start a timer'],
    ['pending', 'rtworkq', 'startNs', 'start a timer'],
    ['pending', 'rtworkq-timers', 'cancelNs', 'cancel a timer'],
    ['pending', 'node', 'cancelNs', 'cancel a timer'],
    ['pending', 'rtworkq', 'cancelNs', 'cancel a timer'],
    ['pending', 'rtworkq-timers', 'cancelShuffledNs', 'cancel in shuffled order'],
    ['pending', 'node', 'cancelShuffledNs', 'cancel in shuffled order'],
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
  const rows = inOrder(results.subjects('lateness')).flatMap((subject) => [
    ...(results.find('lateness', subject, 'settled') ? [row(subject, 'settled', '')] : []),
    ...(results.find('lateness', subject, 'fired') ? [row(subject, 'fired', ', native callback')] : []),
  ]);
  return [['ms late', 'p50', 'p99', 'earliest'], ...rows];
}

/** A table for each figure: subjects by periods. Cases whose contenders ran for different times are left out. */
function periodTables(results, state) {
  const { comparable, delivered, accounted, drift, late, cpuPerTick, serverPerTick } = intervalsOf(results);
  const cases = PERIODS.map((period) => [`interval ${period} ${state}`, `${period} ms`]).filter(([name]) => comparable(name));
  const subjects = inOrder([...new Set(cases.flatMap(([name]) => results.subjects(name)))]);
  const table = (about, show) => [
    [`${about}; ${state === 'busy' ? 'one processor busy' : 'idle'}`, ...cases.map(([, head]) => head)],
    ...subjects.map((subject) => [NAMES[subject], ...cases.map(([name]) => show(name, subject))]),
  ];
  return [
    table('ticks delivered', (name, subject) => percent(delivered(name, subject))),
    table('ticks delivered or reported as missed', (name, subject) => percent(accounted(name, subject))),
    table('ms behind at the end', (name, subject) => number(drift(name, subject))),
    table('ms late, p50 / p99', (name, subject) => ['p50', 'p99'].map((each) => number(late(name, subject, each))).join(' / ')),
    table('CPU time per tick, µs', (name, subject) => number(cpuPerTick(name, subject))),
    table("CPU time of Wine's server per tick, µs", (name, subject) => number(serverPerTick(name, subject))),
  ].filter(([, ...rows]) => rows.some(([, ...cells]) => cells.some((cell) => cell !== DASH)));
}

function hundredTable(results) {
  const { comparable, delivered, drift, cpuPerTick } = intervalsOf(results);
  const name = '100 intervals';
  // If it is the headline, it already has a table.
  if (!comparable(name) || headlineOf(results)?.name === name) return [];
  return [
    ['100 intervals of 10 ms at once', 'ticks delivered', 'ms behind at the end, the worst', 'CPU time per tick, µs'],
    ...inOrder(results.subjects(name)).map((subject) => [
      NAMES[subject],
      percent(delivered(name, subject)),
      number(drift(name, subject)),
      number(cpuPerTick(name, subject)),
    ]),
  ];
}

function loadingTable(results) {
  return [
    ['ms', 'until the first call returns', 'until its work item settles'],
    ...results
      .subjects('import')
      .map((subject) => [NAMES[subject], ...['returnedMs', 'settledMs'].map((path) => spread(results.find('import', subject, path)))]),
  ];
}

/** Leaves out tables without rows, which this run did not measure. */
const filled = (tables) => tables.filter((table) => table.length > 1);

/**
 * By the names of the pages' blocks.
 * @param {ReturnType<import('./results.mjs').ask>} results
 * @param {{ timers: import('./bound.mjs').Bound[], workItems: import('./bound.mjs').Bound[] }} bounds
 * @returns {Record<string, string[][][]>}
 */
export const tablesOf = (results, bounds) => ({
  'an interval': filled(oneIntervalTables(results)),
  'single timers': filled([latenessTable(results)]),
  'all periods': filled([...periodTables(results, 'idle'), ...periodTables(results, 'busy'), hundredTable(results)]),
  'round trip': filled([tripsTable(results), busyTripsTable(results)]),
  waits: filled([signalsTable(results), manyWaitsTable(results)]),
  throughput: filled([throughputTable(results)]),
  growth: filled([growthTable(results)]),
  loading: filled([loadingTable(results)]),
  'bounds of timers': [boundsTable(bounds.timers)],
  'bounds of work items': [boundsTable(bounds.workItems)],
});
