// What the package ships in prebuilds/: one addon for each architecture of Windows, under the name that node-gyp-build,
// @electron/rebuild and lib/prebuilt/ look for.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from './log.mjs';
import { root } from './paths.mjs';

export const prebuildsFolder = join(root, 'prebuilds');

/** By Node's name of the architecture; `machine` is the Machine field of the file's COFF header. */
export const PREBUILDS = {
  x64: { file: 'win32-x64/node.napi.node', machine: 0x8664 },
  arm64: { file: 'win32-arm64/node.napi.armv8.node', machine: 0xaa64 },
  ia32: { file: 'win32-ia32/node.napi.node', machine: 0x014c },
};

/** What is known of the prebuilt addon of an architecture. */
export function prebuildFor(arch) {
  if (!Object.hasOwn(PREBUILDS, arch)) {
    throw new StepError(`There is no addon for the architecture ${arch}.`, `choose one of ${Object.keys(PREBUILDS).join(', ')}`);
  }
  return PREBUILDS[arch];
}

const hex = (number) => `0x${number.toString(16).padStart(4, '0')}`;

/** The Machine field of a Windows DLL. */
function readMachine(file) {
  const data = readFileSync(file);
  // The DOS header says at 0x3c where the PE header starts: a signature of 4 bytes, then the Machine field.
  const start = data.length >= 0x40 && data.toString('latin1', 0, 2) === 'MZ' ? data.readUInt32LE(0x3c) : -1;
  if (start < 0 || start + 6 > data.length || data.toString('latin1', start, start + 4) !== 'PE\0\0') {
    throw new StepError(`${file} is no Windows DLL.`);
  }
  return data.readUInt16LE(start + 4);
}

/**
 * Throws unless the prebuilt addon of an architecture is there, and is one for that architecture.
 * @param {keyof typeof PREBUILDS} arch
 * @returns {string} the file
 */
export function checkPrebuild(arch) {
  const { file, machine } = prebuildFor(arch);
  const path = join(prebuildsFolder, file);
  if (!existsSync(path)) throw new StepError(`prebuilds/${file} is missing.`, `on Windows: npm run prebuild -- --arch ${arch}`);
  const found = readMachine(path);
  if (found !== machine) throw new StepError(`prebuilds/${file} is for machine ${hex(found)}, not for ${arch} (${hex(machine)}).`);
  return path;
}
