// Runs jest over the compiled tests, on this machine or in the Windows Node, and counts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeModulesProgram } from './build.mjs';
import { say } from './log.mjs';
import { windowsPackages } from './packages.mjs';
import { root, withTemporaryFolder } from './paths.mjs';
import { run } from './run.mjs';
import { forWindows, runInWindows } from './windows.mjs';

/** @typedef {{ name: string, passed: number, failed: number, skipped: number }} Counts */

function readCounts(name, file, crash) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    // A file that cannot be loaded fails without a test of its own.
    const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length;
    return { name, passed: numPassedTests, failed: numFailedTests + broken + (crash ? 1 : 0), skipped: numPendingTests + numTodoTests };
  } catch {
    return { name, passed: 0, failed: 1, skipped: 0 };
  }
}

const DLL_NAMES = { wine: "Wine's DLL", 'stand-in': 'the stand-in' };

const jestArguments = (config, resultFile, patterns) => ['--config', config, '--json', '--outputFile', resultFile, ...patterns];

/**
 * The tests of test/host, in the Node that runs the scripts.
 * @returns {Promise<Counts>}
 */
export function runHostTests() {
  return withTemporaryFolder(async (folder) => {
    const result = join(folder, 'result.json');
    const args = [nodeModulesProgram('jest/bin/jest.js'), ...jestArguments(join(root, 'test/jest/host.json'), result, [])];
    // The counts go to the file; standard output would only repeat them.
    await run(process.execPath, [...args, '--runInBand'], { cwd: root, show: 'stderr', allowFailure: true });
    return readCounts('host', result);
  });
}

/** How results and steps call a run: by its Node, and in Wine by its RTWorkQ.dll. */
export const nameOf = (target, dll) => (dll ? `${target.name}, ${DLL_NAMES[dll]}` : target.name);

/**
 * The tests of test/core and test/lifetime, in a Windows Node.
 * @param {{ target: { name: string, node: string, arch: string }, dll?: 'wine' | 'stand-in', patterns: string[], env: Record<string, string>, wineDebug?: 'heap' }} options
 * @returns {Promise<Counts & { log: string }>} with what the Windows Node wrote to standard error
 */
export function runWindowsTests({ target, dll, patterns, env, wineDebug }) {
  return withTemporaryFolder(async (folder) => {
    const result = join(folder, 'result.json');
    const packages = await windowsPackages(target.arch);
    const jest = join(packages, 'jest/bin/jest.js');
    let log = '';
    const { crash } = await runInWindows({
      ...target,
      args: [jest, ...jestArguments(join(root, 'test/jest/windows.json'), result, patterns), '--runInBand'].map(mapPath),
      // jest prefers the jest of the folder it is started in.
      cwd: join(packages, '..'),
      env,
      dll,
      wineDebug,
      stdout: () => {},
      stderr(data) {
        log += data;
        process.stderr.write(data);
      },
    });
    if (crash) say(`The tests in Node ${target.name} crashed: ${crash}.`);
    return { ...readCounts(`Windows Node ${nameOf(target, dll)}`, result, crash), log };
  });
}

const mapPath = (argument) => (argument.startsWith('/') ? forWindows(argument) : argument);
