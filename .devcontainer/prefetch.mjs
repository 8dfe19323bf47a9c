// Prepares in the image what `npm run demo` would otherwise prepare first: the Windows Node and a Wine prefix. Must run without
// npm packages.

import { runMain } from '../scripts/lib/log.mjs';
import { prepareWine } from '../scripts/lib/windows.mjs';
import { ensureWindowsNode, resolveTarget } from '../scripts/lib/windows-node.mjs';

await runMain(async () => {
  const target = resolveTarget();
  await ensureWindowsNode(target);
  await prepareWine({ arch: target.arch });
});
