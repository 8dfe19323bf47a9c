// The package's declarations.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './host';

export interface Declarations {
  readonly text: string;
  /** The names of the exports. */
  readonly values: string[];
  readonly types: string[];
}

/** The declarations of an entry point, a file in dist/. */
export function declarationsOf(file: string): Declarations {
  const text = readFileSync(join(root, 'dist', file), 'utf8');
  /** The names of `export { ... };` or `export type { ... };`. */
  const namesBehind = (keyword: string): string[] =>
    [...text.matchAll(new RegExp(`^${keyword} \\{ (.*) \\};$`, 'gm'))].flatMap(([, names = '']) => names.split(', '));
  return { text, values: namesBehind('export'), types: namesBehind('export type') };
}

export const { text: declarations, values: publicValues, types: publicTypes } = declarationsOf('index.d.ts');
