// What `npm run test:runtimes` runs: own programs, and in Bun and Deno the examples and the programs of the documentation.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readCounts } from '../../scripts/lib/results.mjs';
import { forWindows } from '../../scripts/lib/windows.mjs';

/**
 * @typedef {{ name: string, file: string, args?: string[], env?: Record<string, string>, cwd?: string, permissions: string[],
 *   judge: (output: string, code: number) => Counts }} Run
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

const here = import.meta.dirname;
const root = join(here, '../..');

// In Deno. docs/support.md says that these are enough.
const LOAD = ['--allow-read', '--allow-ffi'];
const EVERYTHING = ['--allow-all'];

/** One of the programs here. */
const own = (name, permissions = LOAD) => ({
  name,
  file: join(here, 'programs', name),
  permissions,
  judge(output, code) {
    const counts = readCounts(output);
    return code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  },
});

/** Judges a program that must end with `expected` and print `line`. */
const prints = (line, expected = 0) => ({
  permissions: EVERYTHING,
  judge: (output, code) => ({ passed: 0, failed: 0, skipped: 0, [code === expected && line.test(output) ? 'passed' : 'failed']: 1 }),
});

/** An example, which must print `line`. */
const example = (name, line, args = []) => ({
  name: `examples/${name}`,
  file: join(root, 'examples', name),
  args,
  ...prints(line),
});

/** Processes that end while operations of each kind are pending. */
const endings = [
  ['by itself', 0, /^pending\r?$/m],
  ['process.exit', 3, /^pending\r?$/m],
  ['an exception', 1, /\bon purpose\b/],
].map(([how, code, line]) => ({
  name: `ends.mjs ${how}`,
  file: join(here, 'programs/ends.mjs'),
  args: [how],
  ...prints(line, code),
}));

/** Processes in which only Workers load the addon. `helper` is the tests' addon. */
const onlyInWorkers = (helper) =>
  [
    ['leave', 10],
    ['exit', 10],
    ['terminate', 10],
    ['churn', 10],
    ['outlive', 3],
  ].map(([how, rounds]) => ({
    name: `only-in-workers ${how}`,
    // Compiled by buildTests().
    file: join(root, 'build/test/fixtures/only-in-workers.js'),
    args: [how, String(rounds)],
    env: { RTWORKQ_TEST_HELPER: forWindows(helper) },
    ...prints(/^workers ok, addon still loaded\r?$/m),
  }));

const uniqueName = () => `rtworkq-${process.pid}-${Math.random().toString(36).slice(2)}`;

const examplesForWindows = () => [
  example('audio-worker.mjs', /^100 buffers, at most /m),
  example('child-exit.mjs', /^the second process exited with 1\r?$/m),
  example('debounced-saver.mjs', /^save 2: hello world\r?$/m),
  example('demo.js', /^demo ok\r?$/m),
  example('event-between-processes.mjs', /^first: the second process exited with 0\r?$/m),
  example('fallback.mjs', /^RTWorkQ: status 0, after /m),
  example('graceful-sigint.mjs', /^done\r?$/m, ['3']),
  example('lock-between-processes.mjs', /^the victim was killed, and we have the lock; abandoned: true\r?$/m, [uniqueName()]),
  example('metronome.mjs', /^beat \d+: /m, ['1200', '6']),
  example('one-of-many.mjs', /^stopped: killing a job that is still running\r?$/m, ['3']),
  example('precise-sleep.mjs', /^step 5: due after /m, ['5']),
  example('single-instance.mjs', /^second instance: already running\r?$/m, [uniqueName()]),
];

/** The errors of the reports of test/fixtures/documented.ts. What this Windows lacks, such as in Wine, is skipped. */
function judgeDocumented(output, code, expected) {
  const reports = output
    .split(/\r?\n/)
    .filter((line) => line.startsWith('{"program":'))
    .map((line) => JSON.parse(line));
  const outcomes = reports.map(({ codes }) =>
    codes.length === 0 ? 'passed' : codes.every((each) => each === 'E_NOTIMPL') ? 'skipped' : 'failed',
  );
  const count = (outcome) => outcomes.filter((each) => each === outcome).length;
  const missing = expected - reports.length;
  return { passed: count('passed'), failed: count('failed') + missing + (code === 0 ? 0 : 1), skipped: count('skipped') };
}

/** The programs of the documentation, written into a folder inside the repository. They run in one process. */
function documented(folder) {
  // Compiled by buildTests().
  const { documentedPrograms } = createRequire(import.meta.url)(join(root, 'build/test/support/examples.js'));
  mkdirSync(folder, { recursive: true });
  const files = documentedPrograms.map(({ place, code }) => {
    const file = join(folder, `${place.replaceAll(/\W/g, '-')}.mjs`);
    writeFileSync(file, code);
    return file;
  });
  return {
    name: 'documentation',
    file: join(root, 'build/test/fixtures/documented.js'),
    args: files.map(forWindows),
    // Workers made from a text look for the package from here.
    cwd: folder,
    permissions: EVERYTHING,
    judge: (output, code) => judgeDocumented(output, code, files.length),
  };
}

/**
 * The runs for a platform.
 * @param {string} platform
 * @param {string} runtime
 * @param {string} folder for files of the runs
 * @param {string} helper the tests' addon
 * @returns {Run[]}
 */
export function runsFor(platform, runtime, folder, helper) {
  if (platform !== 'win32') return [own('elsewhere.mjs'), own('errors.cjs'), own('timers.cjs')];
  const programs = [
    own('work-items.cjs'),
    own('waits.mjs', [...LOAD, '--allow-run', '--allow-env']),
    own('worker.cjs'),
    own('errors.cjs'),
    own('timers.cjs'),
  ];
  // npm test runs the examples and the documented programs in Node.
  if (runtime === 'node') return [...programs, own('snapshot.cjs')];
  if (runtime === 'deno') programs.push({ ...own('elsewhere.mjs', ['--allow-read']), name: 'elsewhere.mjs, without --allow-ffi' });
  return [...programs, ...endings, ...onlyInWorkers(helper), ...examplesForWindows(), documented(folder)];
}
