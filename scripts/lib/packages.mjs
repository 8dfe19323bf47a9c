// Installs npm packages: the repository's own, and on Linux a second node_modules with jest's optional packages for Windows.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { step, Unavailable } from './log.mjs';
import { once, PATIENCE, retry } from './parallel.mjs';
import { cache, cloneName, root, sha256, stamped, withLock } from './paths.mjs';
import { run } from './run.mjs';

const lockHash = (folder = root) => sha256(readFileSync(join(folder, 'package-lock.json')));
const help = 'check that npm reaches its registry, then run the command again';

/** Runs npm, with retries. A connection that is silent for a minute has failed. */
export const npm = (args, cwd) =>
  retry(() => run('npm', [...args, '--no-audit', '--no-fund', '--fetch-timeout=60000'], { cwd, help, Failure: Unavailable }), PATIENCE);

/** The stamp that records whether a folder's packages are installed, and for which machine. */
const stampOf = (folder, { os, cpu }) => stamped(join(folder, 'node_modules/.rtworkq-lock'), `${lockHash(folder)} ${os}-${cpu}`);

/** Records that a folder's packages are installed for a machine. Replaces the file, because it may be another folder's hard link. */
export function markInstalled(folder, machine) {
  rmSync(join(folder, 'node_modules/.rtworkq-lock'), { force: true });
  stampOf(folder, machine).mark();
}

/** Installs a folder's npm packages, for this machine or another, unless they are installed already. */
async function install(folder, label, other) {
  const machine = other ?? { os: process.platform, cpu: process.arch };
  if (stampOf(folder, machine).fresh) return;
  await withLock(`packages-${cloneName}`, async () => {
    if (stampOf(folder, machine).fresh) return;
    await step(label, () => npm(['ci', ...(other ? [`--os=${other.os}`, `--cpu=${other.cpu}`] : [])], folder));
    markInstalled(folder, machine);
  });
}

/** Installs the repository's own packages. */
export const ensurePackages = once(() => install(root, 'Install npm packages'));

/** Installs the packages that only the benchmark needs, to compare with and to draw charts. */
export const ensureBenchPackages = once(() => install(join(root, 'bench'), "Install the benchmark's npm packages"));

/** Installs the bundlers, packers and installers that the package is tested with. */
export const ensureEcosystemPackages = once(() => install(join(root, 'test/ecosystem'), "Install the ecosystem test's npm packages"));

/** Installs the npm registry that the tests of releases and installers use. */
export const ensureRegistryPackages = once(() => install(join(root, 'test/registry'), "Install the local registry's npm packages"));

/** Installs the doctor's packages. All except koffi run everywhere, and the doctor uses koffi only in the Windows Node. */
export const ensureDoctorPackages = once((arch) =>
  install(join(root, 'doctor'), "Install the doctor's npm packages", { os: 'win32', cpu: arch }),
);

/**
 * Returns the node_modules folder with the jest for the Windows Node. jest resolves modules with a native package, so it must be
 * installed for Windows.
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
