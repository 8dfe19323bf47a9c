// Runs TypeScript's compilers.

import { existsSync, writeFileSync } from 'node:fs';
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

const STRICT = {
  noEmit: true,
  strict: true,
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  typeRoots: [inNodeModules('@types')],
};

/** Type-checks files of a folder in strict mode. Resolves to the errors, each of one or more lines. */
export async function typeCheck(version: string, folder: string, include: string[], compilerOptions: object): Promise<string[]> {
  const project = join(folder, `tsconfig.${version}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions: { ...STRICT, ...compilerOptions }, include }));
  const args = [inNodeModules(`${compilers[version]}/bin/tsc`), '-p', project, '--pretty', 'false'];
  const { code, stdout, stderr } = await runProgram(process.execPath, args, folder);
  const errors = `${stdout}${stderr}`
    .trim()
    .split(/\r?\n(?! )/)
    .filter(Boolean);
  return code !== 0 && errors.length === 0 ? [`The compiler ended with ${code}.`] : errors;
}
