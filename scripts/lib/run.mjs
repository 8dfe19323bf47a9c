// Running other programs.

import { spawn } from 'node:child_process';
import { StepError } from './log.mjs';
import { withoutShell } from './npm.cjs';

/** `npm run -s` silences every npm below it, the reasons of a failure too. */
function talkative({ npm_config_loglevel: _, ...env }) {
  return env;
}

/**
 * Ends a program that stops getting on.
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ progress: () => number, least: number, within: number }} pace `progress` has to grow by `least` within so many milliseconds
 * @returns {{ stop(): void, stalled(): boolean }}
 */
function keepPace(child, { progress, least, within }) {
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
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, ask?: boolean, help?: string, allowFailure?: boolean,
 *   pace?: Parameters<typeof keepPace>[1], signal?: AbortSignal, hear?: (data: Buffer) => void, Failure?: typeof StepError }} [options]
 *   `show` passes the program's output through; without it the output is kept and becomes part of the error, a `Failure`. `ask`
 *   passes the terminal's input to the program, which may ask questions. `signal` kills the program; `hear` is given its output too.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  const { env = process.env, show = false, ask = false, allowFailure = false, Failure = StepError } = options;
  const { cwd, help, pace, signal: killed, hear } = options;
  return new Promise((resolve, reject) => {
    const io = show ? 'inherit' : 'pipe';
    const stdio = [ask ? 'inherit' : 'ignore', io, io];
    const child = spawn(...withoutShell(command, args), { cwd, env: talkative(env), stdio, signal: killed, killSignal: 'SIGKILL' });
    const keeper = pace && keepPace(child, pace);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data) => {
        output += data;
        hear?.(data);
      });
    }
    child.on('error', (error) => {
      keeper?.stop();
      if (allowFailure) resolve({ code: -1, output: String(error) });
      else reject(new Failure(`Could not start ${command}: ${error.message}`, help));
    });
    child.on('close', (code, signal) => {
      keeper?.stop();
      if (keeper?.stalled()) output += '\nIt did not get on, and was ended.';
      if (code === 0 || allowFailure) return resolve({ code: code ?? -1, output });
      const tail = output.trimEnd().split('\n').slice(-40).join('\n');
      const how = `ended with ${signal ?? `exit code ${code}`}`;
      reject(new Failure(`${command} ${args.join(' ')}\n${how}${tail ? `:\n${tail}` : ''}`, help));
    });
  });
}

/** The program's output, trimmed, or undefined where it is missing or fails. */
export async function tryOutput(command, args, options = {}) {
  const { code, output } = await run(command, args, { ...options, allowFailure: true });
  return code === 0 ? output.trim() : undefined;
}
