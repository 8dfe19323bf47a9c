// Runs one of Node's own tests, in this Node or in the Windows Node, with or without rtworkq's timers instead of Node's.

import { join } from 'node:path';
import { outcomeOf, preloadOf } from './node-tests.mjs';
import { withTemporaryFolder } from './paths.mjs';
import { stopping } from './stop.mjs';
import { forWindows, runInWindows, spawnIntoFiles } from './windows.mjs';

/** How long a test may take without rtworkq, in seconds, as in Node's own runner. */
export const LIMIT = 120;

/** The same for a test with rtworkq, given what it took without it: some that are permitted to fail never end. */
export const limitAfter = (seconds) => 30 + Math.ceil(4 * seconds);

/** @typedef {{ node?: string, arch?: string, dll?: 'wine' | 'stand-in' } | undefined} Where a Windows Node; undefined for this Node */

/** Runs a program in this Node, as `runInWindows` does in the Windows Node. */
function runHere({ args, env, ...options }) {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  return withTemporaryFolder(async (folder) => {
    const { code, signal } = await spawnIntoFiles(process.execPath, args, { ...options, folder, env: { ...inherited, ...env } });
    return { code, crash: signal ? `it was ended by ${signal}` : undefined };
  });
}

/** Backslashes are escapes inside the quotes. */
const requiring = (file) => `--require "${file.replaceAll('\\', '/')}"`;

/**
 * @param {string} checkout of Node
 * @param {import('./node-tests.mjs').NodeTest} test
 * @param {string | undefined} mode what is swapped, if anything
 * @param {number} place different for tests that run at once
 * @param {number} limit in whole seconds
 * @param {Where} where
 * @returns {Promise<{ outcome: 'passed' | 'failed' | 'skipped', seconds: number, output: string }>} the output ends with how the
 *   test ended
 */
export async function runNodeTest(checkout, { file, flags, env }, mode, place, limit, where) {
  const pathThere = where ? forWindows : (path) => path;
  const started = performance.now();
  const tooLong = AbortSignal.timeout(limit * 1_000);
  let output = '';
  const onData = (data) => {
    output += data;
  };
  const running = (where ? runInWindows : runHere)({
    ...where,
    args: [...flags, pathThere(join(checkout, 'test', file))],
    // Names the test's folder for temporary files.
    env: { ...env, TEST_THREAD_ID: String(place), ...(mode && { NODE_OPTIONS: requiring(pathThere(preloadOf(mode))) }) },
    cwd: checkout,
    stdout: onData,
    stderr: onData,
    signal: AbortSignal.any([tooLong, stopping]),
  });
  const { code, crash } = await running.catch((error) => {
    if (error.name !== 'AbortError') throw error;
    return { code: 1, crash: tooLong.aborted ? `it did not end within ${limit} s` : 'it was stopped' };
  });
  const end = crash ?? `exit code ${code}`;
  const failed = code !== 0 || crash !== undefined;
  const seconds = (performance.now() - started) / 1_000;
  return { outcome: outcomeOf({ failed, output }), seconds, output: `${output.trimEnd()}\n(${end})` };
}
