// npm run demo: sets everything up, then runs examples/demo.js in the Windows Node against the real RTWorkQ.dll.

import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { runMain } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { forWindows, reportEnd, runInWindows } from './lib/windows.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

await runMain(async () => {
  await ensureBuilt(resolveTarget().arch);
  return reportEnd(await runInWindows({ args: [forWindows(join(root, 'examples/demo.js'))] }));
});
