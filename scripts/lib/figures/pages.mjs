// Writes the generated blocks of README.md, docs/performance.md and bench/README.md.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { behindChart, chartsOf, picture } from '../../../bench/report/charts.mjs';
import { fillIn } from '../../../bench/report/page.mjs';
import { blocksOf } from '../../../bench/report/report.mjs';
import { ask } from '../../../bench/report/results.mjs';
import { frontTable, windowsTables } from './tables.mjs';

const FRONT_CHART = 'behind';
const RUNNERS = 'Other programs run on these shared machines too.';
const DUE =
  'Node schedules each call 10 ms after the previous one, so delays add up. rtworkq keeps to multiples of 10 ms from the start. ' +
  '*Late* is later than that plan.';

const datesOf = (reports) => [...new Set(reports.map(({ date }) => date.slice(0, 10)))].sort().join(', ');

/** The results that are in the repository. */
const measuredHere = (root) => JSON.parse(readFileSync(join(root, 'bench/results.json'), 'utf8'));

/** The front page's chart shows one machine: the first. */
const frontChart = ([first]) => behindChart(ask(first.results));

function frontBlock(reports, where) {
  const chart = frontChart(reports);
  return [frontTable(reports), ...(chart ? [picture(FRONT_CHART, chart, 'bench/charts')] : []), `${DUE} ${where}`].join('\n\n');
}

/** Without CI's artifacts: the repository's results, which were measured under Wine. */
function withoutArtifacts(bench) {
  const where = bench.wine
    ? `under ${bench.host} on Linux, which does not have Windows' 15.6 ms tick, so Node does better here than on Windows`
    : `on ${bench.host}`;
  return {
    front: frontBlock(
      [bench],
      `We don't have Windows numbers yet: these were measured ${where} (${bench.date}, Node ${bench.node}); ` +
        'run `npx rtworkq-doctor` to measure your machine.',
    ),
    windows:
      "We don't have Windows numbers yet. CI keeps the measurements of its Windows jobs as artifacts;\n" +
      '`node scripts/figures.mjs FOLDER` writes tables from them.',
  };
}

function fromArtifacts(artifacts) {
  const { bounds, idle, busy, doctor, facts } = windowsTables(artifacts);
  const quick = artifacts.bench.some((report) => report.quick) ? ', in short runs' : '';
  return {
    front: frontBlock(
      artifacts.bench,
      `Measured by CI on ${datesOf(artifacts.bench)}${quick}. ${RUNNERS} Run \`npx rtworkq-doctor\` to measure yours.`,
    ),
    windows: [
      `Measured by CI on ${datesOf(Object.values(artifacts).flat())}${quick}. ${RUNNERS}`,
      idle,
      busy,
      doctor,
      'The bounds of [bench/README.md](../bench/README.md#bounds):',
      bounds,
      "Windows' answers to `npm run facts`:",
      facts,
    ].join('\n\n'),
  };
}

/**
 * The charts of the pages, by name.
 * @param {string} root
 * @param {ReturnType<typeof import('./artifacts.mjs').readArtifacts>} [artifacts]
 */
export function pageCharts(root, artifacts) {
  const bench = measuredHere(root);
  const front = frontChart(artifacts?.bench ?? [bench]);
  return { ...(front && { [FRONT_CHART]: front }), ...chartsOf(ask(bench.results)) };
}

/**
 * Writes the blocks.
 * @param {string} root the repository, or a folder with the same pages
 * @param {ReturnType<typeof import('./artifacts.mjs').readArtifacts>} [artifacts]
 */
export function writePages(root, artifacts) {
  const bench = measuredHere(root);
  const { front, windows } = artifacts ? fromArtifacts(artifacts) : withoutArtifacts(bench);
  const blocks = blocksOf(bench);
  fillIn(join(root, 'README.md'), { 'how late': front });
  fillIn(join(root, 'docs/performance.md'), { ...blocks['docs/performance.md'], Windows: windows });
  fillIn(join(root, 'bench/README.md'), blocks['bench/README.md']);
}
