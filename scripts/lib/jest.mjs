// Runs jest over the compiled tests, on this machine or in the Windows Node, and counts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeModulesProgram } from './build.mjs';
import { say } from './log.mjs';
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

const jestArguments = (config, resultFile, patterns) => ['--config', config, '--json', '--outputFile', resultFile, ...patterns];

/**
 * The tests of test/host, in the Node that runs the scripts.
 * @param {string[]} patterns of their files; none for all
 * @param {Record<string, string>} env
 * @returns {Promise<Counts>}
 */
export function runHostTests(patterns, env) {
  return withTemporaryFolder(async (folder) => {
    const result = join(folder, 'result.json');
    const args = [nodeModulesProgram('jest/bin/jest.js'), ...jestArguments(join(root, 'test/jest/host.json'), result, patterns)];
    const { output } = await run(process.execPath, [...args, '--runInBand'], {
      cwd: root,
      env: { ...process.env, ...env },
      allowFailure: true,
    });
    return { ...readCounts(result), log: output };
  });
}

/**
 * The tests of test/core and test/lifetime, in a Windows Node.
 * @param {{ target: { name: string, node: string, arch: string }, dll?: 'wine' | 'stand-in', lane?: string, patterns: string[],
 *   env: Record<string, string>, wineDebug?: 'heap' }} options
 * @returns {Promise<Counts>}
 */
export function runWindowsTests({ target, patterns, env, ...options }) {
  return withTemporaryFolder(async (folder) => {
    const result = join(folder, 'result.json');
    const packages = await windowsPackages(target.arch);
    const jest = join(packages, 'jest/bin/jest.js');
    let log = '';
    const { crash } = await runInWindows({
      ...target,
      ...options,
      // The tests are inside the repository (scripts/windows/preload.cjs).
      env: { ...env, RTWORKQ_INSIDE: '1' },
      args: [jest, ...jestArguments(join(root, 'test/jest/windows.json'), result, patterns), '--runInBand'].map(mapPath),
      // jest prefers the jest of the folder it is started in.
      cwd: join(packages, '..'),
      stdout: () => {},
      stderr: (data) => (log += data),
    });
    if (crash) say(`The tests in Node ${target.name} crashed: ${crash}.`);
    return { ...readCounts(result, crash), log };
  });
}

const mapPath = (argument) => (argument.startsWith('/') ? forWindows(argument) : argument);
