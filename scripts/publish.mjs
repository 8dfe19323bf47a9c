// node scripts/publish.mjs [--artifacts FOLDER] [--tag v1.2.3] [--provenance] [--cross-builds] [--yes]
// node scripts/publish.mjs --placeholder [--yes]
//
// Publishes each of the two packages if the registry does not have its version yet. Without --yes it only shows what it would
// publish. CI runs it for a release (release.yml). With --placeholder, a person creates the packages: see CONTRIBUTING.md,
// "Releases".

import { join, resolve } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { buildLibrary } from './lib/build.mjs';
import { runMain, StepError, say, step } from './lib/log.mjs';
import { root, withTemporaryFolder } from './lib/paths.mjs';
import { lookUp, packAll, packPlaceholders, publish, replacePrebuilds, requirePublishable, trustSteps } from './lib/release.mjs';
import { run, tryOutput } from './lib/run.mjs';

const USAGE =
  'node scripts/publish.mjs [--artifacts FOLDER] [--tag v1.2.3] [--provenance] [--cross-builds] [--yes]\n' +
  'node scripts/publish.mjs --placeholder [--yes]\n\n' +
  "  --artifacts    the folder with CI's artifacts, which replace prebuilds/\n" +
  '  --tag          must match the version of both packages\n' +
  '  --provenance   publishes a signed statement of where they were built; in CI only\n' +
  '  --cross-builds accepts addons that mingw-w64 built; only for a local registry\n' +
  '  --placeholder  creates the packages that do not exist yet, with an empty version 0.0.0\n' +
  '  --yes          publishes; without it nothing leaves this machine';
const OPTIONS = {
  artifacts: { type: 'string' },
  tag: { type: 'string' },
  provenance: { type: 'boolean', default: false },
  'cross-builds': { type: 'boolean', default: false },
  placeholder: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
};

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const DESCRIPTIONS = {
  'no package': 'the registry has no such package',
  'new version': 'to be published',
  published: 'published already, with the same contents',
  'other contents': 'published already, with OTHER contents',
};

function describe({ packed, state }, registry) {
  const { name, version, tag, size, files, integrity } = packed;
  say(`\n${name}@${version}: ${DESCRIPTIONS[state]}`);
  say(`  dist-tag ${tag}, ${kilobytes(size)}, ${files.length} files, ${registry}`);
  say(`  ${integrity}`);
  for (const file of files) say(`    ${file.path} (${kilobytes(file.size)})`);
}

/** The registry that npm publishes to. */
async function registryOf({ 'cross-builds': crossBuilds }) {
  const registry = await tryOutput('npm', ['config', 'get', 'registry'], { cwd: root });
  if (crossBuilds && !['127.0.0.1', 'localhost', '[::1]'].includes(new URL(registry).hostname)) {
    throw new StepError(`--cross-builds would publish to ${registry}.`, 'leave it out, or set npm_config_registry to a local registry');
  }
  return registry;
}

/** Checks, builds and packs both packages. */
async function prepareVersion({ artifacts, tag, 'cross-builds': crossBuilds }, folder) {
  if (artifacts !== undefined) replacePrebuilds(resolve(artifacts));
  const options = [...(tag === undefined ? [] : ['--tag', tag]), ...(crossBuilds ? ['--cross-builds'] : [])];
  await step('Check the prebuilds', () => run(process.execPath, [join(root, 'scripts/check-prebuilds.mjs'), ...options]));
  await buildLibrary();
  return step('Pack both packages', () => packAll(folder));
}

const inState = (found, wanted) => found.filter(({ state }) => state === wanted).map(({ packed }) => packed);

await runMain(async () => {
  const { values } = parseOrExplain({ options: OPTIONS }, USAGE);
  const { placeholder, provenance, yes } = values;
  const registry = await registryOf(values);
  await withTemporaryFolder(async (folder) => {
    const packed = placeholder ? await packPlaceholders(folder) : await prepareVersion(values, folder);
    const found = await step('Ask the registry', () =>
      Promise.all(packed.map(async (each) => ({ packed: each, ...(await lookUp(each)) }))),
    );
    for (const each of found) describe(each, registry);
    say('');
    // Only placeholders create packages, and they do nothing else.
    if (!placeholder) requirePublishable(found);
    const wanted = inState(found, placeholder ? 'no package' : 'new version');
    if (wanted.length === 0) return say('There is nothing left to publish.');
    const names = wanted.map(({ name, version }) => `${name}@${version}`).join(', ');
    if (!yes)
      return say(`This was a dry run. With --yes it publishes ${names}${provenance ? ' with provenance' : ', without provenance'}.`);
    for (const each of wanted) await step(`Publish ${each.name}@${each.version}`, () => publish(each, { provenance }));
    if (placeholder) say(`\nNow, as the same person (npm 11.10 or later):\n${trustSteps().join('\n')}`);
  });
});
