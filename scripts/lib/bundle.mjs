// Bundles the package's JavaScript: tsc's output for lib/ becomes one file with all the code, and small entry points, once as
// CommonJS and once as ES modules. Finding and reading a file takes longer than running it, especially on Windows, where virus
// scanners check each file.

import { cpSync, existsSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { StepError } from './log.mjs';
import { buildFolder, root, withTemporaryFolder } from './paths.mjs';

const PLATFORMS = ['win32-x64', 'win32-arm64', 'win32-ia32'];
const ENTRY_POINTS = ['index', 'timers/index', 'timers/promises', 'testing/index', ...PLATFORMS.map((name) => `prebuilt/${name}`)];

// For `import` in Node. They re-export the CommonJS files, so that there is one instance.
const RE_EXPORTS = ENTRY_POINTS.map((name) => `${name}.mjs`);

// The ES modules, by their names in dist/esm, which has no subfolders: lib/ expects to run two folders below the package's
// folder, as in dist/esm, dist/shared and dist/prebuilt.
const MODULES = {
  index: 'index',
  timers: 'timers/index',
  'timers-promises': 'timers/promises',
  testing: 'testing/index',
  ...Object.fromEntries(PLATFORMS.map((name) => [name, `prebuilt/${name}`])),
};

// Compares the ends of paths, which have backslashes on Windows.
const isReExport = (file) => RE_EXPORTS.some((name) => file.endsWith(normalize(name)));

const WITH_DEFAULT = /^default:/;

// CommonJS: its export `promises` is the other entry point's exports, as in Node, so it imports that file.
const TIMERS = /[\\/]timers[\\/]index\.js$/;
const PROMISES = './promises';

/**
 * Resolves imports as TypeScript writes them: without an extension, or with `.js`.
 * @param {boolean} modules whether to prefer a .mjs file beside the .js file
 */
function typeScriptImports(modules) {
  return {
    name: 'typescript-imports',
    resolveId(source, importer) {
      if (WITH_DEFAULT.test(source)) return source;
      if (!importer || !source.startsWith('.')) return null;
      if (!modules && TIMERS.test(importer) && source === PROMISES) return { id: `${PROMISES}.js`, external: true };
      const file = resolve(dirname(importer), source.replace(/\.js$/, ''));
      return modules && existsSync(`${file}.mjs`) && !isReExport(`${file}.mjs`) ? `${file}.mjs` : `${file}.js`;
    },
    // Like Node's own timers, they get a default export with all of their exports.
    load(id) {
      if (!WITH_DEFAULT.test(id)) return null;
      const file = JSON.stringify(id.replace(WITH_DEFAULT, ''));
      return `import * as all from ${file};\nexport * from ${file};\nexport default { ...all };`;
    },
  };
}

async function rollUp(input, modules, output) {
  // Imported late, because the package may have to be installed first.
  const { rollup } = await import('rollup');
  const bundle = await rollup({
    input,
    plugins: [typeScriptImports(modules)],
    external: /^node:/,
    onLog: (_level, { code, message }) => {
      // TypeScript's helpers for `using` read the top-level `this`, to find global helpers.
      if (code !== 'THIS_IS_UNDEFINED') throw new StepError(message);
    },
  });
  await bundle.write({
    // One file for all shared code, instead of one for each set of entry points that share some. What only tests need is not in it.
    manualChunks: (id) => (isEntryPoint(id, modules) ? undefined : TESTING.test(id) ? 'simulation' : 'rtworkq'),
    hoistTransitiveImports: false,
    externalLiveBindings: false,
    freeze: false,
    ...output,
  });
  await bundle.close();
}

const TESTING = /[\\/]testing[\\/]/;

const isEntryPoint = (id, modules) => WITH_DEFAULT.test(id) || /[\\/]prebuilt[\\/]/.test(id) || (!modules && TIMERS.test(id));

/**
 * lib/ -> the JavaScript in dist/
 * @param {(folder: string) => Promise<void>} compile writes all files into a folder, as ES modules
 */
export function writeBundles(compile) {
  const dist = join(root, 'dist');
  return withTemporaryFolder(async (folder) => {
    await compile(folder);
    const file = (name) => join(folder, `${name}.js`);
    await rollUp(Object.fromEntries(ENTRY_POINTS.map((name) => [name, file(name)])), false, {
      dir: dist,
      format: 'cjs',
      chunkFileNames: 'shared/[name].js',
      exports: 'named',
      esModule: true,
      interop: (id) => (id?.startsWith(PROMISES) ? 'esModule' : 'default'),
    });
    const moduleInput = ([name, entry]) => [name, entry.startsWith('timers/') ? `default:${file(entry)}` : file(entry)];
    await rollUp(Object.fromEntries(Object.entries(MODULES).map(moduleInput)), true, {
      dir: join(dist, 'esm'),
      format: 'es',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name].mjs',
    });
    for (const name of RE_EXPORTS) cpSync(join(folder, name), join(dist, name));
  }, buildFolder);
}
