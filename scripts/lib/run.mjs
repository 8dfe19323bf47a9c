// Runs other programs.

import { spawn } from 'node:child_process';
import { StepError } from './log.mjs';
import { withoutShell } from './npm.cjs';
import { stopping } from './stop.mjs';

/** Removes the log level of `npm run -s`, which would also hide the errors of every npm that a script runs. */
function withoutLogLevel({ npm_config_loglevel: _, ...env }) {
  return env;
}

/**
 * Ends a program that makes no progress.
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ progress: () => number, least: number, within: number }} pace `progress` must grow by `least` in each
 *   `within` milliseconds
 * @returns {{ stop(): void, stalled(): boolean }}
 */
function watchProgress(child, { progress, least, within }) {
  let before = progress();
  let stalled = false;
  const timer = setInterval(() => {
    const now = progress();
    if (now - before < least) {
      stalled = true;
      child.kill();
    }
    before = now;
  }, within);
  return { stop: () => clearInterval(timer), stalled: () => stalled };
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, interactive?: boolean, help?: string, allowFailure?: boolean,
 *   pace?: Parameters<typeof watchProgress>[1], signal?: AbortSignal, onData?: (data: Buffer) => void,
 *   Failure?: typeof StepError }} [options]
 *   `show` passes the program's output through; otherwise the output is returned, and its end is part of the error, a `Failure`.
 *   `interactive` passes the terminal's input to the program, so that it can ask questions. `signal` kills the program. `onData`
 *   gets the output as it comes.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  const { env = process.env, show = false, interactive = false, allowFailure = false, Failure = StepError } = options;
  const { cwd, help, pace, signal: killed, onData } = options;
  return new Promise((resolve, reject) => {
    const io = show ? 'inherit' : 'pipe';
    const stdio = [interactive ? 'inherit' : 'ignore', io, io];
    const signal = killed ? AbortSignal.any([killed, stopping]) : stopping;
    const child = spawn(...withoutShell(command, args), { cwd, env: withoutLogLevel(env), stdio, signal, killSignal: 'SIGKILL' });
    const watch = pace && watchProgress(child, pace);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data) => {
        output += data;
        onData?.(data);
      });
    }
    child.on('error', (error) => {
      watch?.stop();
      if (allowFailure) resolve({ code: -1, output: String(error) });
      else if (stopping.aborted) reject(new StepError(`${stopping.reason} stopped ${command}.`));
      else reject(new Failure(`Could not start ${command}: ${error.message}`, help));
    });
    child.on('close', (code, signal) => {
      watch?.stop();
      if (watch?.stalled()) output += '\nIt made no progress and was ended.';
      if (code === 0 || allowFailure) return resolve({ code: code ?? -1, output });
      const tail = output.trimEnd().split('\n').slice(-40).join('\n');
      const how = `ended with ${signal ?? `exit code ${code}`}`;
      reject(new Failure(`${command} ${args.join(' ')}\n${how}${tail ? `:\n${tail}` : ''}`, help));
    });
  });
}

/** Returns a program's output, trimmed, or undefined if it is missing or fails. */
export async function tryOutput(command, args, options = {}) {
  const { code, output } = await run(command, args, { ...options, allowFailure: true });
  return code === 0 ? output.trim() : undefined;
}
