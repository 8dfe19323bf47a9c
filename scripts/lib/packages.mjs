// node_modules: the repository's own, and on Linux a second one with the Windows half of jest's optional packages.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { step, Unavailable } from './log.mjs';
import { once, PATIENCE, retry } from './parallel.mjs';
import { cache, cloneName, root, sha256, stamped, withLock } from './paths.mjs';
import { run } from './run.mjs';

const lockHash = (folder = root) => sha256(readFileSync(join(folder, 'package-lock.json')));
const help = 'check that npm reaches its registry, then run the command again';

/** Runs npm, and again where it fails; a connection that says nothing for a minute has failed. */
export const npm = (args, cwd) =>
  retry(() => run('npm', [...args, '--no-audit', '--no-fund', '--fetch-timeout=60000'], { cwd, help, Failure: Unavailable }), PATIENCE);

/** What tells whether the packages of a folder are installed, and for which machine. */
const stampOf = (folder, { os, cpu }) => stamped(join(folder, 'node_modules/.rtworkq-lock'), `${lockHash(folder)} ${os}-${cpu}`);

/** Says that a folder has its packages, for a machine. Not into a file that another folder may share by a hard link. */
export function markInstalled(folder, machine) {
  rmSync(join(folder, 'node_modules/.rtworkq-lock'), { force: true });
  stampOf(folder, machine).mark();
}

/** Installs the packages of a folder's package-lock.json into it, for this machine or another, when they are not there already. */
async function install(folder, label, other) {
  const machine = other ?? { os: process.platform, cpu: process.arch };
  if (stampOf(folder, machine).fresh) return;
  await withLock(`packages-${cloneName}`, async () => {
    if (stampOf(folder, machine).fresh) return;
    await step(label, () => npm(['ci', ...(other ? [`--os=${other.os}`, `--cpu=${other.cpu}`] : [])], folder));
    markInstalled(folder, machine);
  });
}

/** The repository's own. */
export const ensurePackages = once(() => install(root, 'Install npm packages'));

/** What the benchmark compares with and draws with; nothing else needs it. */
export const ensureBenchPackages = once(() => install(join(root, 'bench'), 'Install the npm packages of the benchmark'));

/** The bundlers and installers that the package is tried with. */
export const ensureEcosystemPackages = once(() => install(join(root, 'test/ecosystem'), 'Install the npm packages of the ecosystem test'));

/** The registry that releases and installers are tried with. */
export const ensureRegistryPackages = once(() => install(join(root, 'test/registry'), 'Install the npm packages of the local registry'));

/** What the doctor asks Windows and draws with. All of it but koffi runs everywhere, and koffi is asked in the Windows Node only. */
export const ensureDoctorPackages = once((arch) =>
  install(join(root, 'doctor'), 'Install the npm packages of the doctor', { os: 'win32', cpu: arch }),
);

/**
 * The node_modules folder whose jest runs in the Windows Node: jest resolves modules with a native package, so it
 * has to be installed for Windows.
 * @param {string} arch
 */
export const windowsPackages = once(async (arch) => {
  if (process.platform === 'win32') return join(root, 'node_modules');
  const folder = join(cache, `packages-win32-${arch}-${lockHash().slice(0, 16)}`);
  const done = join(folder, '.complete');
  if (!existsSync(done)) {
    await withLock(basename(folder), async () => {
      if (existsSync(done)) return;
      mkdirSync(folder, { recursive: true });
      for (const file of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(root, file), join(folder, file));
      await step(`Install npm packages for Windows ${arch}`, () => npm(['ci', '--os=win32', `--cpu=${arch}`], folder));
      copyFileSync(join(folder, 'package.json'), done);
    });
  }
  return join(folder, 'node_modules');
});
