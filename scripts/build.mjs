// npm run build: builds dist/ and the addon for the default target.

import { ensureBuilt } from './lib/build.mjs';
import { runMain } from './lib/log.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

await runMain(async () => {
  await ensureBuilt(resolveTarget().arch);
});
