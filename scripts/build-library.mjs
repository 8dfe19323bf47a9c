// npm run build:library: dist/ alone, which any system can build.

import { buildLibrary } from './lib/build.mjs';
import { runMain } from './lib/log.mjs';

await runMain(buildLibrary);
