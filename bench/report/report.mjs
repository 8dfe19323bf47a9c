// The report of a run: printed for people, JSON for programs, Markdown blocks for the pages.

import { markdownTable } from 'markdown-table';
import { chartsOf, picture } from './charts.mjs';
import { headlineNote } from './headline.mjs';
import { ask, summarize } from './results.mjs';
import { tablesOf } from './tables.mjs';
import { timerBounds } from './timer-bounds.mjs';
import { workItemBounds } from './work-item-bounds.mjs';

const SIGNIFICANT = 5;

/** No more digits than were measured. */
const rounded = (_key, value) => (typeof value === 'number' ? Number(value.toPrecision(SIGNIFICANT)) : value);

/**
 * @param {object} run the machine and the options
 * @param {object[]} records one for each answer
 * @param {number} addonBytes
 */
export function report(run, records, addonBytes) {
  const results = summarize(records);
  return { ...run, addonBytes, bounds: boundsOf(results, addonBytes), results };
}

function boundsOf(results, addonBytes) {
  const questions = ask(results);
  return { timers: timerBounds(questions), workItems: workItemBounds(questions, addonBytes) };
}

function headOf({ date, host, wine, node, arch, processor, processors, rounds, quick }) {
  const lines = [
    `Measured on ${date}: ${host}, Node ${node} ${arch}, ${processors} × ${processor}; ${rounds} rounds${quick ? ', a quick run' : ''}.`,
  ];
  if (wine) lines.push("This is Wine on Linux, whose timer tick is finer than Windows'. Compare contenders, not absolute times.");
  return lines.join('\n');
}

/** The head and all tables as Markdown, by the names of their blocks. */
function textsOf(reported) {
  const { results, addonBytes } = reported;
  // Not the stored bounds: a run that was stored by older code gets today's names.
  const tables = Object.entries(tablesOf(ask(results), boundsOf(results, addonBytes)));
  const text = (each) => each.map((table) => markdownTable(table)).join('\n\n');
  return { run: headOf(reported), ...Object.fromEntries(tables.map(([name, each]) => [name, text(each)])) };
}

/** Prints the report; the bounds come last, because a terminal shows the end. */
export function print(reported) {
  const { run, ...tables } = textsOf(reported);
  console.log(run);
  for (const [name, text] of Object.entries(tables)) {
    if (text) console.log(`\n# ${name}\n\n${text}`);
  }
}

/** With each list of numbers on one line. */
export const toJson = (reported) =>
  JSON.stringify(reported, rounded, 1).replaceAll(/\[[\d\s,.e+-]+\]/g, (list) => list.replaceAll(/\s+/g, ''));

/** The charts of each block of docs/performance.md. */
const CHARTS = {
  'an interval': ['late-idle', 'late-busy', 'cpu'],
  'single timers': ['single-timers'],
  'round trip': ['round-trip'],
  growth: ['pending-timers'],
};

const NOTHING = 'Not measured in this run.';
const NOTHING_COMPARABLE = 'Not measured in this run, or not for the same time with all contenders.';
const NOTHING_IN = { 'an interval': NOTHING_COMPARABLE, 'all periods': NOTHING_COMPARABLE };

/**
 * The blocks of the pages, by page and name: tables, with a note above and the charts below them.
 * @returns {Record<'docs/performance.md' | 'bench/README.md', Record<string, string>>}
 */
export function blocksOf(reported) {
  const results = ask(reported.results);
  const charts = chartsOf(results);
  const notes = { 'an interval': headlineNote(results) };
  const picturesOf = (name) =>
    (CHARTS[name] ?? []).filter((each) => charts[each]).map((each) => picture(each, charts[each], '../bench/charts'));
  const blocks = Object.entries(textsOf(reported)).map(([name, text]) => [
    name,
    [...(notes[name] ? [notes[name]] : []), text || (NOTHING_IN[name] ?? NOTHING), ...picturesOf(name)].join('\n\n'),
  ]);
  const isBound = ([name]) => name.startsWith('bounds');
  return {
    'docs/performance.md': Object.fromEntries(blocks.filter((block) => !isBound(block))),
    'bench/README.md': Object.fromEntries(blocks.filter((block) => isBound(block) || block[0] === 'run')),
  };
}
