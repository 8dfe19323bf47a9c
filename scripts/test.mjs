// npm test -- [--node 22|24|26] [--arch x64|ia32] [--dll wine|stand-in] [--all-nodes] [pattern ...]
//
// Sets everything up, then: lint, the tests of this machine (test/host), the tests of the Windows Node (test/core and
// test/lifetime). In Wine, the full run has Wine check its heap at the same time, and rehearses what Windows would make of
// it. Without options: everything in the default Windows Node, with Wine's RTWorkQ.dll and with the stand-in, and test/core
// in the others, with one of them. On Windows: everything in the Node that runs this.
//
// With patterns only what they fit: `lint`; files of test/host by patterns that begin with `host`; the others in the default
// Windows Node, in Wine with Wine's DLL.
//
// In Wine several runs go on at once, each in a lane with a prefix of its own: most of the time they wait.

import { availableParallelism } from 'node:os';
import { parseOrExplain } from './lib/arguments.mjs';
import { runHostTests, runWindowsTests } from './lib/jest.mjs';
import { lint } from './lib/lint.mjs';
import { runMain } from './lib/log.mjs';
import { inParallel, together } from './lib/parallel.mjs';
import { prepareTests } from './lib/prepare.mjs';
import { rehearseQuickly } from './lib/rehearsal.mjs';
import { notRun, report, testStep } from './lib/results.mjs';
import { checkDll, WINE_DLLS } from './lib/stand-in-wine.mjs';
import { choose, planRuns } from './lib/test-plan.mjs';
import { forWindows } from './lib/windows.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

const USAGE = 'npm test -- [--node 22|24|26] [--arch x64|ia32] [--dll wine|stand-in] [--all-nodes] [pattern of test files ...]';
const OPTIONS = {
  node: { type: 'string' },
  arch: { type: 'string' },
  dll: { type: 'string' },
  'all-nodes': { type: 'boolean', default: false },
};
const onWindows = process.platform === 'win32';
// One more than there are processors: tests wait for most of their time.
const LANES = onWindows ? 1 : Math.max(2, availableParallelism()) + 1;

/** @typedef {import('./lib/results.mjs').Row} Row */

/** What Wine's heap check found: a use after free, a double free, a block written past its end. */
const heapComplaints = (log) => log.split('\n').filter((line) => /(err|warn):heap/.test(line));

/**
 * @param {ReturnType<typeof planRuns>[number]} run
 * @param {string} lane
 * @returns {Promise<Row[]>}
 */
async function testWindows({ name, target, dll, full, patterns, except }, lane) {
  const label = `Windows Node ${name}`;
  const checkHeap = full && !onWindows;
  const addons = await prepareTests(target, dll);
  const env = Object.fromEntries(Object.entries(addons).map(([variable, file]) => [variable, forWindows(file)]));
  const counts = await testStep(`Test in ${label}: ${full ? 'everything' : 'the core'}`, () =>
    runWindowsTests({ target, dll, lane, patterns, except, env, wineDebug: checkHeap ? 'heap' : undefined }),
  );
  const row = { name: label, ...counts };
  if (!checkHeap) return [row];
  const clean = heapComplaints(counts.log).length === 0;
  return [row, { name: `Wine's heap check, ${name}`, passed: Number(clean), failed: Number(!clean), skipped: 0 }];
}

/**
 * The tests of this machine, which also run programs in the default Windows Node, and in a 32-bit one where the runs have one.
 * @param {ReturnType<typeof planRuns>} runs
 * @param {string[]} patterns
 * @param {string} lane
 * @returns {Promise<Row[]>}
 */
async function testHost(runs, patterns, lane) {
  for (const dll of onWindows ? [undefined] : WINE_DLLS) await prepareTests(resolveTarget(), dll);
  const run32 = runs.find(({ target }) => target.arch === 'ia32');
  // Where that fails, the run itself says why.
  const ready32 = run32 && (await prepareTests(run32.target, run32.dll).catch(() => undefined));
  const env = { RTWORKQ_LANE: lane, ...(ready32 ? {} : { RTWORKQ_WITHOUT: 'ia32' }) };
  return [{ name: 'host', ...(await testStep('Test on this machine', () => runHostTests(patterns, env))) }];
}

/** @returns {Promise<Row[]>} */
async function testLint() {
  const results = await lint();
  return results.map(({ name, ok, skipped }) => ({ name, passed: Number(ok && !skipped), failed: Number(!ok), skipped: Number(skipped) }));
}

/**
 * A part of the tests, and how it is called if it cannot be run.
 * @typedef {{ name: string, optional: boolean, run: (lane: string) => Promise<Row[]> }} Job
 */

/**
 * What is to be run in lanes, the longest first.
 * @returns {Job[]}
 */
function planJobs(values, { host, windows }, rehearsing) {
  const runs = windows ? planRuns(values, windows) : [];
  // All of it begins now, what is optional a little later; who needs it waits for it, and hears of it when it fails.
  const prepareAll = (chosen) => Promise.allSettled(chosen.map(({ target, dll }) => prepareTests(target, dll)));
  prepareAll(runs.filter(({ optional }) => !optional)).then(() => prepareAll(runs));

  const jobs = runs.map((run) => ({ name: `Windows Node ${run.name}`, optional: run.optional, run: (lane) => testWindows(run, lane) }));
  const others = [];
  if (host) others.push({ name: 'host', optional: false, run: (lane) => testHost(runs, host, lane) });
  if (rehearsing) others.push({ name: 'rehearsal on Windows', optional: false, run: rehearseQuickly });
  // Behind the runs of everything, which take longest.
  jobs.splice(runs.filter(({ full }) => full).length, 0, ...others);
  return jobs;
}

/** Runs a job. Whatever it throws becomes a row: there is a table in any case. */
const runJob = ({ name, optional, run }, lane) => run(lane).catch((error) => [notRun(name, error, optional)]);

/** Runs the jobs in lanes, in their order; the rows are in that order too. */
async function inLanes(jobs) {
  const rows = jobs.map(() => []);
  const tasks = jobs.map((job, index) => async (place) => {
    rows[index] = await runJob(job, place === 0 ? '' : `lane-${place}`);
  });
  await inParallel(tasks, LANES);
  return rows.flat();
}

await runMain(async () => {
  const { values, positionals: patterns } = parseOrExplain({ options: OPTIONS, allowPositionals: true }, USAGE);
  checkDll(values.dll, USAGE);
  const chosen = choose(patterns);
  const jobs = planJobs(values, chosen, patterns.length === 0 && !onWindows);
  const lintJob = { name: 'lint', optional: false, run: testLint };
  const [lintRows, rows] = await together(chosen.lint ? runJob(lintJob, '') : [], inLanes(jobs));
  return report([...lintRows, ...rows]);
});
