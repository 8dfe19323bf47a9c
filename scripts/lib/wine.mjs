// Wine, on systems other than Windows: the machine's own if it is new enough, otherwise Debian's from the cache. Node 24 and later
// abort in Wine 8, hence the minimum. Programs run in our own prefixes. There is one for 64-bit and one for 32-bit programs, because
// a prefix has the DLLs that Wine had when the prefix was created. There are copies of these for programs that need their own Wine
// server or System32.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { version as kernelVersion, release, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { step, Unavailable } from './log.mjs';
import { once } from './parallel.mjs';
import { cache, pins, root, sha256, withLock } from './paths.mjs';
import { run, tryOutput } from './run.mjs';
import { addWine32, cachedWine } from './wine-tree.mjs';

// The MMCSS classes, which Wine's registry lacks.
const REGISTRY = join(root, 'scripts/windows/mmcss-classes.reg');

/** Without it Wine offers to install Mono and Gecko. */
export const DLL_OVERRIDES = 'mscoree,mshtml=';

/** `{ loader, version }` of the Wine for an architecture's programs. */
const findWine = once(async (arch) => {
  const version = await tryOutput('wine', ['--version']);
  const major = Number(/^wine-(\d+)/.exec(version ?? '')?.[1] ?? 0);
  if (major >= pins.wine.minimumMajor) return { loader: 'wine', version };
  const loader = await cachedWine();
  if (arch === 'ia32') await addWine32();
  return { loader, version: basename(join(loader, '../../../..')) };
});

function wineEnvironment(prefix, debug) {
  // This machine's settings for Node and npm are not for the Windows Node.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|npm_)/i.test(name)));
  const runtime = process.env.XDG_RUNTIME_DIR || join(tmpdir(), `rtworkq-runtime-${process.getuid()}`);
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  return { ...env, WINEPREFIX: prefix, WINEDEBUG: debug, WINEDLLOVERRIDES: DLL_OVERRIDES, XDG_RUNTIME_DIR: runtime };
}

/** Creates a prefix under another name, then renames it, so that a prefix with the final name is complete. */
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
  // No pipes: Wine's long-lived helper processes inherit the standard streams, and would keep pipes open.
  const runWine = (...args) => run('sh', ['-c', '"$0" "$@" </dev/null >/dev/null 2>&1', loader, ...args], { env });
  await runWine('wineboot', '-i');
  await runWine('regedit', '/S', toWindowsPath(REGISTRY));
  await waitForServer(loader, env);
  if (arch === 'ia32' && !existsSync(join(prefix, 'drive_c/windows/syswow64/ntdll.dll'))) {
    // A Wine of the machine may get its 32-bit half at any time. The one in the cache has it, so it is the kernel.
    if (loader !== 'wine') writeFileSync(refusalFile(loader), '');
    throw noPrograms32();
  }
}

const noPrograms32 = () =>
  new Unavailable(
    "This machine's Wine runs no 32-bit programs.",
    "install its 32-bit half (wine32:i386 on Debian); if the kernel's 32-bit emulation is off, boot with ia32_emulation=on",
  );

/** The file that says that the cache's Wine runs no 32-bit programs with this kernel. Finding this out takes half a minute. */
function refusalFile(loader) {
  const commandLine = '/proc/cmdline';
  const kernel = [release(), kernelVersion(), existsSync(commandLine) ? readFileSync(commandLine) : ''];
  return join(cache, `no-32-bit-${sha256(loader, ...kernel).slice(0, 12)}`);
}

const serverOf = (loader) => (loader === 'wine' ? 'wineserver' : join(loader, '../wineserver'));

/**
 * Starts the prefix's Wine server, if it is not running, and keeps it running for a minute after the last program. By default it
 * ends after three seconds. The next program then has to wait for the server and Wine's services to start, which takes longer than
 * most programs run. Debian does not put wineserver on the PATH. If it is missing, this only costs time.
 */
const keepServer = (loader, env) =>
  run('sh', ['-c', '"$0" -p60 </dev/null >/dev/null 2>&1', serverOf(loader)], { env, allowFailure: true });

/** Waits until the prefix's registry is written and its processes have ended. */
async function waitForServer(loader, env) {
  const { code } = await run(serverOf(loader), ['-w'], { env, allowFailure: true });
  // Debian does not put wineserver on the PATH. Without it, wait ten seconds, in which Wine writes its registry.
  if (code !== 0) await new Promise((done) => setTimeout(done, 10_000));
}

/** Copies a prefix as hard links, which costs next to nothing. Wine replaces files, except for its registry, which is copied. */
async function copyPrefix(from, to) {
  await run('cp', ['-al', from, to]);
  for (const name of readdirSync(from).filter((file) => file.endsWith('.reg'))) {
    rmSync(join(to, name));
    copyFileSync(join(from, name), join(to, name));
  }
}

/** Returns the prefix for an architecture's programs, or its copy with a name. Creates it on first use. */
const ensurePrefix = once(async (arch, copy) => {
  const { loader, version } = await findWine(arch);
  if (arch === 'ia32' && existsSync(refusalFile(loader))) throw noPrograms32();
  const prefix = join(cache, `prefix-${arch}-${sha256(loader, version, readFileSync(REGISTRY)).slice(0, 12)}`);
  await makePrefix(prefix, (unfinished) => step(`Prepare a Wine prefix for ${arch}`, () => initialize(unfinished, loader, arch)));
  if (!copy) return prefix;
  await makePrefix(`${prefix}-${copy}`, (unfinished) => copyPrefix(prefix, unfinished));
  return `${prefix}-${copy}`;
});

/**
 * Wine with a prefix of its own, ready to run programs.
 * @param {string} arch the programs' architecture
 * @param {string} [copy] the name of a separate copy of the prefix
 * @returns {Promise<{ loader: string, prefix: string, environment: (debug?: string) => NodeJS.ProcessEnv }>}
 */
export async function ensureWine(arch, copy = '') {
  const { loader } = await findWine(arch);
  const prefix = await ensurePrefix(arch, copy);
  await keepServer(loader, wineEnvironment(prefix, '-all'));
  return { loader, prefix, environment: (debug = '-all') => wineEnvironment(prefix, debug) };
}

/** A path of this machine as programs in Wine see it. */
export const toWindowsPath = (path) => `Z:${path.replaceAll('/', '\\')}`;
