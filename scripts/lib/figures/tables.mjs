// The Windows tables of the pages, from the reports that CI has made there: rows are what was measured, columns the machines.

import { markdownTable } from 'markdown-table';
import names from '../../../bench/lib/names.js';
import { number, percent } from '../../../bench/report/format.mjs';
import { intervalsOf } from '../../../bench/report/intervals.mjs';
import { ask } from '../../../bench/report/results.mjs';
import { linesOf } from '../../../facts/report/answers.mjs';
import { asMarkdown } from '../../../facts/report/tables.mjs';

const { NAMES } = names;
const FIVE_MS_IDLE = 'interval 5 idle';
const DASH = '–';

const benchLabel = ({ host, arch, node }) => `${host} ${arch}, Node ${node}`;
const factsLabel = ({ machine }) => `${machine.host} ${machine.arch}, Node ${machine.node}`;
function doctorLabel({ machine }) {
  const { name, release, arch } = machine.system.value;
  return `${name} ${release} ${arch}, Node v${machine.runtime.value?.node ?? '?'}`;
}

/** Two reports of machines that look alike are told apart by a number. */
function labels(reports, labelOf) {
  const seen = new Map();
  return reports.map((report) => {
    const label = labelOf(report);
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return times === 1 ? label : `${label} (${times})`;
  });
}

const distinct = (values) => [...new Set(values)];
const table = (rows) => markdownTable(rows);

/** A row for each name, a column for each report. */
function compare(about, heads, reports, namesOf, cell) {
  const rows = distinct(reports.flatMap(namesOf)).map((name) => [name, ...reports.map((report) => cell(report, name) ?? DASH)]);
  return table([[about, ...heads], ...rows]);
}

/** What README.md shows: Node's own interval and the package's. */
export function intervalTable(reports) {
  const heads = labels(reports, benchLabel);
  const rows = reports.flatMap((report, index) => {
    const { delivered, accounted, drift, late } = intervalsOf(ask(report.results));
    return ['node', 'rtworkq-promises'].map((subject) => [
      ...(reports.length > 1 ? [heads[index]] : []),
      subject === 'node' ? '`setInterval` of Node' : '`setInterval` of `rtworkq/timers/promises`',
      percent(delivered(FIVE_MS_IDLE, subject)),
      subject === 'node' ? DASH : percent(accounted(FIVE_MS_IDLE, subject)),
      `${number(late(FIVE_MS_IDLE, subject, 'p99'))} ms`,
      `${number(drift(FIVE_MS_IDLE, subject))} ms`,
    ]);
  });
  const head = ['', 'ticks that came', 'came or were reported', 'p99 late', 'the last one late'];
  return table([reports.length > 1 ? ['machine', ...head] : head, ...rows]);
}

function boundsTable(reports) {
  const boundsOf = ({ bounds }) => [...bounds.timers, ...bounds.workItems];
  const nameOf = ({ about, limit }) => `${about}${limit && `: ${limit}`}`;
  return compare(
    'bound',
    labels(reports, benchLabel),
    reports,
    (report) => boundsOf(report).map(nameOf),
    (report, name) => {
      const bound = boundsOf(report).find((each) => nameOf(each) === name);
      return bound && `${bound.figure}${bound.holds === false ? ', **no**' : ''}`;
    },
  );
}

function fiveMillisecondsTable(reports, state) {
  const name = `interval 5 ${state}`;
  return compare(
    `interval of 5 ms, ${state}: delivered; ms late, p50 / p99`,
    labels(reports, benchLabel),
    reports,
    ({ results }) =>
      ask(results)
        .subjects(name)
        .map((subject) => NAMES[subject]),
    ({ results }, shown) => {
      const subject = Object.keys(NAMES).find((each) => NAMES[each] === shown);
      const { delivered, late } = intervalsOf(ask(results));
      return `${percent(delivered(name, subject))}; ${number(late(name, subject, 'p50'))} / ${number(late(name, subject, 'p99'))}`;
    },
  );
}

function doctorTable(reports) {
  const ofDefault = ({ measurements }) => measurements.filter(({ resolution }) => resolution === 'default');
  const nameOf = ({ contender, period, load }) => `${contender}, ${period} ms, ${load}`;
  return compare(
    'rtworkq-doctor: ms late, p50 / p99',
    labels(reports, doctorLabel),
    reports,
    (report) => ofDefault(report).map(nameOf),
    (report, name) => {
      const lateness = ofDefault(report).find((each) => nameOf(each) === name)?.lateness;
      return lateness && `${number(lateness.p50)} / ${number(lateness.p99)}`;
    },
  );
}

const factsTable = (reports) =>
  compare(
    'question',
    labels(reports, factsLabel),
    reports,
    ({ rows }) => rows.map(({ question }) => question),
    ({ rows }, asked) => {
      const row = rows.find(({ question }) => question === asked);
      return row && asMarkdown(linesOf(row));
    },
  );

/** What docs/performance.md shows. @param {ReturnType<typeof import('./artifacts.mjs').readArtifacts>} artifacts */
export function windowsTables({ bench, doctor, facts }) {
  return {
    bounds: boundsTable(bench),
    idle: fiveMillisecondsTable(bench, 'idle'),
    busy: fiveMillisecondsTable(bench, 'busy'),
    doctor: doctorTable(doctor),
    facts: factsTable(facts),
  };
}
