// The cross compiler for Windows, mingw-w64 with posix threads: the machine's own, or Debian's, which only root can install.

import { StepError, step, Unavailable } from './log.mjs';
import { once, PATIENCE, retry } from './parallel.mjs';
import { withLock } from './paths.mjs';
import { run, tryOutput } from './run.mjs';

const TOOLCHAINS = {
  x64: { triplet: 'x86_64-w64-mingw32', package: 'g++-mingw-w64-x86-64-posix', machine: 'i386:x86-64' },
  ia32: { triplet: 'i686-w64-mingw32', package: 'g++-mingw-w64-i686-posix', machine: 'i386' },
};

/** Finds a compiler whose standard library has threads (the "posix" variant), and its version. */
async function findCompiler({ triplet }) {
  for (const compiler of [`${triplet}-g++-posix`, `${triplet}-g++`]) {
    const about = await tryOutput(compiler, ['-v']);
    if (about?.includes('Thread model: posix')) return { compiler, version: about.split('\n').at(-1) };
  }
  return undefined;
}

/** Tries the package index that the machine has. If that fails, updates the index and retries. */
async function install(name, help) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { env, help, Failure: Unavailable });
  const attempt = async (number) => {
    // The update also fails if a source is broken that does not have the compiler.
    if (number > 1) await apt('update').catch(() => {});
    await apt('install', '-y', '--no-install-recommends', name);
  };
  await attempt(1).catch(() => retry((number) => attempt(number + 1), PATIENCE));
}

/**
 * The tools for an architecture, installed on first use.
 * @param {string} arch
 * @returns {Promise<{ compiler: string, version: string, triplet: string, machine: string }>}
 */
export const ensureCompiler = once(async (arch) => {
  const toolchain = TOOLCHAINS[arch];
  if (!toolchain) throw new StepError(`There is no cross compiler for Windows ${arch} here.`, 'choose x64 or ia32, or build on Windows');
  const present = await findCompiler(toolchain);
  if (present) return { ...toolchain, ...present };
  const help = `install ${toolchain.package} (Debian's name), then run the command again`;
  if (process.getuid() !== 0 || !(await tryOutput('apt-get', ['--version']))) {
    throw new Unavailable(`The cross compiler ${toolchain.triplet}-g++ with posix threads is missing.`, help);
  }
  await withLock('apt-install', () => step(`Install ${toolchain.package}`, () => install(toolchain.package, help)));
  const installed = await findCompiler(toolchain);
  if (!installed) throw new StepError(`${toolchain.package} is installed, but has no compiler with posix threads.`, help);
  return { ...toolchain, ...installed };
});
