// npm run build:native -- [--arch x64|ia32|arm64]: builds only the addon.

import { parseOrExplain } from './lib/arguments.mjs';
import { buildAddon } from './lib/build.mjs';
import { runMain, say } from './lib/log.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

await runMain(async () => {
  const { values } = parseOrExplain({ options: { arch: { type: 'string' } } }, 'npm run build:native -- [--arch x64|ia32|arm64]');
  say(await buildAddon(values.arch ?? resolveTarget().arch));
});
