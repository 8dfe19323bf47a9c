// The cross build on Linux: the sources of a .gyp file, compiled with mingw-w64 for the Windows Node.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { readGyp } from './gyp.mjs';
import { StepError, step } from './log.mjs';
import { buildFolder, root, withLock } from './paths.mjs';
import { run, tryOutput } from './run.mjs';

const TOOLCHAINS = {
  x64: { triplet: 'x86_64-w64-mingw32', package: 'g++-mingw-w64-x86-64-posix', machine: 'i386:x86-64' },
  ia32: { triplet: 'i686-w64-mingw32', package: 'g++-mingw-w64-i686-posix', machine: 'i386' },
};

function toolchainFor(arch) {
  const toolchain = TOOLCHAINS[arch];
  if (!toolchain) throw new StepError(`There is no cross compiler for Windows ${arch} here.`, 'choose x64 or ia32, or build on Windows');
  return toolchain;
}

/** A compiler whose standard library has threads (the "posix" flavour), or undefined. */
async function findCompiler({ triplet }) {
  for (const name of [`${triplet}-g++-posix`, `${triplet}-g++`]) {
    const about = await tryOutput(name, ['-v']);
    if (about?.includes('Thread model: posix')) return name;
  }
  return undefined;
}

async function ensureCompiler(toolchain) {
  const present = await findCompiler(toolchain);
  if (present) return present;
  const help = `install ${toolchain.package} (Debian's name), then run the command again`;
  if (process.getuid() !== 0 || !(await tryOutput('apt-get', ['--version']))) {
    throw new StepError(`The cross compiler ${toolchain.triplet}-g++ with posix threads is missing.`, help);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await withLock('apt-install', () =>
    step(`Install ${toolchain.package}`, async () => {
      await run('apt-get', ['update'], { env, help });
      await run('apt-get', ['install', '-y', '--no-install-recommends', toolchain.package], { env, help });
    }),
  );
  const installed = await findCompiler(toolchain);
  if (!installed) throw new StepError(`${toolchain.package} is installed, yet has no compiler with posix threads.`, help);
  return installed;
}

/** Runs the tasks, as many at once as there are processors. */
async function inParallel(tasks) {
  const queue = [...tasks];
  const worker = async () => {
    for (let task = queue.shift(); task; task = queue.shift()) await task();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/**
 * An import library for the functions of Node-API, bound when first called, so that the delay-load hook can say which
 * program they come from: the host may be electron.exe.
 */
async function importLibrary(toolchain, folder) {
  const library = join(folder, 'libnode_api.a');
  if (existsSync(library)) return library;
  const { def_paths: defs } = createRequire(join(root, 'package.json'))('node-api-headers');
  const names = Object.values(defs).flatMap((file) => readFileSync(file, 'utf8').match(/^(node_api|napi)_\w+/gm));
  const definition = join(folder, 'node_api.def');
  writeFileSync(definition, `NAME NODE.EXE\nEXPORTS\n${names.join('\n')}\n`);
  await run(`${toolchain.triplet}-dlltool`, ['-m', toolchain.machine, '-d', definition, '-y', library]);
  return library;
}

const SUFFIXES = { loadable_module: '.node', shared_library: '.dll', executable: '.exe' };

/**
 * Compiles and links the one target of a .gyp file.
 * @param {string} gypFile
 * @param {string} arch
 * @returns {Promise<string>} the built file
 */
export async function crossBuild(gypFile, arch) {
  const toolchain = toolchainFor(arch);
  const compiler = await ensureCompiler(toolchain);
  const target = readGyp(gypFile, arch);
  const folder = join(buildFolder, `mingw-${arch}`, target.name);
  mkdirSync(folder, { recursive: true });
  return step(`Compile ${target.name} for Windows ${arch}`, async () => {
    const defines = target.defines.map((define) => `-D${define}`);
    // The packages' headers are system headers: their warnings are not ours.
    const includes = target.include_dirs.flatMap((path) => [path.includes('node_modules') ? '-isystem' : '-I', path]);
    const objects = target.sources.map((source) => [source, join(folder, `${relative(root, source).replaceAll('/', '_')}.o`)]);
    const compile = ([source, object]) =>
      source.endsWith('.rc')
        ? run(`${toolchain.triplet}-windres`, [source, '-o', object])
        : run(compiler, ['-c', source, '-o', object, ...defines, ...includes, ...target.cflags_cc]);
    await inParallel(objects.map((each) => () => compile(each)));
    const output = join(folder, target.name + SUFFIXES[target.type]);
    const kind = target.type === 'executable' ? ['-municode'] : ['-shared'];
    const node = target.type === 'loadable_module' ? [await importLibrary(toolchain, folder), '-ldelayimp'] : [];
    const parts = [...objects.map(([, object]) => object), ...node, ...target.libraries];
    await run(compiler, [...kind, '-o', output, ...parts, ...target.ldflags]);
    return output;
  });
}
