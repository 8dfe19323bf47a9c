// Everything that a program needs in order to run in a Windows Node and use the package there. What does not need each
// other is done side by side.

import { buildTestAddons, buildTests, ensureBuilt } from './build.mjs';
import { windowsPackages } from './packages.mjs';
import { once, together } from './parallel.mjs';
import { prepareWine } from './windows.mjs';
import { ensureWindowsNode } from './windows-node.mjs';

const onWindows = process.platform === 'win32';

/**
 * @param {ReturnType<import('./windows-node.mjs').resolveTarget>} target
 * @param {'wine' | 'stand-in'} [dll] the RTWorkQ.dll to meet in Wine
 */
export async function prepare(target, dll) {
  await together(ensureBuilt(target.arch), ensureWindowsNode(target), onWindows || prepareWine({ arch: target.arch, dll }));
}

/**
 * The same for the tests.
 * @returns {Promise<Record<string, string>>} the tests' addons, by the environment variables that name them to the tests
 */
export const prepareTests = once(async (target, dll) => {
  // Not every machine runs 32-bit programs, and compiling for them takes longest: first see whether this one does.
  if (!onWindows && target.arch === 'ia32') await prepareWine({ arch: target.arch, dll });
  const [, addons] = await together(prepare(target, dll), buildTestAddons(target.arch), buildTests(), windowsPackages(target.arch));
  return addons;
});
