// The tables of the front page and of Windows. In the Windows tables, rows are what was measured and columns are the machines.

import { markdownTable } from 'markdown-table';
import names from '../../../bench/lib/names.js';
import { DASH, number, percent } from '../../../bench/report/format.mjs';
import { HEADLINE, headlineOf, headlineTable } from '../../../bench/report/headline.mjs';
import { intervalsOf } from '../../../bench/report/intervals.mjs';
import { ask } from '../../../bench/report/results.mjs';
import { linesOf } from '../../../facts/report/answers.mjs';
import { asMarkdown } from '../../../facts/report/tables.mjs';
import { StepError } from '../log.mjs';

const { NAMES } = names;

const benchLabel = ({ host, arch, node }) => `${host} ${arch}, Node ${node}`;
const factsLabel = ({ machine }) => `${machine.host} ${machine.arch}, Node ${machine.node}`;
function doctorLabel({ machine }) {
  const { name, release, arch } = machine.system.value;
  return `${name} ${release} ${arch}, Node v${machine.runtime.value?.node ?? '?'}`;
}

/** The reports' machines; two that look alike get numbers. */
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

/** A row for each name, a column for each report. */
function compare(about, heads, reports, namesOf, cell) {
  const rows = distinct(reports.flatMap(namesOf)).map((name) => [name, ...reports.map((report) => cell(report, name) ?? DASH)]);
  return markdownTable([[about, ...heads], ...rows]);
}

/** The front page's table: Node's interval and the package's. With several machines, one block of columns for all. */
export function frontTable(reports) {
  const machines = labels(reports, benchLabel);
  const tables = reports.map((report, index) => {
    const results = ask(report.results);
    const headline = headlineOf(results);
    if (!headline) throw new StepError(`The benchmark of ${machines[index]} has no intervals of 10 ms.`, 'npm run bench measures them');
    return headlineTable(results, headline, HEADLINE);
  });
  if (reports.length === 1) return markdownTable(tables[0]);
  const rows = tables.flatMap(([, ...rest], index) => rest.map((row) => [machines[index], ...row]));
  return markdownTable([['machine', ...tables[0][0]], ...rows]);
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

function intervalTable(reports, state) {
  const name = `interval 10 ${state}`;
  return compare(
    `interval of 10 ms, ${state}: ticks delivered; ms late, p50 / p99`,
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

/** The tables of docs/performance.md. @param {ReturnType<typeof import('./artifacts.mjs').readArtifacts>} artifacts */
export function windowsTables({ bench, doctor, facts }) {
  return {
    bounds: boundsTable(bench),
    idle: intervalTable(bench, 'idle'),
    busy: intervalTable(bench, 'busy'),
    doctor: doctorTable(doctor),
    facts: factsTable(facts),
  };
}
