// A project that uses the package as it is published.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './host';

export interface Packed {
  tarball: string;
  /** The paths in the tarball. */
  files: string[];
}

/** Packs the package and installs it in an empty folder. */
export async function installPacked(folder: string): Promise<Packed> {
  const packed = await runProgram('npm', ['pack', '--json', '--pack-destination', folder]);
  const listed = JSON.parse(packed.stdout);
  // npm 12 prints an object with the package's name as its key, earlier versions an array.
  const [entry] = Object.values(listed) as [{ filename: string; files: { path: string }[] }];
  const tarball = join(folder, entry.filename);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const installed = await runProgram('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], folder);
  if (installed.code !== 0) throw new Error(installed.stderr);
  return { tarball, files: entry.files.map(({ path }) => path) };
}
