// npm run rehearse: runs the Windows jobs of .github/workflows/ci.yml in Wine. The Windows Node runs the scripts, lint, test/host
// and a few of the other tests. CONTRIBUTING.md lists what this does not cover.

import { parseOrExplain } from './lib/arguments.mjs';
import { runMain, StepError } from './lib/log.mjs';
import { rehearse } from './lib/rehearsal.mjs';
import { report } from './lib/results.mjs';

await runMain(async () => {
  parseOrExplain({ options: {} }, 'npm run rehearse');
  if (process.platform === 'win32') throw new StepError('There is nothing to rehearse on Windows.', 'run npm test');
  return report(await rehearse());
});
