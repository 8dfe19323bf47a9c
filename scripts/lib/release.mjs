// A release: packs both packages, compares them with the registry, and publishes them.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { StepError } from './log.mjs';
import { PATIENCE, retry, together } from './parallel.mjs';
import { remove, root, withTemporaryFolder } from './paths.mjs';
import { PREBUILDS, prebuildsFolder } from './prebuilds.mjs';
import { run } from './run.mjs';

/** In the order in which they are published: the doctor depends on rtworkq. */
const PACKAGES = { rtworkq: root, 'rtworkq-doctor': join(root, 'doctor') };

const PLACEHOLDER = '0.0.0';

const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** How to create a package's first version, for messages. */
const FIRST_VERSION =
  'npm trusts a workflow only for a package that exists, so a person creates it once:\n' +
  '  node scripts/publish.mjs --placeholder\n' +
  'CONTRIBUTING.md, "The first version", has all steps.';

/**
 * Replaces the prebuilds in prebuilds/ with those of CI's artifacts.
 * @param {string} artifacts a folder with a folder for each architecture, such as win32-x64
 */
export function replacePrebuilds(artifacts) {
  if (artifacts === prebuildsFolder) return;
  const folders = Object.keys(PREBUILDS).map((arch) => `win32-${arch}`);
  const missing = folders.filter((name) => !existsSync(join(artifacts, name)));
  if (missing.length > 0) {
    throw new StepError(`${artifacts} has no ${missing.join(', ')}.`, "download a CI run's artifacts: gh run download --pattern 'win32-*'");
  }
  for (const name of readdirSync(prebuildsFolder).filter((each) => each !== 'README.md')) {
    remove(join(prebuildsFolder, name));
  }
  for (const name of folders) cpSync(join(artifacts, name), join(prebuildsFolder, name), { recursive: true });
}

/**
 * @typedef {object} Packed
 * @property {string} name
 * @property {string} version
 * @property {string} tag the dist-tag: `next` for a pre-release, such as 1.0.0-rc.1, so that it is not installed by default
 * @property {string} tarball
 * @property {string} integrity
 * @property {number} size in bytes
 * @property {{ path: string, size: number }[]} files
 */

/**
 * Packs the package in a folder.
 * @param {string} folder
 * @param {string} destination
 * @returns {Promise<Packed>}
 */
async function pack(folder, destination) {
  const { output } = await run('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', destination], { cwd: folder });
  // npm 12 prints an object by package names, earlier versions an array.
  const [{ name, version, filename, integrity, size, files }] = Object.values(JSON.parse(output));
  return { name, version, tag: version.includes('-') ? 'next' : 'latest', tarball: join(destination, filename), integrity, size, files };
}

/**
 * Packs both packages as they are.
 * @param {string} destination
 */
export const packAll = (destination) => together(...Object.values(PACKAGES).map((folder) => pack(folder, destination)));

/**
 * Packs an empty version of each package. It creates the package, and has no code that a program could use.
 * @param {string} destination
 */
export async function packPlaceholders(destination) {
  const folders = Object.entries(PACKAGES).map(([name, source]) => {
    const { description, license, author, repository, homepage, bugs } = readManifest(source);
    const folder = join(destination, name);
    const manifest = { name, version: PLACEHOLDER, description, license, author, repository, homepage, bugs };
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    writeFileSync(join(folder, 'README.md'), `# ${name}\n\nThis version is empty: it only creates the package. See ${homepage}\n`);
    return folder;
  });
  return together(...folders.map((folder) => pack(folder, destination)));
}

/** The result of `npm view`, or undefined if the registry does not have that. Retries other failures, then throws. */
async function view(what, field, patience) {
  return retry(async () => {
    const { code, output } = await run('npm', ['view', what, field, '--json', '--loglevel=silent', '--fetch-retries=0'], {
      allowFailure: true,
    });
    const answer = parse(output);
    if (code === 0) return answer;
    if (answer?.error?.code === 'E404') return undefined;
    const reason = answer?.error?.summary || answer?.error?.code || output.trim();
    throw new StepError(`npm cannot tell what the registry has of ${what}: ${reason}`, 'run this again when the registry answers');
  }, patience);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether two tarballs have the same files. Their compressed bytes may differ: they depend on the zlib of the Node that packed. */
const sameFiles = (one, other) => gunzipSync(readFileSync(one)).equals(gunzipSync(readFileSync(other)));

/** Compares a package with its published version. Returns the names of the files that differ. */
async function differences({ name, version, tarball }) {
  return withTemporaryFolder(async (folder) => {
    await run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder], { cwd: folder });
    const [published] = readdirSync(folder);
    if (sameFiles(join(folder, published), tarball)) return [];
    cpSync(tarball, join(folder, 'new.tgz'));
    const options = [`--diff=./${published}`, '--diff=./new.tgz', '--diff-name-only'];
    const { output } = await run('npm', ['diff', ...options], { cwd: folder, allowFailure: true });
    return output.trim().split(/\r?\n/);
  });
}

/**
 * Looks up a packed package in the registry.
 * @param {Packed} packed
 * @param {Parameters<typeof retry>[1]} [patience]
 * @returns {Promise<{ state: 'no package' | 'new version' | 'published' | 'other contents', different?: string[] }>}
 */
export async function lookUp(packed, patience = PATIENCE) {
  const { name, version, integrity } = packed;
  const versions = await view(name, 'versions', patience);
  if (versions === undefined) return { state: 'no package' };
  // npm prints a single version without a list.
  if (![versions].flat().includes(version)) return { state: 'new version' };
  if ((await view(`${name}@${version}`, 'dist.integrity', patience)) === integrity) return { state: 'published' };
  const different = await differences(packed);
  return different.length === 0 ? { state: 'published' } : { state: 'other contents', different };
}

/**
 * Throws if one of the packages cannot be published as it is now.
 * @param {{ packed: Packed, state: string, different?: string[] }[]} found
 */
export function requirePublishable(found) {
  const missing = found.filter(({ state }) => state === 'no package').map(({ packed }) => packed.name);
  if (missing.length > 0) throw new StepError(`The registry has no package ${missing.join(', ')}. Nothing was published.`, FIRST_VERSION);
  const other = found.find(({ state }) => state === 'other contents');
  if (!other) return;
  const { name, version } = other.packed;
  throw new StepError(
    `${name}@${version} is published already, with other contents. Nothing was published.\nThese files differ: ${other.different.join(', ')}`,
    'a published version cannot change. After a partial failure use GitHub\'s "Re-run failed jobs", which keeps the prebuilds; otherwise release a new version',
  );
}

/**
 * Publishes a packed package. npm may ask for a second factor.
 * @param {Packed} packed
 * @param {{ provenance: boolean }} options
 */
export function publish({ tarball, tag }, { provenance }) {
  const options = ['--access', 'public', '--tag', tag, ...(provenance ? ['--provenance'] : [])];
  return run('npm', ['publish', tarball, ...options], { cwd: dirname(tarball), show: true, interactive: true });
}

/** The commands to run by hand once the placeholders are published. */
export function trustSteps() {
  const { repository } = readManifest(root);
  const [, slug] = /github\.com\/(.+)\.git$/.exec(repository.url);
  return Object.keys(PACKAGES).flatMap((name) => [
    `npm trust github ${name} --file release.yml --repository ${slug} --environment npm --allow-publish`,
    `npm access set mfa=publish ${name}`,
    `npm deprecate ${name}@${PLACEHOLDER} "Empty. Install a later version."`,
  ]);
}
