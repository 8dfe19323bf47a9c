// Incremental builds: TypeScript into dist/, the addon for a Windows architecture, the tests.
//
// On Windows node-gyp builds the addon, on Linux the cross build does. Both results end up in prebuilds/win32-<arch>/, from where
// the package loads its addon.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeBundles } from './bundle.mjs';
import { ensureCompiler } from './compiler.mjs';
import { writeDeclarations } from './declarations.mjs';
import { step } from './log.mjs';
import { crossBuild } from './mingw.mjs';
import { ensurePackages } from './packages.mjs';
import { once, together } from './parallel.mjs';
import { buildFolder, cache, filesBelow, inRepository, remove, root, sha256, stamped } from './paths.mjs';
import { prebuildFor } from './prebuilds.mjs';
import { run } from './run.mjs';

const onWindows = process.platform === 'win32';
export const nodeModulesProgram = (path) => join(root, 'node_modules', path);

/** A hash of all files that a build step reads. */
function hashOf(...paths) {
  const files = paths.flatMap((path) => filesBelow(join(root, path)));
  return sha256(...files.flatMap((file) => [inRepository(file), readFileSync(file)]));
}

/** Runs `action` unless it has run before with the same inputs and its `output` is still there. */
async function unlessFresh(name, output, hash, action) {
  const folder = join(buildFolder, 'stamps');
  mkdirSync(folder, { recursive: true });
  const stamp = stamped(join(folder, name), hash);
  if (stamp.fresh && existsSync(output)) return;
  await action();
  stamp.mark();
}

const tsc = (project, ...options) =>
  run(process.execPath, [nodeModulesProgram('typescript/bin/tsc'), '-p', join(root, project), ...options], { cwd: root });

async function compileTypeScript(label, outDir, hash, compile) {
  await ensurePackages();
  await unlessFresh(label, outDir, hash, () =>
    step(`Compile TypeScript (${label})`, () => {
      remove(outDir);
      return compile();
    }),
  );
}

/** lib/ -> dist/ */
export const buildLibrary = once(async () => {
  const inputs = ['lib', 'tsconfig.json', 'package-lock.json'];
  const dist = join(root, 'dist');
  // ES modules, so that rollup can bundle them. The types are checked below, when the declarations are written.
  const emit = (folder) => tsc('tsconfig.json', '--module', 'esnext', '--moduleResolution', 'bundler', '--noCheck', '--outDir', folder);
  await compileTypeScript('lib', dist, hashOf(...inputs, 'scripts/lib/bundle.mjs'), () => writeBundles(emit));
  const declare = (folder) => tsc('tsconfig.json', '--declaration', '--emitDeclarationOnly', '--outDir', folder);
  await unlessFresh('declarations', join(dist, 'index.d.ts'), hashOf(...inputs, 'scripts/lib/declarations.mjs'), () =>
    step('Roll up the declarations', () => writeDeclarations(declare)),
  );
});

/** test/ -> build/test/, against the types in dist/; and lib/ -> build/lib/, file by file, for tests of internals */
export const buildTests = once(async () => {
  await buildLibrary();
  const files = join(buildFolder, 'lib');
  await compileTypeScript('lib, file by file', files, hashOf('lib', 'tsconfig.json', 'package-lock.json'), () =>
    tsc('tsconfig.json', '--noCheck', '--outDir', files),
  );
  const hash = hashOf('lib', 'test', 'tsconfig.json', 'package-lock.json');
  await compileTypeScript('test', join(buildFolder, 'test'), hash, () => tsc('test/tsconfig.json'));
});

