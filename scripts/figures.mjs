// node scripts/figures.mjs [FOLDER]: writes all figures and charts of README.md, docs/performance.md and bench/README.md, from
// bench/results.json and the artifacts of a CI run. Without FOLDER, the pages say that we have no Windows numbers.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { runMain, StepError } from './lib/log.mjs';
import { ensureBenchPackages, ensurePackages } from './lib/packages.mjs';
import { together } from './lib/parallel.mjs';
import { root } from './lib/paths.mjs';

const USAGE =
  'node scripts/figures.mjs [FOLDER]\n\n' +
  '  FOLDER  the artifacts `facts-*` and `measured-*` of one CI run: gh run download RUN --dir FOLDER --pattern "facts-*" --pattern "measured-*"';

await runMain(async () => {
  const [folder, ...others] = parseOrExplain({ allowPositionals: true }, USAGE).positionals;
  if (others.length > 0) throw new StepError('Only one folder is allowed.', USAGE);
  if (folder !== undefined && !existsSync(folder)) throw new StepError(`There is no folder ${folder}.`, USAGE);
  await together(ensurePackages(), ensureBenchPackages());
  const { readArtifacts } = await import('./lib/figures/artifacts.mjs');
  const { pageCharts, writePages } = await import('./lib/figures/pages.mjs');
  const { drawCharts } = await import('../bench/report/draw.mjs');
  const artifacts = folder === undefined ? undefined : readArtifacts(folder);
  writePages(root, artifacts);
  drawCharts(pageCharts(root, artifacts), join(root, 'bench/charts'));
});
