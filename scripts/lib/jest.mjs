// Runs jest over the compiled tests, on this machine or in the Windows Node, and counts.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeModulesProgram } from './build.mjs';
import { windowsPackages } from './packages.mjs';
import { root, withTemporaryFolder } from './paths.mjs';
import { run } from './run.mjs';
import { forWindows, runInWindows } from './windows.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, log: string }} Counts with what jest wrote */

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
 * How long jest may write nothing, in milliseconds: while its tests run, each of which has a time limit below that, and after
 * them.
 */
const PATIENCE = { testing: 1_500_000, ending: 60_000 };

/**
 * Ends jest when nothing comes of it any more. A test that blocks the thread meets no time limit of jest's, and whatever a
 * test leaves running keeps the process alive after the last of them.
 * @param {string} result the file that jest writes after its tests
 * @param {typeof PATIENCE} patience
 */
function watchJest(result, patience) {
  const controller = new AbortController();
  let heard = performance.now();
  const timer = setInterval(() => {
    const when = existsSync(result) ? 'ending' : 'testing';
    const limit = patience[when];
    if (performance.now() - heard > limit) controller.abort(`it wrote nothing for ${limit / 1000} s while it was ${when}, and was ended`);
  }, patience.ending / 60);
  return {
    signal: controller.signal,
    hear: () => {
      heard = performance.now();
    },
    stop: () => clearInterval(timer),
  };
}

/**
 * Runs jest and counts.
 * @param {string} config
 * @param {string[]} patterns of test files; none for all
 * @param {(jest: { args: string[], signal: AbortSignal, hear: (data: Buffer) => void }) => Promise<string | undefined>} start
 *   starts it with these arguments, passes on what it writes, kills it by the signal, and says how it crashed
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
      const hear = (data) => {
        log += data;
        watch.hear();
      };
      const crash = await start({ args, signal: watch.signal, hear }).catch((error) => {
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
 * The tests of test/host, in the Node that runs the scripts.
 * @param {string[]} patterns of their files; none for all
 * @param {Record<string, string>} env
 * @returns {Promise<Counts>}
 */
export function runHostTests(patterns, env) {
  return superviseJest(join(root, 'test/jest/host.json'), patterns, async ({ args, signal, hear }) => {
    await run(process.execPath, [nodeModulesProgram('jest/bin/jest.js'), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      allowFailure: true,
      signal,
      hear,
    });
    return undefined;
  });
}

/**
 * The tests of test/core and test/lifetime, in a Windows Node.
 * @param {{ target: { name: string, node: string, arch: string }, dll?: 'wine' | 'stand-in', lane?: string, patterns: string[],
 *   except: string[], env: Record<string, string>, wineDebug?: 'heap' }} options
 * @returns {Promise<Counts>}
 */
export function runWindowsTests({ target, patterns, except, env, ...options }) {
  const files = [...patterns, ...except.map((pattern) => `--testPathIgnorePatterns=${pattern}`)];
  return superviseJest(join(root, 'test/jest/windows.json'), files, async ({ args, signal, hear }) => {
    const packages = await windowsPackages(target.arch);
    const { crash } = await runInWindows({
      ...target,
      ...options,
      // The tests are inside the repository (scripts/windows/preload.cjs).
      env: { ...env, RTWORKQ_INSIDE: '1' },
      args: [join(packages, 'jest/bin/jest.js'), ...args].map(mapPath),
      // jest prefers the jest of the folder it is started in.
      cwd: join(packages, '..'),
      stdout: () => {},
      stderr: hear,
      signal,
    });
    return crash;
  });
}

const mapPath = (argument) => (argument.startsWith('/') ? forWindows(argument) : argument);
