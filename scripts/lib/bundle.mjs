// The package's JavaScript: what tsc makes of each file of lib/ becomes one file with all of it, and small entry points, once
// in CommonJS and once in ES modules. To find and read a file takes longer than to run it, above all on Windows, where
// scanners look at each.

import { cpSync, existsSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { StepError } from './log.mjs';
import { buildFolder, root, withTemporaryFolder } from './paths.mjs';

const PLATFORMS = ['win32-x64', 'win32-arm64', 'win32-ia32'];
const ENTRY_POINTS = ['index', 'timers/index', 'timers/promises', ...PLATFORMS.map((name) => `prebuilt/${name}`)];

// `import` in Node: they re-export what is in CommonJS, so that there is one instance.
const RE_EXPORTS = ENTRY_POINTS.map((name) => `${name}.mjs`);

// The ES modules, by their names in dist/esm. All are in one folder, two below the package's, like dist/shared and
// dist/prebuilt: that is how deep lib/ takes itself to be.
const MODULES = {
  index: 'index',
  timers: 'timers/index',
  'timers-promises': 'timers/promises',
  ...Object.fromEntries(PLATFORMS.map((name) => [name, `prebuilt/${name}`])),
};

// By the ends of their paths, which have backslashes on Windows.
const isReExport = (file) => RE_EXPORTS.some((name) => file.endsWith(normalize(name)));

const WITH_DEFAULT = /^default:/;

/**
 * Imports as TypeScript has them, without an extension, or with that of the JavaScript.
 * @param {boolean} modules whether a file has its .mjs where there is one beside it
 */
function typeScriptImports(modules) {
  return {
    name: 'typescript-imports',
    resolveId(source, importer) {
      if (WITH_DEFAULT.test(source)) return source;
      if (!importer || !source.startsWith('.')) return null;
      const file = resolve(dirname(importer), source.replace(/\.js$/, ''));
      return modules && existsSync(`${file}.mjs`) && !isReExport(`${file}.mjs`) ? `${file}.mjs` : `${file}.js`;
    },
    // Node's own timers have a default export with all that they export.
    load(id) {
      if (!WITH_DEFAULT.test(id)) return null;
      const file = JSON.stringify(id.replace(WITH_DEFAULT, ''));
      return `import * as all from ${file};\nexport * from ${file};\nexport default { ...all };`;
    },
  };
}

async function rollUp(input, modules, output) {
  // A package, so it is loaded when it is installed.
  const { rollup } = await import('rollup');
  const bundle = await rollup({
    input,
    plugins: [typeScriptImports(modules)],
    external: /^node:/,
    onLog: (_level, { code, message }) => {
      // TypeScript's helpers for `using` look for a global one.
      if (code !== 'THIS_IS_UNDEFINED') throw new StepError(message);
    },
  });
  await bundle.write({
    // All that entry points have in common, rather than a file for each set of them that has something in common.
    manualChunks: (id) => (isEntryPoint(id) ? undefined : 'rtworkq'),
    hoistTransitiveImports: false,
    externalLiveBindings: false,
    freeze: false,
    ...output,
  });
  await bundle.close();
}

const isEntryPoint = (id) => WITH_DEFAULT.test(id) || /[\\/]prebuilt[\\/]/.test(id);

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
      interop: 'default',
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
