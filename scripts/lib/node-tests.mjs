// Node's own tests of timers, run with rtworkq's timers instead of Node's: which files, with which flags, and which may fail.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from './log.mjs';
import { root } from './paths.mjs';

/** What each mode swaps: the modules, or the modules and the global functions. Each has a preloaded file in test/node. */
export const MODES = ['modules', 'globals'];

/** The file that a mode preloads. */
export const preloadOf = (mode) => join(root, 'test/node', `swap-${mode}.cjs`);

// Folders of Node's test/ whose tests are programs that run alone.
const FOLDERS = ['async-hooks', 'parallel', 'sequential', 'wpt'];
const PROGRAM = /^test-.*\.m?js$/;
const ABOUT_TIMERS = /timer|immediate|set-?timeout|set-?interval|graph\.(timeouts|intervals)/i;
const IMPORTS_TIMERS = /['"](node:)?timers(\/promises)?['"]/;

/** Node's runner reads these lines in the same way. */
const wordsAfter = (name, source) => new RegExp(`^// ${name}:(.*)$`, 'm').exec(source)?.[1].trim().split(/\s+/).filter(Boolean) ?? [];

/**
 * Finds the tests of timers: those with a name about timers, and those that import the modules. Swapping the modules changes nothing
 * for a test that does not import them, so such a test has only the other mode.
 * @param {string} checkout of Node
 * @param {string[]} patterns selects files whose paths contain one of them; all if there are none
 * @typedef {{ file: string, modes: string[], flags: string[], env: Record<string, string>, alone: boolean }} NodeTest
 * @returns {NodeTest[]} `file` is relative to `test/`, with forward slashes; an `alone` test runs beside no other
 */
export function findNodeTests(checkout, patterns) {
  const tests = FOLDERS.flatMap((folder) =>
    namesIn(join(checkout, 'test', folder))
      .filter((name) => PROGRAM.test(name))
      .map((name) => describeTest(checkout, folder, name)),
  );
  const found = tests.filter((test) => test !== undefined);
  if (found.length === 0)
    throw new StepError(`There are no tests of timers in ${checkout}.`, 'name the folder of a checkout of nodejs/node');
  return patterns.length === 0 ? found : found.filter(({ file }) => patterns.some((pattern) => file.includes(pattern)));
}

function namesIn(folder) {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function describeTest(checkout, folder, name) {
  const source = readFileSync(join(checkout, 'test', folder, name), 'utf8');
  const imports = IMPORTS_TIMERS.test(source);
  if (!imports && !ABOUT_TIMERS.test(name)) return undefined;
  return {
    file: `${folder}/${name}`,
    modes: imports ? MODES : ['globals'],
    flags: wordsAfter('Flags', source),
    env: Object.fromEntries(wordsAfter('Env', source).map((word) => word.split('='))),
    alone: folder === 'sequential',
  };
}

/** How a test ended. Node's tests print this line if they do not apply. */
export function outcomeOf({ failed, output }) {
  if (failed) return 'failed';
  return /^1\.\.0 # Skipped/m.test(output) ? 'skipped' : 'passed';
}

/**
 * Finds what permits a file to fail in a mode.
 * @typedef {{ difference: string, reason: string, files: Record<string, string[]>, sometimes?: boolean }} Permitted a difference
 *   that is on purpose, or a known defect, and the modes in which files fail because of it: always, or only `sometimes`
 * @param {Permitted[]} permitted
 * @param {string} file
 * @param {string} mode
 */
export const permissionFor = (permitted, file, mode) => permitted.find(({ files }) => files[file]?.includes(mode));

/**
 * @typedef {{ file: string, mode: string, outcome: 'passed' | 'failed' | 'skipped' }} Result
 * @param {Result[]} results
 * @param {Permitted[]} permitted
 * @returns {{ rows: import('./results.mjs').Row[], complaints: { file: string, mode: string, complaint: string }[] }} a row for each
 *   mode, in which permitted failures count as skipped; and what is wrong: other failures, and permitted ones that pass
 */
export function judge(results, permitted) {
  const complaints = [];
  const rows = MODES.map((mode) => ({ name: `with the ${mode} swapped`, passed: 0, failed: 0, skipped: 0 }));
  for (const { file, mode, outcome } of results) {
    const row = rows[MODES.indexOf(mode)];
    const permission = permissionFor(permitted, file, mode);
    const stale = permission && !permission.sometimes && outcome === 'passed';
    if (stale || (!permission && outcome === 'failed')) {
      row.failed++;
      complaints.push({ file, mode, complaint: `${file} ${stale ? 'passes, but is permitted to fail,' : 'fails'} ${row.name}` });
    } else if (outcome === 'passed') {
      row.passed++;
    } else {
      row.skipped++;
    }
  }
  return { rows, complaints };
}
