// npm run doctor -- [options of the doctor]: doctor/main.js in the Windows Node, on this repository's package.

import { join } from 'node:path';
import { runMain } from './lib/log.mjs';
import { ensureDoctorPackages } from './lib/packages.mjs';
import { together } from './lib/parallel.mjs';
import { root } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { forWindows, reportEnd, runInWindows } from './lib/windows.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

await runMain(async () => {
  const target = resolveTarget();
  await together(prepare(target), ensureDoctorPackages(target.arch));
  const args = [forWindows(join(root, 'doctor/main.js')), ...process.argv.slice(2)];
  // The package is in the repository, where the doctor finds it.
  return reportEnd(await runInWindows({ args, env: { RTWORKQ_INSIDE: '1' } }));
});
