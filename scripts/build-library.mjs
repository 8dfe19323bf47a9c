// npm run build:library: builds only dist/, on any system.

import { buildLibrary } from './lib/build.mjs';
import { runMain } from './lib/log.mjs';

await runMain(buildLibrary);
