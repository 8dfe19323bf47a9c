// Rolls up the package's declarations: tsc's output for lib/ becomes one file per entry point, with only public declarations.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from './log.mjs';
import { buildFolder, root, withTemporaryFolder } from './paths.mjs';

const ENTRY_POINTS = ['index.d.ts', 'timers/index.d.ts', 'timers/promises.d.ts', 'testing/index.d.ts'];
// These only re-export the others, so they are copied as tsc writes them.
const RE_EXPORTS = ['index.d.mts', 'timers/index.d.mts', 'timers/promises.d.mts', 'testing/index.d.mts', 'prebuilt'];
const INTERNAL = /[\\/]addon-\w+\.d\.m?ts$/;

/**
 * Writes the declarations of one entry point.
 * @param {string} folder with the declarations of all files of lib/
 * @param {string} name of the entry point
 * @param {string} dist
 */
async function rollUp(folder, name, dist) {
  // Imported late, because the packages may have to be installed first.
  const { rollup } = await import('rollup');
  const { dts } = await import('rollup-plugin-dts');
  const bundle = await rollup({
    input: join(folder, name),
    plugins: [dts()],
    external: [/^node:/, './promises', '../index'],
    // For example an import that was not found, which would stay in the file.
    onLog: (_level, { message }) => {
      throw new StepError(message);
    },
  });
  await bundle.write({ file: join(dist, name) });
  await bundle.close();
}

/**
 * lib/ -> the declarations in dist/
 * @param {(folder: string) => Promise<void>} compile writes the declarations of all files into a folder
 */
export function writeDeclarations(compile) {
  const dist = join(root, 'dist');
  return withTemporaryFolder(async (folder) => {
    await compile(folder);
    for (const name of ENTRY_POINTS) await rollUp(folder, name, dist);
    const filter = (file) => !INTERNAL.test(file);
    for (const name of RE_EXPORTS) cpSync(join(folder, name), join(dist, name), { recursive: true, filter });
  }, buildFolder);
}
