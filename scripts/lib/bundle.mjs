// The package's JavaScript: what tsc makes of each file of lib/ becomes one file for each entry point and a few that they share.
// To find and read a file takes longer than to run it, above all on Windows, where scanners look at each.

import { cpSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StepError } from './log.mjs';
import { buildFolder, root, withTemporaryFolder } from './paths.mjs';

const ENTRY_POINTS = ['index', 'timers/index', 'timers/promises', 'prebuilt/win32-x64', 'prebuilt/win32-arm64', 'prebuilt/win32-ia32'];

/** Imports without an extension, as TypeScript has them. Where there is a .mjs too, that is the one for `import`. */
const typeScriptImports = {
  name: 'typescript-imports',
  resolveId: (source, importer) => (importer && source.startsWith('.') ? `${resolve(dirname(importer), source)}.js` : null),
};

/**
 * lib/ -> the JavaScript in dist/
 * @param {(folder: string) => Promise<void>} compile writes all files into a folder, as ES modules
 */
export function writeBundles(compile) {
  return withTemporaryFolder(async (folder) => {
    await compile(folder);
    // A package, so it is loaded when it is installed.
    const { rollup } = await import('rollup');
    const bundle = await rollup({
      input: Object.fromEntries(ENTRY_POINTS.map((name) => [name, join(folder, `${name}.js`)])),
      plugins: [typeScriptImports],
      external: /^node:/,
      onLog: (_level, { code, message }) => {
        // TypeScript's helpers for `using` look for a global one.
        if (code !== 'THIS_IS_UNDEFINED') throw new StepError(message);
      },
    });
    await bundle.write({
      dir: join(root, 'dist'),
      format: 'cjs',
      // In a folder, like the entry points of the addons: both look for them two folders above.
      chunkFileNames: 'shared/[name].js',
      exports: 'named',
      esModule: true,
      interop: 'default',
      freeze: false,
      externalLiveBindings: false,
      hoistTransitiveImports: false,
    });
    await bundle.close();
    for (const name of ENTRY_POINTS) cpSync(join(folder, `${name}.mjs`), join(root, 'dist', `${name}.mjs`));
  }, buildFolder);
}
