// Runs the repository's scripts and this machine's programs, for the tests on the host.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const root = join(__dirname, '../../..');

const { withoutShell } = require(join(root, 'scripts/lib/npm.cjs')) as {
  withoutShell(program: string, args: string[]): [program: string, args: string[]];
};

/** The path of a file in node_modules. */
export const inNodeModules = (path: string): string => join(root, 'node_modules', path);

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. */
export function runProgram(program: string, args: string[], cwd = root, env: Record<string, string> = {}): Promise<Result> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 28 };
  return new Promise((resolve) => {
    execFile(...withoutShell(program, args), options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

/** Runs one of the repository's scripts. */
export const runScript = (name: string, ...args: string[]): Promise<Result> =>
  runProgram(process.execPath, [join(root, 'scripts', name), ...args]);

/** The path of a compiled program in test/fixtures, for the Windows Node. */
export const windowsFixture = (name: string): string => join(root, 'build/test/fixtures', `${name}.js`);

/** The quoted URL of a file in the repository, for an import in code: a Windows path is not a valid specifier. */
export const importable = (path: string): string => `'${pathToFileURL(join(root, path)).href}'`;

export interface Outcome {
  /** What the code returned. */
  result?: unknown;
  /** What it threw. */
  error?: { name: string; message: string; help?: string };
  stderr: string;
}

/**
 * Runs code that may import the repository's scripts, which jest cannot. The code is imports, then the body of an asynchronous
 * function with `values` in scope.
 */
export async function runModule(code: string, ...values: unknown[]): Promise<Outcome> {
  const [, imports = '', body] = /^((?:\s*import [^;]*;)*)(.*)$/s.exec(code) ?? [];
  const module = `${imports}
    const values = JSON.parse(process.argv[1]);
    const outcome = await (async () => {${body}})().then(
      (result) => ({ result }),
      (error) => ({ error: { name: error.constructor.name, message: error.message, help: error.help } }),
    );
    console.log(JSON.stringify(outcome));`;
  const { stdout, stderr } = await runProgram(process.execPath, ['--input-type=module', '-e', module, JSON.stringify(values)]);
  try {
    return { ...JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), stderr };
  } catch {
    throw new Error(`${stdout}\n${stderr}`);
  }
}
