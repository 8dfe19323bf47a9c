// The cross build on Linux: compiles a .gyp file's sources with mingw-w64 for the Windows Node. It is incremental, and precompiles
// slow headers once for all targets.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { ensureCompiler } from './compiler.mjs';
import { readGyp } from './gyp.mjs';
import { step } from './log.mjs';
import { inParallel, once } from './parallel.mjs';
import { buildFolder, root, sha256, stamped } from './paths.mjs';
import { run } from './run.mjs';

// By the target's type: its file's suffix, its linker options, and the header of scripts/mingw that is precompiled for it.
const TYPES = {
  loadable_module: { suffix: '.node', link: ['-shared'], header: 'addon.h' },
  shared_library: { suffix: '.dll', link: ['-shared'], header: 'common.h' },
  executable: { suffix: '.exe', link: ['-municode'], header: 'common.h' },
};

/** The repository's files that a compiler has read, according to -MMD. The lock file stands for the packages' headers. */
function readDependencies(file) {
  if (!existsSync(file)) return undefined;
  const [, list] = readFileSync(file, 'utf8')
    .replaceAll('\\\n', ' ')
    .split(/: (.*)/s);
  return list
    .trim()
    .split(/(?<!\\)\s+/)
    .map((path) => path.replaceAll('\\ ', ' '))
    .filter((path) => !path.endsWith('.gch'));
}

/** A hash of a command and its inputs, or undefined if the inputs are unknown or missing. */
function describe(command, inputs) {
  if (!inputs?.every((file) => existsSync(file))) return undefined;
  return sha256(...command, ...inputs.map((file) => readFileSync(file)), readFileSync(join(root, 'package-lock.json')));
}

/** Runs a compiler unless the object is up to date. */
async function compile(command, source, object) {
  const dependencies = `${object}.d`;
  const args = source.endsWith('.rc') ? [source, '-o', object] : ['-MMD', '-MF', dependencies, '-c', source, '-o', object];
  const inputs = () => (source.endsWith('.rc') ? [source] : readDependencies(dependencies));
  const before = describe(command, inputs());
  if (before && stamped(`${object}.stamp`, before).fresh && existsSync(object)) return;
  rmSync(`${object}.stamp`, { force: true });
  await run(command[1], [...command.slice(2), ...args]);
  stamped(`${object}.stamp`, describe(command, inputs())).mark();
}

/** Precompiles a header of scripts/mingw, once for each set of flags. */
const precompile = once(async (folder, header, command) => {
  const place = join(folder, `precompiled-${sha256(...command, header).slice(0, 8)}`);
  mkdirSync(place, { recursive: true });
  // When the compiler includes a header, it uses the .gch beside it instead.
  const named = join(place, header);
  writeFileSync(named, `#include "${join(root, 'scripts/mingw', header)}"\n`);
  await compile([...command, '-x', 'c++-header'], named, `${named}.gch`);
  return named;
});

/**
 * An import library for the functions of Node-API. They are bound on the first call, so that the delay-load hook can take them
 * from the host program, which may be electron.exe.
 */
const importLibrary = once(async (toolchain, folder) => {
  const library = join(folder, 'libnode_api.a');
  if (existsSync(library)) return library;
  const { def_paths: defs } = createRequire(join(root, 'package.json'))('node-api-headers');
  const names = Object.values(defs).flatMap((file) => readFileSync(file, 'utf8').match(/^(node_api|napi)_\w+/gm));
  const definition = join(folder, 'node_api.def');
  writeFileSync(definition, `NAME NODE.EXE\nEXPORTS\n${names.join('\n')}\n`);
  await run(`${toolchain.triplet}-dlltool`, ['-m', toolchain.machine, '-d', definition, '-y', library]);
  return library;
});

/**
 * Compiles and links the only target of a .gyp file.
 * @param {string} gypFile
 * @param {string} arch
 * @returns {Promise<string>} the built file
 */
export async function crossBuild(gypFile, arch) {
  const toolchain = await ensureCompiler(arch);
  const target = readGyp(gypFile, arch);
  const type = TYPES[target.type];
  const shared = join(buildFolder, `mingw-${arch}`);
  const folder = join(shared, `${target.name}${type.suffix}`);
  mkdirSync(folder, { recursive: true });
  return step(`Compile ${target.name}${type.suffix} for Windows ${arch}`, async () => {
    const defines = target.defines.map((define) => `-D${define}`);
    // The packages' headers are system headers, so that the compiler does not report their warnings.
    const foreign = target.include_dirs.filter((path) => path.includes('node_modules')).flatMap((path) => ['-isystem', path]);
    const own = target.include_dirs.filter((path) => !path.includes('node_modules')).flatMap((path) => ['-I', path]);
    // The version is part of the command only so that it is part of its hash.
    const cxx = [toolchain.version, toolchain.compiler, ...target.cflags_cc, ...defines, ...foreign];
    const header = await precompile(shared, type.header, cxx);
    const objects = target.sources.map((source) => [source, join(folder, `${relative(root, source).replaceAll('/', '_')}.o`)]);
    const commandFor = (source) =>
      source.endsWith('.rc') ? [toolchain.version, `${toolchain.triplet}-windres`] : [...cxx, ...own, '-include', header];
    await inParallel(
      objects.map(
        ([source, object]) =>
          () =>
            compile(commandFor(source), source, object),
      ),
    );
    const output = join(folder, target.name + type.suffix);
    const node = target.type === 'loadable_module' ? [await importLibrary(toolchain, shared), '-ldelayimp'] : [];
    const parts = [...objects.map(([, object]) => object), ...node, ...target.libraries];
    await run(toolchain.compiler, [...type.link, '-o', output, ...parts, ...target.ldflags]);
    return output;
  });
}
