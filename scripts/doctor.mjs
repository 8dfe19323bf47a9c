// npm run doctor -- [the doctor's options]: runs doctor/main.js in the Windows Node, with this repository's package.

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
  // The doctor is inside the repository, so it finds the package by itself.
  return reportEnd(await runInWindows({ args, env: { RTWORKQ_INSIDE: '1' } }));
});
