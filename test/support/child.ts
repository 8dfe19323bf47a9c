// Runs programs that use rtworkq in child processes, and tells how they end.

import { type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { LIMIT } from './time';

export interface Ended {
  /** The 32-bit Windows exit code. For a crash it is the code of the unhandled exception. */
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  /** The last line of the output. */
  last: string;
  milliseconds: number;
}

export interface ChildOptions {
  exe?: string;
  flags?: string[];
  args?: string[];
  env?: Record<string, string>;
  cwd?: string;
}

/** Runs node.exe with arguments to its end. A child that hangs is killed after LIMIT; no test has a shorter limit. */
export function runNode(args: string[], { exe = process.execPath, env, cwd }: ChildOptions = {}): Promise<Ended> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, timeout: LIMIT };
    if (cwd) options.cwd = cwd;
    const child = spawn(exe, args, options);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (data) => (stdout += data));
    child.stderr?.on('data', (data) => (stderr += data));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const last = stdout.trimEnd().split(/\r?\n/).at(-1) ?? '';
      resolve({ code, signal, stdout, stderr, last, milliseconds: performance.now() - started });
    });
  });
}

/** The path of a compiled program in test/fixtures. */
export const fixture = (name: string): string => join(__dirname, '../fixtures', `${name}.js`);

/** Runs a program in test/fixtures. */
export const runFixture = (name: string, { flags = [], args = [], ...options }: ChildOptions = {}): Promise<Ended> =>
  runNode([...flags, fixture(name), ...args], options);

/** Runs JavaScript with `rtworkq` in scope, in a folder inside the package. */
export const runCode = (code: string, { flags = [], ...options }: ChildOptions = {}): Promise<Ended> =>
  runNode([...flags, '-e', `const rtworkq = require('rtworkq');\n${code}`], { cwd: join(__dirname, '..'), ...options });
