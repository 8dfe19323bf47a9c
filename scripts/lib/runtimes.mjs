// Runs programs in Bun and Deno: in their builds for this machine, and elsewhere than on Windows also in those for Windows, in Wine.

import { ensureProgram } from './packaged-program.mjs';
import { pins } from './paths.mjs';
import { run } from './run.mjs';
import { forWindows, runInWine } from './windows.mjs';

/** @typedef {{ runtime: 'bun' | 'deno', platform: string, pinned: Parameters<typeof ensureProgram>[0], name: string }} Build */

/**
 * The builds that run on this machine.
 * @type {Build[]}
 */
export const BUILDS = Object.entries(pins.runtimes).flatMap(([key, pinned]) => {
  const [runtime, platform, arch] = key.split('-');
  const inWine = platform === 'win32' && process.platform === 'linux';
  if (arch !== process.arch || (platform !== process.platform && !inWine)) return [];
  const version = pinned.package.split('@').at(-1);
  return { runtime, platform, pinned, name: `${runtime} ${version}, ${platform}-${arch}` };
});

/** Whether a build runs in Wine. */
const inWine = ({ platform }) => platform !== process.platform;

/** The arguments before a program's file. Only Deno has permissions. */
const options = (runtime, permissions) => (runtime === 'deno' ? ['run', '--no-prompt', ...permissions] : []);

/**
 * Runs a program to its end, and kills it if it takes too long.
 * @param {Build} build
 * @param {string} file
 * @param {{ args?: string[], permissions: string[], cwd?: string, limit: number }} options `permissions` are Deno's options;
 *   `limit` is in milliseconds
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function runIn(build, file, { args = [], permissions, cwd, limit }) {
  const exe = await ensureProgram(build.pinned);
  const signal = AbortSignal.timeout(limit);
  const command = (path) => [...options(build.runtime, permissions), path, ...args];
  const env = { NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' };
  let output = '';
  const keep = (data) => {
    output += data;
  };
  const { code } = inWine(build)
    ? await runInWine([exe, ...command(forWindows(file))], { arch: 'x64', cwd, env, signal, stdout: keep, stderr: keep })
    : await run(exe, command(file), { cwd, env: { ...process.env, ...env }, signal, onData: keep, allowFailure: true });
  if (!signal.aborted) return { code: code ?? -1, output };
  return { code: -1, output: `${output}\nIt was ended after ${limit / 1000} s.` };
}
