// Downloads Debian packages without root, from the mirror in the machine's own sources, in two ways. First it tries the exact
// files in scripts/pins.json, by path and SHA-256, which needs no package index. If the mirror no longer has them, because the
// suite has moved on, or the download fails, a separate apt uses the suite's index, which Debian signs. Either way, all bytes are
// verified.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { say, Unavailable } from './log.mjs';
import { inParallel, once, PATIENCE, retry } from './parallel.mjs';
import { withTemporaryFolder } from './paths.mjs';
import { run, tryOutput } from './run.mjs';

const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.pgp', '/usr/share/keyrings/debian-archive-keyring.gpg'];
const APT_HELPER = '/usr/lib/apt/apt-helper';

// A download that grows by less than `least` bytes within `within` milliseconds is ended and retried.
const PACE = { least: 64 * 1024, within: 20_000 };
// We retry ourselves, so apt must not.
const HELPER_OPTIONS = ['-o', 'APT::Sandbox::User=root', '-o', 'Acquire::Retries=0'];

const help = "check that apt reaches the machine's Debian mirror, then run the command again";

/** The mirror does not have the file, so it is useless to retry. */
class Gone extends Unavailable {}

/** `{ mirror, keyring }` of this machine. Throws unless it is a Debian with apt. */
const detectDebian = once(async () => {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(release)?.[1];
  const keyring = KEYRINGS.find((file) => existsSync(file));
  // The URIs that apt would fetch. It prints them even if it has never fetched an index.
  const uris = (await tryOutput('apt-get', ['update', '--print-uris'])) ?? '';
  const mirror = new RegExp(`^'(\\S+/debian)/*/dists/${codename}/InRelease'`, 'm').exec(uris)?.[1];
  if (!/^ID=debian$/m.test(release) || !keyring || !mirror) {
    throw new Unavailable('This machine is not a Debian with apt, so its packages cannot be fetched from here.');
  }
  return { mirror, keyring };
});

const sizeOfFile = (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
// Files may vanish while they are counted, because apt renames them.
const sizeOfFolder = (folder) => readdirSync(folder, { recursive: true }).reduce((sum, name) => sum + sizeOfFile(join(folder, name)), 0);

/** Downloads one file with apt's helper, which handles proxies and https. The file gets its name once its hash is verified. */
async function fetchPinned(url, sha256, file, { patience, pace }) {
  if (existsSync(file)) return;
  // In a temporary folder, because a download that a killed run left behind may still be writing.
  await withTemporaryFolder(async (folder) => {
    const part = join(folder, basename(file));
    const attempt = async () => {
      const { code, output } = await run(APT_HELPER, [...HELPER_OPTIONS, 'download-file', url, part], {
        allowFailure: true,
        pace: { ...pace, progress: () => sizeOfFile(part) },
      });
      if (/\b404\b/.test(output)) throw new Gone(`${url} does not exist.`, help);
      if (code !== 0) throw new Unavailable(`${url} could not be downloaded: ${output.trim().split('\n').at(-1)}`, help);
      if (createHash('sha256').update(readFileSync(part)).digest('hex') !== sha256) {
        rmSync(part);
        throw new Unavailable(`${url} does not have the SHA-256 of scripts/pins.json.`, help);
      }
      renameSync(part, file);
    };
    await retry(attempt, patience, (error) => error instanceof Gone);
  }, dirname(file));
}

const urlOf = (mirror, path) => `${mirror.replace(/\/$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;

async function fetchAllPinned({ pinned, folder }, { mirror, ...options }) {
  const files = Object.entries(pinned).map(([path, sha256]) => [urlOf(mirror, path), sha256, join(folder, basename(path))]);
  await inParallel(files.map((file) => () => fetchPinned(...file, options)));
  return files.map(([, , file]) => file);
}

/** Configures an apt that does not touch the machine's own. Returns its environment. */
async function configureApt(state, { suite, architecture }, { mirror, keyring }) {
  for (const folder of ['etc/apt.conf.d', 'etc/preferences.d', 'etc/sources.list.d', 'state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(state, folder), { recursive: true });
  }
  writeFileSync(join(state, 'status'), '');
  writeFileSync(
    join(state, 'etc/sources.list.d/debian.sources'),
    `Types: deb\nURIs: ${mirror}\nSuites: ${suite}\nComponents: main\nArchitectures: ${architecture}\nSigned-By: ${keyring}\n`,
  );
  // If the machine's apt uses a proxy, this one uses it too.
  const proxy = ((await tryOutput('apt-config', ['dump', 'Acquire'])) ?? '').split('\n').filter((line) => /Proxy/.test(line));
  const config = join(state, 'apt.conf');
  const lines = [
    `Dir "${state}";`,
    `Dir::State "${state}/state";`,
    `Dir::State::status "${state}/status";`,
    `Dir::Cache "${state}/cache";`,
    `Dir::Etc "${state}/etc";`,
    'APT::Architecture "amd64";',
    `APT::Architectures { ${[...new Set(['amd64', architecture])].map((name) => `"${name}";`).join(' ')} };`,
    'APT::Sandbox::User "root";',
    'APT::Update::Error-Mode "any";',
    'Acquire::Languages "none";',
    'Acquire::Retries "0";',
    ...proxy,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  return { ...process.env, APT_CONFIG: config, DEBIAN_FRONTEND: 'noninteractive' };
}

/** Downloads packages of one architecture by name, with the suite's index, without their dependencies. */
function fetchByIndex({ suite, architecture, requests, folder }, { mirror, keyring, patience, pace }) {
  return withTemporaryFolder(async (state) => {
    const env = await configureApt(state, { suite, architecture }, { mirror, keyring });
    const archives = join(state, 'archives');
    mkdirSync(archives);
    const apt = (...args) =>
      retry(
        () =>
          run('apt-get', args, {
            cwd: archives,
            env,
            help,
            Failure: Unavailable,
            pace: { ...pace, progress: () => sizeOfFolder(state) },
          }),
        patience,
      );
    await apt('update');
    await apt('download', ...requests);
    return readdirSync(archives).map((name) => {
      renameSync(join(archives, name), join(folder, name));
      return join(folder, name);
    });
  }, folder);
}

/**
 * Downloads packages of one architecture into a folder. Pinned files from an interrupted run are reused.
 * @param {{ suite: string, architecture: string, pinned?: Record<string, string>, requests: string[], folder: string }} packages
 *   `pinned` maps paths on the mirror to SHA-256, if the packages are pinned; `requests` are the packages' names for apt
 * @param {{ mirror?: string, keyring?: string, patience?: typeof PATIENCE, pace?: typeof PACE }} [options] for tests:
 *   another mirror, shorter pauses and limits
 * @returns {Promise<string[]>} the files
 */
export async function fetchPackages(packages, options = {}) {
  const from = { ...(options.mirror ? {} : await detectDebian()), patience: PATIENCE, pace: PACE, ...options };
  mkdirSync(packages.folder, { recursive: true });
  if (!packages.pinned) return fetchByIndex(packages, from);
  try {
    return await fetchAllPinned(packages, from);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(`  ${error.message} Trying the index of ${packages.suite}.`);
    return await fetchByIndex(packages, from).catch((second) => {
      if (!(second instanceof Unavailable)) throw second;
      throw new Unavailable(`${error.message}\n${second.message}`, second.help);
    });
  }
}

/** Unpacks packages into a tree. */
export async function unpackPackages(files, tree) {
  mkdirSync(tree, { recursive: true });
  for (const file of files) await run('dpkg-deb', ['-x', file, tree]);
}
