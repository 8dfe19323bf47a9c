// The addons that the package ships in prebuilds/: one for each Windows architecture, with the name that node-gyp-build,
// @electron/rebuild and lib/prebuilt/ look for.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addonProblems } from './addon-checks.mjs';
import { StepError } from './log.mjs';
import { root } from './paths.mjs';

export const prebuildsFolder = join(root, 'prebuilds');

/** By Node's name for the architecture. */
export const PREBUILDS = {
  x64: { file: 'win32-x64/node.napi.node' },
  arm64: { file: 'win32-arm64/node.napi.armv8.node' },
  ia32: { file: 'win32-ia32/node.napi.node' },
};

/** An architecture's entry in PREBUILDS. */
export function prebuildFor(arch) {
  if (!Object.hasOwn(PREBUILDS, arch)) {
    throw new StepError(`There is no addon for the architecture ${arch}.`, `choose one of ${Object.keys(PREBUILDS).join(', ')}`);
  }
  return PREBUILDS[arch];
}

/**
 * Throws unless an architecture's prebuilt addon exists and can be published.
 * @param {keyof typeof PREBUILDS} arch
 * @param {{ crossBuild?: boolean }} [options] `crossBuild`: accepts an addon that mingw-w64 built, for local tests
 * @returns {Promise<string>} the file
 */
export async function checkPrebuild(arch, { crossBuild = false } = {}) {
  const { file } = prebuildFor(arch);
  const path = join(prebuildsFolder, file);
  const name = `prebuilds/${file}`;
  if (!existsSync(path)) throw new StepError(`${name} is missing.`, `on Windows: npm run prebuild -- --arch ${arch}`);
  const problems = await addonProblems(readFileSync(path), arch, { name, crossBuild });
  if (problems.length > 0) {
    const lines = problems.map(({ problem }) => `${name} ${problem}.`);
    throw new StepError(lines.join('\n'), problems.map(({ help }) => help).join('; '));
  }
  return path;
}
