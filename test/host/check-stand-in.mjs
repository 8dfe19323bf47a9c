// node check-stand-in.mjs <x64|ia32> [repetitions]: builds the stand-in's own check and runs it against the stand-in.

import { join } from 'node:path';
import { buildStandIn } from '../../scripts/lib/build.mjs';
import { runMain } from '../../scripts/lib/log.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { forWindows, reportEnd, runInWindows } from '../../scripts/lib/windows.mjs';

await runMain(async () => {
  const [arch, repetitions = '1'] = process.argv.slice(2);
  const program = await buildStandIn(arch, 'check', 'stand_in_check.exe');
  const args = [...[join(root, 'build/test/fixtures/program.js'), program].map(forWindows), repetitions];
  return reportEnd(await runInWindows({ arch, dll: 'stand-in', args }));
});