function placeFile(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

// One target at a time, because each uses all processors.
let building = Promise.resolve();
function oneAtATime(action) {
  const result = building.then(action);
  building = result.catch(() => {});
  return result;
}

/**
 * The only target of a .gyp file: its input files and folders, the file that node-gyp builds, and the file that the cross build's
 * output is copied to. All paths are relative to the repository.
 * @typedef {{ gypFile: string, inputs: string[], msvc?: string, mingw: string }} Part
 */

/** A part's stamp. On Windows all architectures are built into the same folder, so they share one stamp. */
const stampOf = ({ gypFile, inputs }, arch, compiler) => ({
  name: `${gypFile.replaceAll('/', '-')}-${compiler === 'msvc' ? 'msvc' : arch}`,
  hash: `${hashOf(...inputs, gypFile, 'common.gypi', 'package-lock.json', 'scripts/mingw')} ${arch}`,
});

/** Compiles a part, unless a clone has compiled the same before: the output contains no paths of the clone. */
async function cachedCrossBuild(gypFile, arch, hash) {
  const { version } = await ensureCompiler(arch);
  const key = sha256(hash, gypFile, version, ...['gyp', 'mingw'].map((name) => readFileSync(join(root, `scripts/lib/${name}.mjs`))));
  const cached = join(cache, 'native', key.slice(0, 32));
  if (existsSync(cached)) return cached;
  const unfinished = `${cached}-${process.pid}`;
  placeFile(await crossBuild(join(root, gypFile), arch), unfinished);
  renameSync(unfinished, cached);
  return cached;
}

/**
 * Builds a part if its inputs have changed.
 * @param {Part} part
 * @param {string} arch
 * @returns {Promise<string>} the built file
 */
async function buildNative(part, arch) {
  const { gypFile } = part;
  await together(ensurePackages(), onWindows || ensureCompiler(arch));
  const folder = join(root, gypFile, '..');
  const output = join(root, onWindows ? part.msvc : part.mingw);
  const { name, hash } = stampOf(part, arch, onWindows ? 'msvc' : 'mingw');
  const build = async () => {
    if (onWindows) {
      const nodeGyp = [nodeModulesProgram('node-gyp/bin/node-gyp.js'), 'configure', 'build', `--arch=${arch}`];
      await step(`Compile ${gypFile} for Windows ${arch} with MSVC`, () =>
        run(process.execPath, nodeGyp, {
          cwd: folder,
          show: true,
          help: 'install "Desktop development with C++" of Visual Studio 2022 or later, and Python 3',
        }),
      );
    } else {
      placeFile(await cachedCrossBuild(gypFile, arch, hash), output);
    }
  };
  await oneAtATime(() => unlessFresh(name, output, hash, build));
  return output;
}

/** The C++ files of a folder, without its subfolders. */
const sourcesIn = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => /\.(cc|h)$/.test(name))
    .map((name) => `${folder}/${name}`);

// The native parts of the package and its tests, each as a function of the architecture.

/** @returns {Part} */
const addon = (arch) => ({
  gypFile: 'binding.gyp',
  inputs: ['include', 'src'],
  msvc: 'build/Release/rtworkq.node',
  mingw: `prebuilds/${prebuildFor(arch).file}`,
});

/** The tests' native helper, for what they need and JavaScript cannot do. */
const testHelper = (arch) => ({
  gypFile: 'test/native/binding.gyp',
  inputs: [...sourcesIn('test/native'), 'src'],
  msvc: 'test/native/build/Release/test_helper.node',
  mingw: `build/native/${arch}/test_helper.node`,
});

/** Another addon, whose native work runs on rtworkq's queues. */
const workAddon = (arch) => ({
  gypFile: 'test/native/work_addon/binding.gyp',
  inputs: ['test/native/work_addon', 'include', 'src/node'],
  msvc: 'test/native/work_addon/build/Release/work_addon.node',
  mingw: `build/native/${arch}/work_addon.node`,
});

/** The addon of examples/native-work. The example loads it from build/Release, so the cross build's folder has that path too. */
const exampleAddon = (arch) => ({
  gypFile: 'examples/native-work/binding.gyp',
  inputs: [...sourcesIn('examples/native-work'), 'include', 'src/node/delay_load_hook.cc'],
  msvc: 'examples/native-work/build/Release/count_primes.node',
  mingw: `build/native/${arch}/native-work/build/Release/count_primes.node`,
});

