// Debian's Wine in the cache folder, for machines without a new enough Wine. It is unpacked and patched to run from there, without
// root, chroot or mounts. 32-bit programs run in the 64-bit Wine, which only needs the 32-bit DLLs beside its own. These are
// downloaded when a 32-bit Node is needed.

import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { arch as machine } from 'node:os';
import { basename, join } from 'node:path';
import { fetchPackages, unpackPackages } from './debian.mjs';
import { step, Unavailable } from './log.mjs';
import { once } from './parallel.mjs';
import { cache, pins, sha256, withLock, withTemporaryFolder } from './paths.mjs';
import { run } from './run.mjs';

const { minimumMajor, debianSuite: suite, amd64, i386 } = pins.wine;

// Increase this when `relocate` changes, so that the tree is created again.
const RELOCATION = 2;

const tree = join(cache, `wine-${suite}-${sha256(JSON.stringify(amd64), String(RELOCATION)).slice(0, 8)}`);
const libraries = join(tree, 'usr/lib/x86_64-linux-gnu');
const dlls32 = join(libraries, 'wine/i386-windows');
const versionFile = join(tree, '.version');

/** `{ name, version, architecture }` from the name of a package's file. */
function describe(file) {
  const [name, version, architecture] = basename(file, '.deb').split('_');
  return { name, version, architecture };
}

const versionOfWine = (files) => files.map(describe).find(({ name }) => name === 'libwine').version;

/** The signature of Wine's own DLLs, and its place in the file. */
const SIGNATURE = { start: 64, bytes: Buffer.from('Wine builtin DLL'.padEnd(32, '\0')) };

/** Turns mingw's zlib into one of Wine's DLLs by writing their signature, as the package's own set-up does. */
function placeZlib(toolchain, folder) {
  const zlib = readFileSync(join(tree, 'usr', toolchain, 'lib/zlib1.dll'));
  SIGNATURE.bytes.copy(zlib, SIGNATURE.start);
  writeFileSync(join(folder, 'zlib1.dll'), zlib);
}

/** Patches the unpacked packages so that they run from the tree. */
async function relocate() {
  const programs = join(tree, 'usr/lib/wine');
  const unixHalf = join(libraries, 'wine/x86_64-unix');
  const linker = join(libraries, 'ld-linux-x86-64.so.2');
  const patchelf = (...args) => run(linker, ['--library-path', libraries, join(tree, 'usr/bin/patchelf'), ...args]);
  const rpath = ['--force-rpath', '--set-rpath', `${libraries}:${unixHalf}`];

  for (const program of ['wine64', 'wineserver64']) await patchelf('--set-interpreter', linker, ...rpath, join(programs, program));
  await patchelf(
    ...rpath,
    ...readdirSync(unixHalf)
      .filter((name) => name.endsWith('.so'))
      .map((name) => join(unixHalf, name)),
  );
  // Debian's wineserver is a script with a fixed path.
  copyFileSync(join(programs, 'wineserver64'), join(programs, 'wineserver'));
  // The server looks for the code pages one folder deeper.
  symlinkSync('.', join(tree, 'usr/share/wine/wine'));
  placeZlib('x86_64-w64-mingw32', join(libraries, 'wine/x86_64-windows'));
}

/** Runs `action` with downloaded packages, and removes them from the cache when it has succeeded. */
async function withPackages(architecture, pinned, requests, action) {
  const folder = join(cache, `debs-${architecture}`);
  try {
    await action(await fetchPackages({ suite, architecture, pinned, requests, folder }));
  } catch (error) {
    if (error instanceof Unavailable) error.help ??= `install Wine ${minimumMajor} or later, so that "wine --version" works`;
    throw error;
  }
  rmSync(folder, { recursive: true });
}

/** Returns the 64-bit Wine's loader. Downloads Wine on first use. */
export const cachedWine = once(async () => {
  const loader = join(tree, 'usr/lib/wine/wine64');
  const done = join(tree, '.complete');
  if (existsSync(done)) return loader;
  if (process.platform !== 'linux' || machine() !== 'x64') {
    throw new Unavailable(`There is no Wine ${minimumMajor} or later on this machine.`, 'install Wine, or run this on Windows');
  }
  await withLock('wine', async () => {
    if (existsSync(done)) return;
    const requests = Object.keys(amd64).map((path) => describe(path).name);
    await step(`Fetch Debian ${suite}'s Wine (115 MB)`, () =>
      withPackages('amd64', amd64, requests, async (files) => {
        rmSync(tree, { recursive: true, force: true });
        await unpackPackages(files, tree);
        await relocate();
        writeFileSync(versionFile, versionOfWine(files));
        writeFileSync(done, '');
      }),
    );
  });
  return loader;
});

/** Adds the 32-bit DLLs to the tree with a single rename, because programs may be running in it. */
export const addWine32 = once(async () => {
  const present = () => existsSync(join(dlls32, 'ntdll.dll'));
  await cachedWine();
  if (present()) return;
  await withLock('wine32', async () => {
    if (present()) return;
    // The same version as the 64-bit half.
    const version = readFileSync(versionFile, 'utf8');
    const pinned = versionOfWine(Object.keys(i386)) === version ? i386 : undefined;
    await step(`Fetch the 32-bit half of Debian ${suite}'s Wine (104 MB)`, () =>
      withPackages('i386', pinned, [`libwine:i386=${version}`], (files) =>
        withTemporaryFolder(async (folder) => {
          await unpackPackages(files, folder);
          const unpacked = join(folder, 'usr/lib/i386-linux-gnu/wine/i386-windows');
          placeZlib('i686-w64-mingw32', unpacked);
          renameSync(unpacked, dlls32);
        }, cache),
      ),
    );
  });
});
