// node_modules: the repository's own, and on Linux a second one with the Windows half of jest's optional packages.

import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { step, Unavailable } from './log.mjs';
import { once, PATIENCE, retry } from './parallel.mjs';
import { cache, cloneName, root, sha256, stamped, withLock } from './paths.mjs';
import { run } from './run.mjs';

const lockHash = () => sha256(readFileSync(join(root, 'package-lock.json')));
const help = 'check that npm reaches its registry, then run the command again';

/** Runs npm, and again where it fails; a connection that says nothing for a minute has failed. */
export const npm = (args, cwd) =>
  retry(() => run('npm', [...args, '--no-audit', '--no-fund', '--fetch-timeout=60000'], { cwd, help, Failure: Unavailable }), PATIENCE);

/** Installs the packages of package-lock.json into the repository, when they are not there already. */
export const ensurePackages = once(async () => {
  const folder = join(root, 'node_modules');
  const stamp = () => stamped(join(folder, '.rtworkq-lock'), `${lockHash()} ${process.platform}-${process.arch}`);
  if (stamp().fresh) return;
  await withLock(`packages-${cloneName}`, async () => {
    if (stamp().fresh) return;
    await step('Install npm packages', () => npm(['ci'], root));
    stamp().mark();
  });
});

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
