// npm run demo: sets everything up, then runs examples/demo.js in the Windows Node.

import { join } from 'node:path';
import { runMain } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { forWindows, reportEnd, runInWindows } from './lib/windows.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

await runMain(async () => {
  await prepare(resolveTarget());
  return reportEnd(await runInWindows({ args: [forWindows(join(root, 'examples/demo.js'))] }));
});
