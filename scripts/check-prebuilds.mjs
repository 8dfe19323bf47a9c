// node scripts/check-prebuilds.mjs [--tag v1.2.3] [--cross-builds]: fails unless prebuilds/ can be published. Each addon must
// exist and be built as SECURITY.md says, there must be no other addon, and the tag must match the version of both packages.
// --cross-builds also accepts addons that mingw-w64 built, which are never published.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { runMain, StepError, say } from './lib/log.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { root } from './lib/paths.mjs';
import { checkPrebuild, PREBUILDS, prebuildsFolder } from './lib/prebuilds.mjs';

const USAGE = 'node scripts/check-prebuilds.mjs [--tag v1.2.3] [--cross-builds]';
const OPTIONS = { tag: { type: 'string' }, 'cross-builds': { type: 'boolean', default: false } };

await runMain(async () => {
  const { values } = parseOrExplain({ options: OPTIONS }, USAGE);
  // pe-library, which reads the addons, is one of them.
  await ensurePackages();
  for (const arch of Object.keys(PREBUILDS)) say(await checkPrebuild(arch, { crossBuild: values['cross-builds'] }));

  const expected = Object.values(PREBUILDS).map(({ file }) => file);
  const unexpected = readdirSync(prebuildsFolder, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.node') && !expected.includes(name));
  if (unexpected.length > 0) throw new StepError(`These would be published too: ${unexpected.join(', ')}`, 'delete them from prebuilds/');

  for (const file of ['package.json', 'doctor/package.json']) {
    const { version } = JSON.parse(readFileSync(join(root, file), 'utf8'));
    if (values.tag !== undefined && values.tag !== `v${version}`) {
      throw new StepError(
        `The tag is ${values.tag}, but ${file} has version ${version}.`,
        `tag the commit v${version}, or change the version`,
      );
    }
  }
});
