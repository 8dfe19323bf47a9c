// The report as a page: one file, without scripts or external resources.

import { figure, machineLines, situationsOf } from '../words.js';
import { histogramChart } from './charts.js';
import { STYLE } from './style.js';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (character) => ESCAPES[character]);

const SIGNS = { problem: '✗', advice: '!', good: '✓', note: '·' };
const KINDS = { problem: 'Problem', advice: 'Advice', good: 'Good', note: 'Note' };

const findingHtml = ({ id, severity, title, text, code }) => `
<article class="finding ${severity}" id="${escapeHtml(id)}">
  <h3><span class="sign" title="${KINDS[severity]}">${SIGNS[severity]}</span> ${escapeHtml(title)}</h3>
  <p>${escapeHtml(text)}</p>${code ? `\n  <pre><code>${escapeHtml(code)}</code></pre>` : ''}
</article>`;

const factHtml = ([label, text]) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(text)}</td></tr>`;

const COLUMNS = ['p50', 'p90', 'p99', 'max', 'drift', 'CPU'];

function rowHtml({ contender, lateness, driftMsPerSecond, cpuUsPerTick, ticks, error }) {
  const name = `<th scope="row">${escapeHtml(contender)}</th>`;
  if (error !== undefined) return `<tr>${name}<td class="error" colspan="${COLUMNS.length + 1}">${escapeHtml(error)}</td></tr>`;
  const { p50, p90, p99, max } = lateness;
  const figures = [ticks, ...[p50, p90, p99, max, driftMsPerSecond].map(figure), Math.round(cpuUsPerTick)];
  return `<tr>${name}${figures.map((each) => `<td>${escapeHtml(each)}</td>`).join('')}</tr>`;
}

const chartHtml = (cells) => `
  <figure>${histogramChart(cells)}<figcaption>Number of calls by lateness, on a logarithmic scale. Early calls are at the left
  end.</figcaption></figure>`;

const situationHtml = ({ name, cells }) => `
<section class="situation">
  <h3>${escapeHtml(name)}</h3>
  <table class="figures">
    <thead><tr><th></th><th>calls</th>${COLUMNS.map((column) => `<th>${column}</th>`).join('')}</tr></thead>
    <tbody>
${cells.map(rowHtml).join('\n')}
    </tbody>
  </table>${cells.some(({ late }) => late) ? chartHtml(cells) : ''}
</section>`;

/**
 * @param {import('../findings/findings.js').Report} report
 * @param {import('../findings/findings.js').Finding[]} findings
 */
export function toPage(report, findings) {
  const { date, doctor, quick } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>rtworkq-doctor, ${escapeHtml(date)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Why timers are late on this machine</h1>
<p>rtworkq-doctor ${escapeHtml(doctor)}, ${escapeHtml(date.slice(0, 16).replace('T', ' '))} UTC${quick ? ', --quick' : ''}</p>
</header>
<main>
<section>
<h2>Findings</h2>${findings.map(findingHtml).join('')}
</section>
<section>
<h2>This machine</h2>
<table class="facts">
${machineLines(report).map(factHtml).join('\n')}
</table>
</section>
<section>
<h2>How late the timers were</h2>
<p>Each kind of timer ran alone, in its own process, with a period of 10 ms. Lateness is in milliseconds, drift in
milliseconds per second, CPU in microseconds per call, which Windows counts only coarsely. With fewer than 100 calls, the
p99 is the maximum.</p>${situationsOf(report).map(situationHtml).join('')}
</section>
</main>
</body>
</html>
`;
}
