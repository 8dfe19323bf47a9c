// The report for a terminal.

import { styleText } from 'node:util';
import Table from 'cli-table3';
import { EDGES, histogram } from '../statistics.js';
import { figure, machineLines, situationsOf } from '../words.js';

const WIDTH = 104;
const NAME_WIDTH = 28;
const BARS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const SIGNS = { problem: ['✗', 'red'], advice: ['!', 'yellow'], good: ['✓', 'green'], note: ['·', 'cyan'] };
const NO_BORDERS = Object.fromEntries(
  ['top', 'bottom', 'left', 'right']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat('mid', 'mid-mid', 'middle')
    .map((name) => [name, '']),
);

/** A histogram with one character per bin. A bin that is not empty always shows. */
export function sparkline(values) {
  const bins = histogram(values);
  const most = Math.max(...bins);
  return bins.map((count) => BARS[Math.ceil((count / most) * (BARS.length - 1))]).join('');
}

/** The scale below the histograms: a label at each decade. */
function scale() {
  const line = new Array(EDGES.length + 1).fill(' ');
  for (const [index, edge] of EDGES.entries()) {
    const decade = Math.log10(edge);
    if (Math.abs(decade - Math.round(decade)) > 1e-6) continue;
    const label = String(Number(edge.toPrecision(1)));
    // An edge is at the left of the bin that follows it.
    line.splice(index + 1, label.length, ...label);
  }
  return line.join('');
}

const plainTable = (options) =>
  new Table({ chars: NO_BORDERS, style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [] }, ...options });

/** Splits text into lines that fit, without leading or trailing spaces. */
function wrap(text, width) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (longer.length > width && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function findingLines({ severity, title, text, code }, paint) {
  const [sign, colour] = SIGNS[severity];
  const indent = (line) => `    ${line}`;
  const codeLines = code?.split('\n').map((line) => paint('cyan', line)) ?? [];
  return [`  ${paint(colour, sign)} ${paint('bold', title)}`, ...[...wrap(text, WIDTH - 4), ...codeLines].map(indent), ''];
}

function machineTable(report, paint) {
  const label = 22;
  return machineLines(report).flatMap(([name, text]) =>
    wrap(text, WIDTH - label - 4).map((line, index) => `  ${paint('dim', (index === 0 ? name : '').padEnd(label))}  ${line}`),
  );
}

function row({ contender, lateness, driftMsPerSecond, cpuUsPerTick, late, error }, paint) {
  if (error !== undefined)
    return [contender, { colSpan: 7, hAlign: 'left', content: paint('red', wrap(error, WIDTH - NAME_WIDTH - 4).join('\n')) }];
  const figures = [lateness.p50, lateness.p90, lateness.p99, lateness.max, driftMsPerSecond].map(figure);
  return [contender, ...figures, Math.round(cpuUsPerTick), paint('green', sparkline(late).trimEnd())];
}

function situationTable({ name, cells }, paint) {
  const table = plainTable({
    head: ['', 'p50', 'p90', 'p99', 'max', 'drift', 'CPU', 'distribution'].map((text) => paint('dim', text)),
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
    colWidths: [NAME_WIDTH, 8, 8, 8, 8, 8, 8],
  });
  for (const cell of cells) table.push(row(cell, paint));
  table.push(['', '', '', '', '', '', '', paint('dim', scale())]);
  const lines = table.toString().split('\n');
  return [paint('bold', name), ...lines].map((line) => `  ${line.trimEnd()}`);
}

const UNITS = 'Milliseconds late, with a period of 10 ms. Drift in ms per second. CPU in µs per call, which Windows counts only coarsely.';

/**
 * @param {import('../findings/findings.js').Report} report
 * @param {import('../findings/findings.js').Finding[]} findings
 * @param {{ colour: boolean }} options
 */
export function toTerminal(report, findings, { colour }) {
  const paint = (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text);
  const heading = (text) => ['', paint(['bold', 'underline'], text), ''];
  return [
    ...heading('This machine'),
    ...machineTable(report, paint),
    ...heading('How late the timers were'),
    ...wrap(UNITS, WIDTH - 4).map((line) => `  ${paint('dim', line)}`),
    ...situationsOf(report).flatMap((situation) => ['', ...situationTable(situation, paint)]),
    ...heading('Findings'),
    ...findings.flatMap((finding) => findingLines(finding, paint)),
  ].join('\n');
}
