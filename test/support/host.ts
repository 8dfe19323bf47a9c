// For the tests that run on the host: the repository's scripts and the programs of this machine.

import { execFile } from 'node:child_process';
import { join } from 'node:path';

export const root = join(__dirname, '../../..');

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. */
export function runProgram(program: string, args: string[], cwd = root, env: Record<string, string> = {}): Promise<Result> {
  const options = {
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32' && /^np[mx]$/.test(program),
  };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }));
  });
}

/** Runs one of the repository's scripts. */
export const runScript = (name: string, ...args: string[]): Promise<Result> =>
  runProgram(process.execPath, [join(root, 'scripts', name), ...args]);

/** The path of a compiled program of test/fixtures, which runs in the Windows Node. */
export const windowsFixture = (name: string): string => join(root, 'build/test/fixtures', `${name}.js`);
