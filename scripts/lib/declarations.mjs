// The package's declarations: what tsc writes for each file of lib/ becomes one file with what is public, and nothing else.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from './log.mjs';
import { buildFolder, root, withTemporaryFolder } from './paths.mjs';

// The other entry points. They only re-export the index, and stay as tsc writes them.
const ENTRY_POINTS = ['index.d.mts', 'prebuilt'];

/**
 * Writes dist/index.d.ts.
 * @param {string} folder with the declarations of all files of lib/
 * @param {string} dist
 */
async function rollUp(folder, dist) {
  // Packages, so they are loaded when they are installed.
  const { rollup } = await import('rollup');
  const { dts } = await import('rollup-plugin-dts');
  const bundle = await rollup({
    input: join(folder, 'index.d.ts'),
    plugins: [dts()],
    external: /^node:/,
    // Such as an import that is not found, which would be left in the file.
    onLog: (_level, { message }) => {
      throw new StepError(message);
    },
  });
  await bundle.write({ file: join(dist, 'index.d.ts') });
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
    await rollUp(folder, dist);
    for (const name of ENTRY_POINTS) cpSync(join(folder, name), join(dist, name), { recursive: true });
  }, buildFolder);
}