/** The program that asks Windows the questions of facts/rows.mjs that JavaScript cannot ask. */
const facts = (arch) => ({
  gypFile: 'facts/native/binding.gyp',
  inputs: ['facts/native', 'bench/native/work_items.h', 'bench/native/baseline/clock.h', 'src'],
  msvc: 'facts/native/build/Release/facts.exe',
  mingw: `build/native/${arch}/facts.exe`,
});

/** Builds the addon. Returns undefined, and builds nothing, if PREBUILDS_ONLY is set. */
export async function buildAddon(arch) {
  // node-gyp-build's own switch: it then loads addons only from prebuilds/.
  if (process.env.PREBUILDS_ONLY) return undefined;
  const built = await buildNative(addon(arch), arch);
  // So that a package that is packed on Windows has an addon, too.
  if (onWindows) placeFile(built, join(root, addon(arch).mingw));
  return built;
}

/** Builds the tests' addons. Returns their files by the environment variables that pass them to the tests. */
export async function buildTestAddons(arch) {
  return {
    RTWORKQ_TEST_HELPER: await buildNative(testHelper(arch), arch),
    RTWORKQ_WORK_ADDON: await buildNative(workAddon(arch), arch),
    RTWORKQ_EXAMPLE_ADDON: await buildNative(exampleAddon(arch), arch),
  };
}

/** Copies the cross build's output into another clone, to where node-gyp would put it, with the stamps of an MSVC build. */
export async function placeAsMsvc(arch, clone) {
  mkdirSync(join(clone, 'build/stamps'), { recursive: true });
  for (const part of [addon, testHelper, workAddon, exampleAddon, facts].map((of) => of(arch))) {
    placeFile(await buildNative(part, arch), join(clone, part.msvc));
    const { name, hash } = stampOf(part, arch, 'msvc');
    stamped(join(clone, 'build/stamps', name), hash).mark();
  }
}

/** Builds one of the parts of test/native/stand-in. Cross build only, because they are for Wine. */
export function buildStandIn(arch, part, file) {
  const folder = 'test/native/stand-in';
  const inputs = [`${folder}/${part}`, `${folder}/common`, 'src/rtwq/com.h'];
  return buildNative({ gypFile: `${folder}/${part}/binding.gyp`, inputs, mingw: `build/native/${arch}/${file}` }, arch);
}

/** Builds one of the benchmark's native parts: `baseline.exe`, `naive.node`, `empty.node`. */
function buildForBenchmark(arch, file, mingw = `build/native/${arch}/${file}`) {
  const folder = `bench/native/${file.split('.')[0]}`;
  const msvc = `${folder}/build/Release/${file}`;
  const inputs = [folder, ...sourcesIn('bench/native'), 'src'];
  return buildNative({ gypFile: `${folder}/binding.gyp`, inputs, msvc, mingw }, arch);
}

/** Builds the empty addon in a folder like a package's, where node-gyp-build finds it. Returns the folder. */
async function buildEmptyPackage(arch) {
  const folder = 'build/native/empty';
  const packaged = `${folder}/prebuilds/${prebuildFor(arch).file}`;
  const built = await buildForBenchmark(arch, 'empty.node', packaged);
  if (onWindows) placeFile(built, join(root, packaged));
  return join(root, folder);
}

/** Builds the benchmark's native parts and the addon. Returns their paths. */
export async function buildContenders(arch) {
  const [baseline, naive, empty, addon] = await together(
    buildForBenchmark(arch, 'baseline.exe'),
    buildForBenchmark(arch, 'naive.node'),
    buildEmptyPackage(arch),
    buildAddon(arch),
  );
  return { baseline, naive, empty, addon: addon ?? join(root, 'prebuilds', prebuildFor(arch).file) };
}

export const buildFacts = (arch) => buildNative(facts(arch), arch);

/** Builds what a script needs to `require('rtworkq')` in the Windows Node. */
export const ensureBuilt = (arch) => together(buildLibrary(), buildAddon(arch));
