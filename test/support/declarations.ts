// The package's declarations.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './host';

export const declarations = readFileSync(join(root, 'dist/index.d.ts'), 'utf8');

/** The names of `export { ... };` or `export type { ... };`. */
const namesBehind = (keyword: string): string[] =>
  [...declarations.matchAll(new RegExp(`^${keyword} \\{ (.*) \\};$`, 'gm'))].flatMap(([, names = '']) => names.split(', '));

export const publicValues = namesBehind('export');
export const publicTypes = namesBehind('export type');
