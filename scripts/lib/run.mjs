// Running other programs.

import { spawn } from 'node:child_process';
import { StepError } from './log.mjs';

const onWindows = process.platform === 'win32';

/** `npm run -s` silences every npm below it, the reasons of a failure too. */
function talkative({ npm_config_loglevel: _, ...env }) {
  return env;
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean | 'stderr', help?: string, allowFailure?: boolean }} [options]
 *   `show` passes the program's output through, or its standard error alone; without it the output is kept and becomes part of the error.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  const { cwd, env = process.env, show = false, help, allowFailure = false } = options;
  return new Promise((resolve, reject) => {
    // npm and npx are batch files on Windows, which only a shell starts.
    const shell = onWindows && /^np[mx]$/.test(command);
    const child = spawn(command, args, {
      cwd,
      env: talkative(env),
      shell,
      stdio: ['ignore', show === true ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', (error) => {
      if (allowFailure) resolve({ code: -1, output: String(error) });
      else reject(new StepError(`Could not start ${command}: ${error.message}`, help));
    });
    child.on('close', (code, signal) => {
      if (code === 0 || allowFailure) return resolve({ code: code ?? -1, output });
      const tail = output.trimEnd().split('\n').slice(-40).join('\n');
      reject(new StepError(`${command} ${args.join(' ')}\nended with ${signal ?? `exit code ${code}`}${tail ? `:\n${tail}` : ''}`, help));
    });
  });
}

/** The program's output, trimmed, or undefined where it is missing or fails. */
export async function tryOutput(command, args, options = {}) {
  const { code, output } = await run(command, args, { ...options, allowFailure: true });
  return code === 0 ? output.trim() : undefined;
}
