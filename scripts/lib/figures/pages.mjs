// The places of README.md and docs/performance.md that scripts/figures.mjs writes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillIn } from '../../../bench/report/page.mjs';
import { intervalTable, windowsTables } from './tables.mjs';

const BY = 'node scripts/figures.mjs';

const datesOf = (reports) => [...new Set(reports.map(({ date }) => date.slice(0, 10)))].sort().join(', ');

/** Until CI has measured: the last benchmark, which says itself that it was made under Wine. */
function withoutArtifacts(root) {
  const bench = JSON.parse(readFileSync(join(root, 'bench/results.json'), 'utf8'));
  const where = bench.wine ? '**under Wine on Linux**, whose clock is much finer than that of Windows' : `on ${bench.host}`;
  return {
    interval: [intervalTable([bench]), `Measured on ${bench.date} ${where}.`, '**Windows has not been measured yet.**'],
    windows: [
      'Windows has not been measured yet. CI keeps what its Windows jobs measure as artifacts, and\n`node scripts/figures.mjs FOLDER` writes their tables.',
    ],
  };
}

function fromArtifacts(artifacts) {
  const { bounds, idle, busy, doctor, facts } = windowsTables(artifacts);
  const quick = artifacts.bench.some((report) => report.quick) ? ', in short runs' : '';
  const runners = 'Shared machines of CI, on which other programs run as well';
  return {
    interval: [intervalTable(artifacts.bench), `Measured on ${datesOf(artifacts.bench)} by CI${quick}. ${runners}.`],
    windows: [
      `Measured on ${datesOf(Object.values(artifacts).flat())} by CI${quick}. ${runners}.`,
      bounds,
      idle,
      busy,
      doctor,
      'What Windows answers to `npm run facts`:',
      facts,
    ],
  };
}

/**
 * Writes the places.
 * @param {string} root the folder of the pages
 * @param {ReturnType<typeof import('./artifacts.mjs').readArtifacts>} [artifacts]
 */
export function writePages(root, artifacts) {
  const { interval, windows } = artifacts ? fromArtifacts(artifacts) : withoutArtifacts(root);
  fillIn(join(root, 'README.md'), { 'an interval of 5 ms': interval.join('\n\n') }, BY);
  fillIn(join(root, 'docs/performance.md'), { Windows: windows.join('\n\n') }, BY);
}
