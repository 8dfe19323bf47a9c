// Wine, on machines that are not Windows: the machine's own where it is new enough, otherwise Debian's, unpacked and
// relocated into the cache (no root, no chroot, no mount). Node 24 and later abort in Wine 8, hence the minimum.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackDebianPackages } from './debian.mjs';
import { StepError, step } from './log.mjs';
import { cache, pins, root, sha256, withLock } from './paths.mjs';
import { run, tryOutput } from './run.mjs';

const { minimumMajor, debianSuite } = pins.wine;

// What console programs need of Wine: the 64-bit half, the Windows half for 32-bit programs (they run in the 64-bit
// Wine), zlib for both, and the libraries that the Unix side links to.
const PACKAGES = [
  'wine64',
  'libwine',
  'libwine:i386',
  'libz-mingw-w64',
  'libc6',
  'libunwind8',
  'liblzma5',
  'libgcc-s1',
  'libstdc++6',
  'patchelf',
];

// Raise it when `relocate` changes: the tree is made anew then.
const RELOCATION = 1;

// The classes of MMCSS: Wine's registry has none.
const REGISTRY = join(root, 'scripts/windows/mmcss-classes.reg');

/** What marks one of Wine's own DLLs, and where in the file. */
const SIGNATURE = { start: 64, bytes: Buffer.from('Wine builtin DLL'.padEnd(32, '\0')) };

/** Without it Wine offers to install Mono and Gecko. */
export const DLL_OVERRIDES = 'mscoree,mshtml=';

/** Makes a tree of unpacked Debian packages runnable where it lies. */
async function relocate(tree) {
  const libraries = join(tree, 'usr/lib/x86_64-linux-gnu');
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

  // The 64-bit Wine looks for 32-bit DLLs beside its own, and its server for the code pages one folder deeper.
  const windows32 = join(libraries, 'wine/i386-windows');
  if (existsSync(windows32)) rmdirSync(windows32);
  symlinkSync('../../i386-linux-gnu/wine/i386-windows', windows32);
  symlinkSync('.', join(tree, 'usr/share/wine/wine'));

  // As the package's own set-up does: mingw's zlib becomes one of Wine's DLLs by carrying their signature.
  for (const [toolchain, folder] of [
    ['x86_64-w64-mingw32', join(libraries, 'wine/x86_64-windows')],
    ['i686-w64-mingw32', join(tree, 'usr/lib/i386-linux-gnu/wine/i386-windows')],
  ]) {
    const zlib = readFileSync(join(tree, 'usr', toolchain, 'lib/zlib1.dll'));
    SIGNATURE.bytes.copy(zlib, SIGNATURE.start);
    writeFileSync(join(folder, 'zlib1.dll'), zlib);
  }
}

/** The loader of the Wine in the cache, fetched on first use. */
async function cachedWine() {
  const tree = join(cache, `wine-${debianSuite}-${RELOCATION}`);
  const loader = join(tree, 'usr/lib/wine/wine64');
  const done = join(tree, '.complete');
  if (existsSync(done)) return loader;
  if (process.platform !== 'linux' || arch() !== 'x64') {
    throw new StepError(`There is no Wine ${minimumMajor} or later on this machine.`, 'install Wine, or run this on Windows');
  }
  await withLock('wine', async () => {
    if (existsSync(done)) return;
    rmSync(tree, { recursive: true, force: true });
    try {
      await step(`Fetch Wine of Debian ${debianSuite} (about 150 MB; 1.4 GB unpacked)`, () =>
        unpackDebianPackages({
          suite: debianSuite,
          architectures: ['amd64', 'i386'],
          packages: PACKAGES,
          state: join(cache, 'apt'),
          tree,
        }),
      );
    } catch (error) {
      error.help ??= `install Wine ${minimumMajor} or later, so that "wine --version" answers`;
      throw error;
    }
    await relocate(tree);
    writeFileSync(done, '');
  });
  return loader;
}

async function findWine() {
  const version = await tryOutput('wine', ['--version']);
  const major = Number(/^wine-(\d+)/.exec(version ?? '')?.[1] ?? 0);
  return major >= minimumMajor ? { loader: 'wine', version } : { loader: await cachedWine(), version: `${debianSuite}-${RELOCATION}` };
}

function wineEnvironment(prefix, debug) {
  // The host's Node and npm settings are not meant for the Windows Node.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|npm_)/i.test(name)));
  const runtime = process.env.XDG_RUNTIME_DIR || join(tmpdir(), `rtworkq-runtime-${process.getuid()}`);
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  return { ...env, WINEPREFIX: prefix, WINEDEBUG: debug, WINEDLLOVERRIDES: DLL_OVERRIDES, XDG_RUNTIME_DIR: runtime };
}

/**
 * Wine with a prefix of its own, ready to run programs.
 * @returns {Promise<{ loader: string, prefix: string, environment: (debug?: string) => NodeJS.ProcessEnv }>}
 */
export async function ensureWine() {
  const { loader, version } = await findWine();
  const prefix = join(cache, `prefix-${sha256(loader, version, readFileSync(REGISTRY)).slice(0, 12)}`);
  const environment = (debug = '-all') => wineEnvironment(prefix, debug);
  if (!existsSync(prefix)) {
    await withLock('prefix', async () => {
      if (existsSync(prefix)) return;
      const unfinished = `${prefix}-unfinished`;
      rmSync(unfinished, { recursive: true, force: true });
      await step('Prepare a Wine prefix', async () => {
        const env = wineEnvironment(unfinished, '-all');
        // Wine's long-lived helpers inherit the standard files: pipes would never close, so there are none.
        const runWine = (...args) => run('sh', ['-c', '"$0" "$@" </dev/null >/dev/null 2>&1', loader, ...args], { env });
        await runWine('wineboot', '-i');
        await runWine('regedit', '/S', toWindowsPath(REGISTRY));
        await waitForServer(loader, env);
      });
      renameSync(unfinished, prefix);
    });
  }
  return { loader, prefix, environment };
}

/** Waits until the prefix's registry is written and its processes are gone. */
async function waitForServer(loader, env) {
  const server = loader === 'wine' ? 'wineserver' : join(loader, '../wineserver');
  const { code } = await run(server, ['-w'], { env, allowFailure: true });
  // Debian keeps wineserver out of PATH; without it, ten seconds are what Wine takes to write its registry.
  if (code !== 0) await new Promise((done) => setTimeout(done, 10_000));
}

/** A path of this machine as Wine's programs see it. */
export const toWindowsPath = (path) => `Z:${path.replaceAll('/', '\\')}`;
