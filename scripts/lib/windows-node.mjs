// The Windows node.exe that scripts and tests run in. It comes from a pinned npm package with the official binary.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StepError, step } from './log.mjs';
import { npm } from './packages.mjs';
import { alignToPages } from './page-align.mjs';
import { once } from './parallel.mjs';
import { cache, pins, withLock, withTemporaryFolder } from './paths.mjs';
import { run } from './run.mjs';

const { default: preferred, builds } = pins.windowsNode;

/** Fills in the defaults: on Windows the Node that runs this script, elsewhere the default of pins.json. */
export function resolveTarget({ node, arch } = {}) {
  const own = process.platform === 'win32';
  const wanted = {
    arch: arch ?? (own ? process.arch : preferred.arch),
    node: node ?? (own ? process.versions.node.split('.')[0] : arch === 'ia32' ? '22' : preferred.node),
  };
  const name = `${wanted.node}-${wanted.arch}`;
  const running = own && name === `${process.versions.node.split('.')[0]}-${process.arch}`;
  if (!running && !builds[name]) {
    throw new StepError(`There is no pinned Windows Node "${name}".`, `choose one of ${Object.keys(builds).join(', ')}`);
  }
  return { ...wanted, name, running };
}

function verify(file, expected, name) {
  const actual = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (actual === expected) return;
  throw new StepError(
    `${name} does not have the pinned hash.\n  expected ${expected}\n  got      ${actual}`,
    'do not use this download; find out why it changed before you change scripts/pins.json',
  );
}

/** Downloads and verifies a package's node.exe, unless it is there. */
async function fetchNode({ package: name, integrity }, folder) {
  const exe = join(folder, 'node.exe');
  if (!existsSync(exe)) {
    await step(`Fetch the Windows Node ${name}`, () =>
      // In the cache folder, so that the file can be renamed into place.
      withTemporaryFolder(async (temporary) => {
        await npm(['pack', name, '--silent', '--pack-destination', temporary], temporary);
        const [tarball] = readdirSync(temporary);
        verify(join(temporary, tarball), integrity, name);
        // Relative names, because tar would take the drive letter of a Windows path for a host name.
        await run('tar', ['-xzf', tarball, 'package/bin/node.exe'], { cwd: temporary });
        mkdirSync(folder, { recursive: true });
        renameSync(join(temporary, 'package/bin/node.exe'), exe);
      }, cache),
    );
  }
  return exe;
}

/** Writes the copy of node.exe that starts faster in Wine. */
function writeAligned(exe, aligned) {
  mkdirSync(dirname(aligned), { recursive: true });
  writeFileSync(`${aligned}.part`, alignToPages(readFileSync(exe)));
  renameSync(`${aligned}.part`, aligned);
}

/**
 * Returns the path of node.exe for a target, and downloads and verifies it on first use.
 * @param {ReturnType<typeof resolveTarget>} target
 */
export const ensureWindowsNode = once(async (target) => {
  if (target.running) return process.execPath;
  const build = builds[target.name];
  const folder = join(cache, build.package.replace('@', '-'));
  const aligned = join(folder, 'page-aligned/node.exe');
  const exe = process.platform === 'win32' ? join(folder, 'node.exe') : aligned;
  if (existsSync(exe)) return exe;
  await withLock(basename(folder), async () => {
    const fetched = await fetchNode(build, folder);
    if (exe === aligned && !existsSync(aligned)) writeAligned(fetched, aligned);
  });
  return exe;
});
