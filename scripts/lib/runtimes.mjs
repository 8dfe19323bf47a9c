// Runs programs in Node, Bun and Deno: in their builds for this machine, and on Linux also in those for Windows, in Wine.

import { ensureProgram } from './packaged-program.mjs';
import { pins } from './paths.mjs';
import { run } from './run.mjs';
import { forWindows, runInWine } from './windows.mjs';
import { ensureWindowsNode, resolveTarget } from './windows-node.mjs';

/** @typedef {{ runtime: 'node' | 'bun' | 'deno', platform: string, name: string, ensure: () => Promise<string> }} Build */

const pinned = Object.entries(pins.runtimes).flatMap(([key, program]) => {
  const [runtime, platform, arch] = key.split('-');
  const inWine = platform === 'win32' && process.platform === 'linux';
  if (arch !== process.arch || (platform !== process.platform && !inWine)) return [];
  const version = program.package.split('@').at(-1);
  return { runtime, platform, name: `${runtime} ${version}, ${platform}`, ensure: () => ensureProgram(program) };
});

const target = resolveTarget({ arch: 'x64' });
const windowsNode = {
  runtime: 'node',
  platform: 'win32',
  name: `node ${target.node}, win32`,
  ensure: () => ensureWindowsNode(target),
};

/**
 * The builds that run on this machine: none, if it is not for x64.
 * @type {Build[]}
 */
export const BUILDS = pinned.length > 0 ? [windowsNode, ...pinned] : [];

/** Whether a build runs in Wine. */
const inWine = ({ platform }) => platform !== process.platform;

/** The arguments before a program's file. Only Deno has permissions by default. */
const options = (runtime, permissions) => (runtime === 'deno' ? ['run', '--no-prompt', ...permissions] : []);

/**
 * Runs a program to its end, and kills it if it takes too long.
 * @param {Build} build
 * @param {string} file
 * @param {{ args?: string[], env?: Record<string, string>, permissions: string[], cwd?: string, limit: number }} options `permissions` are Deno's options;
 *   `limit` is in milliseconds
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function runIn(build, file, { args = [], env: more, permissions, cwd, limit }) {
  const exe = await build.ensure();
  const signal = AbortSignal.timeout(limit);
  const command = (path) => [...options(build.runtime, permissions), path, ...args];
  const env = { NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', ...more };
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
