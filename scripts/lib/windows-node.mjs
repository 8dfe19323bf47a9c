// The Windows node.exe that scripts and tests run in. It comes from a pinned npm package with the official binary.

import { StepError } from './log.mjs';
import { ensureProgram } from './packaged-program.mjs';
import { pins } from './paths.mjs';

const { default: preferred, builds } = pins.windowsNode;

/** Fills in the defaults: on Windows the Node that runs this script, elsewhere the default of pins.json. */
export function resolveTarget({ node, arch } = {}) {
  const own = process.platform === 'win32';
  const wanted = {
    arch: arch ?? (own ? process.arch : preferred.arch),
    node: node ?? (own ? process.versions.node.split('.')[0] : arch === 'ia32' ? '22' : preferred.node),
  };
  const name = `${wanted.node}-${wanted.arch}`;
  const running = own && name === `${process.versions.node.split('.')[0]}-${process.arch}`;
  if (!running && !builds[name]) {
    throw new StepError(`There is no pinned Windows Node "${name}".`, `choose one of ${Object.keys(builds).join(', ')}`);
  }
  return { ...wanted, name, running };
}

/**
 * Returns the path of node.exe for a target, and downloads and verifies it on first use.
 * @param {ReturnType<typeof resolveTarget>} target
 */
export async function ensureWindowsNode(target) {
  return target.running ? process.execPath : ensureProgram({ ...builds[target.name], file: 'bin/node.exe' });
}
