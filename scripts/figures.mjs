// node scripts/figures.mjs [FOLDER]: writes the Windows tables of README.md and docs/performance.md from the artifacts of a CI
// run. Without a folder, or until there is such a run, the pages say that Windows has not been measured.

import { existsSync } from 'node:fs';
import { parseOrExplain } from './lib/arguments.mjs';
import { runMain, StepError } from './lib/log.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { root } from './lib/paths.mjs';

const USAGE =
  'node scripts/figures.mjs [FOLDER]\n\n' +
  '  FOLDER  the artifacts `facts-*` and `measured-*` of one CI run: gh run download RUN --dir FOLDER --pattern "facts-*" --pattern "measured-*"';

await runMain(async () => {
  const [folder, ...others] = parseOrExplain({ allowPositionals: true }, USAGE).positionals;
  if (others.length > 0) throw new StepError('One folder.', USAGE);
  if (folder !== undefined && !existsSync(folder)) throw new StepError(`There is no folder ${folder}.`, USAGE);
  await ensurePackages();
  const { readArtifacts } = await import('./lib/figures/artifacts.mjs');
  const { writePages } = await import('./lib/figures/pages.mjs');
  writePages(root, folder === undefined ? undefined : readArtifacts(folder));
});
