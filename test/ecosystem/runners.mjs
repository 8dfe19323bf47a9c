// Test runners and libraries with fake clocks, which drive the package's timers in a simulation.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from '../../scripts/lib/log.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { bun } from './bundlers.mjs';

const TESTS = 5;
const programs = join(import.meta.dirname, 'programs/testing');
const inPackages = (path) => join(import.meta.dirname, 'node_modules', path);

/**
 * @typedef {object} Runner
 * @property {string} name
 * @property {string} [package] in package.json, unless it is part of Node
 * @property {(file: string) => string[]} command runs a file of tests with this Node
 * @property {RegExp} passed what it prints if all have passed
 * @property {Record<string, string>} [env]
 */

/** @type {Runner[]} */
export const RUNNERS = [
  { name: 'node:test', file: 'node', command: (file) => ['--test', file], passed: new RegExp(`# pass ${TESTS}\\b`) },
  { name: 'sinon', package: 'sinon', file: 'sinon', command: (file) => ['--test', file], passed: new RegExp(`# pass ${TESTS}\\b`) },
  {
    name: 'vitest',
    package: 'vitest',
    file: 'vitest',
    command: (file) => [inPackages('vitest/vitest.mjs'), 'run', '--no-color', file],
    passed: new RegExp(`Tests +${TESTS} passed`),
  },
  {
    name: 'jest',
    package: 'jest',
    file: 'jest',
    command: (file) => [
      '--experimental-vm-modules',
      inPackages('jest/bin/jest.js'),
      '--config',
      JSON.stringify({ testEnvironment: 'node', transform: {}, testMatch: ['**/jest.test.mjs'] }),
      '--runTestsByPath',
      file,
    ],
    passed: new RegExp(`Tests: +${TESTS} passed, ${TESTS} total`),
  },
  {
    name: 'bun test',
    package: 'bun',
    file: 'bun',
    program: bun,
    command: (file) => ['test', `./${file}`],
    passed: new RegExp(`${TESTS} pass\\b[^]*\\b0 fail`),
  },
];

/**
 * Runs the tests of a small program with one runner. Throws unless all pass.
 * @param {Runner} runner
 * @param {string} work a folder with the package installed
 */
export async function tryRunner(runner, work) {
  const folder = join(work, 'testing');
  cpSync(programs, folder, { recursive: true });
  const file = `${runner.file}.test.mjs`;
  const program = runner.program?.() ?? process.execPath;
  const env = { ...process.env, NODE_NO_WARNINGS: '1', NO_COLOR: '1', FORCE_COLOR: '0' };
  const { code, output } = await run(program, runner.command(file), { cwd: folder, env, allowFailure: true });
  if (code !== 0 || !runner.passed.test(output)) throw new StepError(output.trim() || `It printed nothing and ended with ${code}.`);
}
