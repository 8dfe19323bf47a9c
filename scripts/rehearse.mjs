// npm run rehearse: what the jobs of .github/workflows/ci.yml do on Windows, in Wine: the Windows Node runs the scripts, lint,
// test/host and a few of the other tests, as far as that can be done here. CONTRIBUTING says what cannot.

import { parseOrExplain } from './lib/arguments.mjs';
import { runMain, StepError } from './lib/log.mjs';
import { rehearse } from './lib/rehearsal.mjs';
import { report } from './lib/results.mjs';

await runMain(async () => {
  parseOrExplain({ options: {} }, 'npm run rehearse');
  if (process.platform === 'win32') throw new StepError('On Windows nothing has to be rehearsed.', 'run npm test');
  return report(await rehearse());
});
