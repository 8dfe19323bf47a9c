// Copies of the package, perhaps incomplete ones.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type ChildOptions, type Ended, runNode } from './child';

export const root = join(__dirname, '../../..');
export const target = `${process.platform}-${process.arch}`;
/** The prebuilt addon, and where a build from source is. */
export const addonFile = `prebuilds/${target}/node.napi${process.arch === 'arm64' ? '.armv8' : ''}.node`;
export const built = 'build/Release/rtworkq.node';

/** Copies parts of the package, without node-gyp-build unless it is named. */
export function copyPackageTo(folder: string, ...parts: string[]): void {
  for (const part of ['package.json', 'dist', ...parts]) cpSync(join(root, part), join(folder, part), { recursive: true });
}

/** Runs code with the copy as `rtworkq`, and the module that its entry points share as `shared`. */
export function runCopyIn(folder: string, code: string, { flags = [], ...options }: ChildOptions = {}): Promise<Ended> {
  const name = (path: string): string => JSON.stringify(join(folder, path));
  const head = `const rtworkq = require(${name('dist/index.js')}); const shared = require(${name('dist/shared/rtworkq.js')});`;
  return runNode([...flags, '-e', `${head}\n${code}`], { cwd: folder, ...options });
}
