// Runs jest on the compiled tests, on this machine or in the Windows Node, and counts the results.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeModulesProgram } from './build.mjs';
import { windowsPackages } from './packages.mjs';
import { root, withTemporaryFolder } from './paths.mjs';
import { run } from './run.mjs';
import { stopping } from './stop.mjs';
import { forWindows, runInWindows } from './windows.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, log: string }} Counts `log` is jest's output */

function readCounts(file, crash) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    // A file that cannot be loaded fails without a test of its own.
    const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length;
    return { passed: numPassedTests, failed: numFailedTests + broken + (crash ? 1 : 0), skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/**
 * How long jest may write nothing, in milliseconds: during the tests, whose own time limits are shorter, and after them.
 */
const PATIENCE = { testing: 1_500_000, ending: 60_000 };

/**
 * Kills jest if the script has to stop, or if jest writes nothing for too long. jest's own time limit cannot stop a test that blocks
 * the thread, and a timer or handle that a test leaves open keeps the process alive after the last test.
 * @param {string} result the file that jest writes after its tests
 * @param {typeof PATIENCE} patience
 */
function watchJest(result, patience) {
  const controller = new AbortController();
  let lastOutput = performance.now();
  const timer = setInterval(() => {
    const [limit, when] = existsSync(result) ? [patience.ending, 'after the tests'] : [patience.testing, 'during the tests'];
    if (performance.now() - lastOutput > limit) controller.abort(`it wrote nothing for ${limit / 1000} s ${when}, and was killed`);
  }, patience.ending / 60);
  const stop = () => controller.abort(`${stopping.reason} stopped it`);
  if (stopping.aborted) stop();
  stopping.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    onOutput: () => {
      lastOutput = performance.now();
    },
    stop() {
      clearInterval(timer);
      stopping.removeEventListener('abort', stop);
    },
  };
}

/**
 * Runs jest and counts the results.
 * @param {string} config
 * @param {string[]} patterns of test files; none for all
 * @param {(jest: { args: string[], signal: AbortSignal, onData: (data: Buffer) => void }) => Promise<string | undefined>} start
 *   starts jest with these arguments, passes its output to `onData`, kills it on the signal, and returns how it crashed, if it did
 * @param {typeof PATIENCE} [patience]
 * @returns {Promise<Counts>}
 */
export function superviseJest(config, patterns, start, patience = PATIENCE) {
  return withTemporaryFolder(async (folder) => {
    const result = join(folder, 'result.json');
    const watch = watchJest(result, patience);
    let log = '';
    try {
      const args = ['--config', config, '--json', '--outputFile', result, ...patterns, '--runInBand'];
      const onData = (data) => {
        log += data;
        watch.onOutput();
      };
      const crash = await start({ args, signal: watch.signal, onData }).catch((error) => {
        if (!watch.signal.aborted) throw error;
      });
      const problem = watch.signal.reason ?? crash;
      if (problem) log += `\njest: ${problem}.\n`;
      return { ...readCounts(result, problem), log };
    } finally {
      watch.stop();
    }
  });
}

/**
 * Runs the tests of test/host in the Node that runs the scripts.
 * @param {{ patterns: string[], except: string[], env: Record<string, string> }} options patterns of their files, none for all,
 *   and of files to leave out
 * @returns {Promise<Counts>}
 */
export function runHostTests({ patterns, except, env }) {
  return superviseJest(join(root, 'test/jest/host.json'), [...patterns, ...leavingOut(except)], async ({ args, signal, onData }) => {
    await run(process.execPath, [nodeModulesProgram('jest/bin/jest.js'), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      allowFailure: true,
      signal,
      onData,
    });
    return undefined;
  });
}

/**
 * Runs the tests of test/core and test/lifetime in a Windows Node.
 * @param {{ target: { name: string, node: string, arch: string }, dll?: 'wine' | 'stand-in', lane?: string, patterns: string[],
 *   except: string[], env: Record<string, string>, wineDebug?: 'heap' }} options
 * @returns {Promise<Counts>}
 */
export function runWindowsTests({ target, patterns, except, env, ...options }) {
  return superviseJest(join(root, 'test/jest/windows.json'), [...patterns, ...leavingOut(except)], async ({ args, signal, onData }) => {
    const packages = await windowsPackages(target.arch);
    const { crash } = await runInWindows({
      ...target,
      ...options,
      // The tests are inside the repository, so they find the package by themselves (scripts/windows/preload.cjs).
      env: { ...env, RTWORKQ_INSIDE: '1' },
      args: [join(packages, 'jest/bin/jest.js'), ...args].map(mapPath),
      // jest prefers the jest that is installed in its working directory.
      cwd: join(packages, '..'),
      stdout: () => {},
      stderr: onData,
      signal,
    });
    return crash;
  });
}

const leavingOut = (patterns) => patterns.map((pattern) => `--testPathIgnorePatterns=${pattern}`);

const mapPath = (argument) => (argument.startsWith('/') ? forWindows(argument) : argument);
