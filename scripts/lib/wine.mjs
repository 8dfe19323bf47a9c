// Wine, on machines that are not Windows: the machine's own where it is new enough, otherwise Debian's from the cache.
// Node 24 and later abort in Wine 8, hence the minimum. Programs run in prefixes of ours: one for 64-bit programs, one
// for 32-bit ones (a prefix has the DLLs that Wine had when it was made), and copies of these for whatever shall not
// share a Wine server or a System32.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { step, Unavailable } from './log.mjs';
import { once } from './parallel.mjs';
import { cache, pins, root, sha256, withLock } from './paths.mjs';
import { run, tryOutput } from './run.mjs';
import { addWine32, cachedWine } from './wine-tree.mjs';

// The classes of MMCSS: Wine's registry has none.
const REGISTRY = join(root, 'scripts/windows/mmcss-classes.reg');

/** Without it Wine offers to install Mono and Gecko. */
export const DLL_OVERRIDES = 'mscoree,mshtml=';

/** `{ loader, version }` of the Wine for programs of an architecture. */
const findWine = once(async (arch) => {
  const version = await tryOutput('wine', ['--version']);
  const major = Number(/^wine-(\d+)/.exec(version ?? '')?.[1] ?? 0);
  if (major >= pins.wine.minimumMajor) return { loader: 'wine', version };
  const loader = await cachedWine();
  if (arch === 'ia32') await addWine32();
  return { loader, version: basename(join(loader, '../../../..')) };
});

function wineEnvironment(prefix, debug) {
  // The host's Node and npm settings are not meant for the Windows Node.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|npm_)/i.test(name)));
  const runtime = process.env.XDG_RUNTIME_DIR || join(tmpdir(), `rtworkq-runtime-${process.getuid()}`);
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  return { ...env, WINEPREFIX: prefix, WINEDEBUG: debug, WINEDLLOVERRIDES: DLL_OVERRIDES, XDG_RUNTIME_DIR: runtime };
}

/** Makes a prefix under another name first: what has the name is whole. */
async function makePrefix(prefix, make) {
  if (existsSync(prefix)) return;
  await withLock(basename(prefix), async () => {
    if (existsSync(prefix)) return;
    const unfinished = `${prefix}-unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    await make(unfinished);
    renameSync(unfinished, prefix);
  });
}

async function initialize(prefix, loader, arch) {
  const env = wineEnvironment(prefix, '-all');
  // Wine's long-lived helpers inherit the standard files: pipes would never close, so there are none.
  const runWine = (...args) => run('sh', ['-c', '"$0" "$@" </dev/null >/dev/null 2>&1', loader, ...args], { env });
  await runWine('wineboot', '-i');
  await runWine('regedit', '/S', toWindowsPath(REGISTRY));
  await waitForServer(loader, env);
  if (arch === 'ia32' && !existsSync(join(prefix, 'drive_c/windows/syswow64/ntdll.dll'))) {
    throw new Unavailable(
      "This machine's Wine runs no 32-bit programs.",
      'install its 32-bit half (Debian calls it wine32:i386), and start a kernel whose 32-bit emulation is off with ia32_emulation=on',
    );
  }
}

const serverOf = (loader) => (loader === 'wine' ? 'wineserver' : join(loader, '../wineserver'));

/**
 * Starts the prefix's server, if it does not run, and keeps it for a minute after the last program. By itself it ends after
 * three seconds, and the next program then waits until it and Wine's services have started, which takes longer than most
 * programs. Where Debian keeps wineserver out of PATH nothing is lost but time.
 */
const keepServer = (loader, env) =>
  run('sh', ['-c', '"$0" -p60 </dev/null >/dev/null 2>&1', serverOf(loader)], { env, allowFailure: true });

/** Waits until the prefix's registry is written and its processes are gone. */
async function waitForServer(loader, env) {
  const { code } = await run(serverOf(loader), ['-w'], { env, allowFailure: true });
  // Debian keeps wineserver out of PATH; without it, ten seconds are what Wine takes to write its registry.
  if (code !== 0) await new Promise((done) => setTimeout(done, 10_000));
}

/** Hard links, so that a copy costs next to nothing: Wine replaces files, except for its registry. */
async function copyPrefix(from, to) {
  await run('cp', ['-al', from, to]);
  for (const name of readdirSync(from).filter((file) => file.endsWith('.reg'))) {
    rmSync(join(to, name));
    copyFileSync(join(from, name), join(to, name));
  }
}

/** The prefix for programs of an architecture, or the copy of it that has a name. */
const ensurePrefix = once(async (arch, copy) => {
  const { loader, version } = await findWine(arch);
  const prefix = join(cache, `prefix-${arch}-${sha256(loader, version, readFileSync(REGISTRY)).slice(0, 12)}`);
  await makePrefix(prefix, (unfinished) => step(`Prepare a Wine prefix for ${arch}`, () => initialize(unfinished, loader, arch)));
  if (!copy) return prefix;
  await makePrefix(`${prefix}-${copy}`, (unfinished) => copyPrefix(prefix, unfinished));
  return `${prefix}-${copy}`;
});

/**
 * Wine with a prefix of its own, ready to run programs.
 * @param {string} arch the programs' architecture
 * @param {string} [copy] the name of the copy of the prefix that they shall have to themselves
 * @returns {Promise<{ loader: string, prefix: string, environment: (debug?: string) => NodeJS.ProcessEnv }>}
 */
export async function ensureWine(arch, copy = '') {
  const { loader } = await findWine(arch);
  const prefix = await ensurePrefix(arch, copy);
  await keepServer(loader, wineEnvironment(prefix, '-all'));
  return { loader, prefix, environment: (debug = '-all') => wineEnvironment(prefix, debug) };
}

/** A path of this machine as Wine's programs see it. */
export const toWindowsPath = (path) => `Z:${path.replaceAll('/', '\\')}`;
