// Runs TypeScript's compilers.

import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inNodeModules, runProgram } from './host';

/** Whether TypeScript 7 is installed. It is a native program, and there is none for 32-bit Windows. */
export const compiles = existsSync(inNodeModules(`@typescript/typescript-${process.platform}-${process.arch}`));

/** The compilers' packages, by version, as far as this machine can run them. */
export const compilers: Record<string, string> = {
  '5.2': 'typescript-5.2',
  '5.4': 'typescript-5.4',
  '5.9': 'typescript-5.9',
  ...(compiles ? { '7': 'typescript' } : {}),
};

/** The packages with Node's types, by Node's version. */
export const nodeTypes: Record<string, string> = { '22': '@types/node', '24': 'node-types-24', '26': 'node-types-26' };

const STRICT = {
  noEmit: true,
  strict: true,
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
};

/** A folder in which the types of that version of Node have the name that compilers look for. */
function typeRoot(folder: string, node: string): string {
  const types = join(folder, `types-${node}`);
  if (!existsSync(types)) {
    mkdirSync(types);
    symlinkSync(inNodeModules(nodeTypes[node]!), join(types, 'node'), 'junction');
  }
  return types;
}

/**
 * Type-checks files of a folder in strict mode. Resolves to the errors, each of one or more lines. Errors in Node's types are left out:
 * the latest do not compile with the oldest compilers.
 */
export async function typeCheck(
  version: string,
  folder: string,
  include: string[],
  compilerOptions: object,
  node = '22',
): Promise<string[]> {
  const project = join(folder, `tsconfig.${version}-${node}.json`);
  const options = { ...STRICT, typeRoots: [typeRoot(folder, node)], ...compilerOptions };
  writeFileSync(project, JSON.stringify({ compilerOptions: options, include }));
  const args = [inNodeModules(`${compilers[version]}/bin/tsc`), '-p', project, '--pretty', 'false'];
  const { code, stdout, stderr } = await runProgram(process.execPath, args, folder);
  const errors = `${stdout}${stderr}`
    .trim()
    .split(/\r?\n(?! )/)
    .filter(Boolean);
  if (code !== 0 && errors.length === 0) return [`The compiler ended with ${code}.`];
  return errors.filter((error) => !error.includes(`node_modules/${nodeTypes[node]}/`));
}
