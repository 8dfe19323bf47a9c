// The table of a run: for a terminal, and as Markdown for a CI job's summary.

import Table from 'cli-table3';
import { markdownTable } from 'markdown-table';
import { linesOf } from './answers.mjs';

/** @typedef {import('./report.mjs').Report} Report */

// The second column fits the longest path.
const WIDTHS = [30, 35, 54, 54];

export const machineText = ({ host, node, arch, processor, processors }) => `${host}, Node ${node} ${arch}, ${processors} × ${processor}`;

/** The head, and the cells of each row as lists of lines. */
function cellsOf({ rows }, control) {
  const controls = new Map(control.rows.map((row) => [row.id, row]));
  const head = ['Question', 'What relies on it', 'Answer', `Answer of ${control.machine.host}`];
  const controlOf = ({ id }) => (controls.has(id) ? linesOf(controls.get(id)) : ['none yet']);
  return { head, body: rows.map((row) => [[row.question], row.relies, linesOf(row), controlOf(row)]) };
}

/** @param {Report} report @param {Report} control */
export function toTerminal(report, control) {
  const { head, body } = cellsOf(report, control);
  // Paths have no spaces at which to break lines.
  const table = new Table({ head, colWidths: WIDTHS, wordWrap: true, wrapOnWordBoundary: true, style: { head: [], border: [] } });
  table.push(...body.map((row) => row.map((lines) => lines.join('\n'))));
  return `${report.date}: ${machineText(report.machine)}\n${table}`;
}

/** Escapes text for a Markdown table cell. */
const escaped = (text) => text.replaceAll(/[\\`*_<>[\]|]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');

/** Joins lines into the text of one cell. */
export const asMarkdown = (lines) => lines.map(escaped).join('<br>');

/** @param {Report} report @param {Report} control */
export function toMarkdown(report, control) {
  const { head, body } = cellsOf(report, control);
  const files = (relies) => relies.map((file) => `\`${file}\``).join('<br>');
  const rows = body.map(([question, relies, answer, other]) => [
    asMarkdown(question),
    files(relies),
    asMarkdown(answer),
    asMarkdown(other),
  ]);
  return `${report.date}: ${escaped(machineText(report.machine))}\n\n${markdownTable([head, ...rows], { padding: true, alignDelimiters: false })}\n`;
}
