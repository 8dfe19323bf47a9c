// Prepares everything that a program needs to use the package in a Windows Node. Independent steps run in parallel.

import { buildTestAddons, buildTests, ensureBuilt } from './build.mjs';
import { windowsPackages } from './packages.mjs';
import { once, together } from './parallel.mjs';
import { prepareWine } from './windows.mjs';
import { ensureWindowsNode } from './windows-node.mjs';

const onWindows = process.platform === 'win32';

/**
 * @param {ReturnType<import('./windows-node.mjs').resolveTarget>} target
 * @param {'wine' | 'stand-in'} [dll] the RTWorkQ.dll to use in Wine
 */
export async function prepare(target, dll) {
  await together(ensureBuilt(target.arch), ensureWindowsNode(target), onWindows || prepareWine({ arch: target.arch, dll }));
}

/**
 * The same for the tests.
 * @returns {Promise<Record<string, string>>} the tests' addons, by the environment variables that pass them to the tests
 */
export const prepareTests = once(async (target, dll) => {
  // Not every machine can run 32-bit programs, and compiling for them takes longest. So check first whether this one can.
  if (!onWindows && target.arch === 'ia32') await prepareWine({ arch: target.arch, dll });
  const [, addons] = await together(prepare(target, dll), buildTestAddons(target.arch), buildTests(), windowsPackages(target.arch));
  return addons;
});
