// What a run has come to, for a person and for machines.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { writeCharts } from './charts.mjs';
import { fillIn } from './page.mjs';
import { ask, summarize } from './results.mjs';
import { tablesOf } from './tables.mjs';
import { timerBounds } from './timer-bounds.mjs';
import { workItemBounds } from './work-item-bounds.mjs';

const SIGNIFICANT = 5;

/** Figures that are not longer than they are exact. */
const shortened = (_key, value) => (typeof value === 'number' ? Number(value.toPrecision(SIGNIFICANT)) : value);

/**
 * @param {object} run what is to be known about it
 * @param {object[]} records one for each answer
 * @param {number} addonBytes
 */
export function report(run, records, addonBytes) {
  const results = summarize(records);
  const questions = ask(results);
  const bounds = { timers: timerBounds(questions), workItems: workItemBounds(questions, addonBytes) };
  return { ...run, addonBytes, bounds, results };
}

function headOf({ date, host, wine, node, arch, processor, processors, rounds, quick }) {
  const lines = [`${date}: ${host}, Node ${node} ${arch}, ${processors} × ${processor}; ${rounds} rounds${quick ? ', a quick run' : ''}.`];
  if (wine) lines.push('This is Wine, not Windows: the timing is that of Linux. Look at the ratios.');
  return lines.join('\n');
}

/** The head and all tables, by their names, as Markdown. */
function textsOf(reported) {
  const tables = Object.entries(tablesOf(ask(reported.results), reported.bounds));
  const text = (each) => each.map((table) => markdownTable(table)).join('\n\n');
  return { run: headOf(reported), ...Object.fromEntries(tables.map(([name, each]) => [name, text(each)])) };
}

/** Prints it: the bounds last, where they are seen. */
export function print(reported) {
  const { run, 'bounds of timers': timers, 'bounds of work items': workItems, ...tables } = textsOf(reported);
  console.log(run);
  for (const [name, text] of Object.entries({ ...tables, 'bounds of timers': timers, 'bounds of work items': workItems })) {
    if (text) console.log(`\n# ${name}\n\n${text}`);
  }
}

/** With each list of numbers on a line. */
export const toJson = (reported) =>
  JSON.stringify(reported, shortened, 1).replaceAll(/\[[\d\s,.e+-]+\]/g, (list) => list.replaceAll(/\s+/g, ''));

/** Writes results.json, the charts, and the tables of the page about performance. */
export function write(reported, bench, page) {
  writeFileSync(join(bench, 'results.json'), `${toJson(reported)}\n`);
  writeCharts(ask(reported.results), join(bench, 'charts'));
  fillIn(page, textsOf(reported));
}
