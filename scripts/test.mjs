// npm test -- [--node 22|24|26] [--arch x64|ia32] [--dll wine|stand-in] [--all-nodes] [pattern ...]
//
// Sets everything up, then runs lint, the tests of this machine (test/host) and the tests of the Windows Node (test/core and
// test/lifetime). On Windows, these run in the Node that runs this script. In Wine, several Windows Nodes run them, with Wine's
// RTWorkQ.dll and with the stand-in, while Wine checks its heap (scripts/lib/test-plan.mjs has the plan). A quick rehearsal shows
// whether the scripts and tests work on Windows.
//
// With patterns, only what they match runs: `lint` is the linters, patterns that begin with `host` match files of test/host, and
// other patterns match files for the default Windows Node, in Wine with Wine's DLL.
//
// In Wine, several runs go on in parallel, because they mostly wait. Each has a lane with its own Wine prefix.

import { availableParallelism } from 'node:os';
import { parseOrExplain } from './lib/arguments.mjs';
import { runHostTests, runWindowsTests } from './lib/jest.mjs';
import { lint } from './lib/lint.mjs';
import { runMain, StepError } from './lib/log.mjs';
import { inParallel, together } from './lib/parallel.mjs';
import { prepareTests } from './lib/prepare.mjs';
import { rehearseQuickly } from './lib/rehearsal.mjs';
import { notRun, report, rowOf, testStep } from './lib/results.mjs';
import { checkDll, WINE_DLLS } from './lib/stand-in-wine.mjs';
import { stopOnSignals, stopping } from './lib/stop.mjs';
import { choose, LONG_HOST_FILES, planRuns } from './lib/test-plan.mjs';
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
// One more than there are processors, because tests mostly wait.
const LANES = onWindows ? 1 : Math.max(2, availableParallelism()) + 1;

/** @typedef {import('./lib/results.mjs').Row} Row */

/** What Wine's heap check found: a use after free, a double free, a block written past its end. */
const heapComplaints = (log) => log.split('\n').filter((line) => /(err|warn):heap/.test(line));

/** A run's name in steps and rows. One Node may have several runs. */
const labelOf = ({ name, part }) => `Windows Node ${name}: ${part}`;

/**
 * @param {ReturnType<typeof planRuns>[number]} run
 * @param {string} lane
 * @returns {Promise<Row[]>}
 */
async function testWindows({ name, target, dll, part, patterns, except }, lane) {
  const label = labelOf({ name, part });
  const addons = await prepareTests(target, dll);
  const env = Object.fromEntries(Object.entries(addons).map(([variable, file]) => [variable, forWindows(file)]));
  const counts = await testStep(`Test in ${label}`, () =>
    runWindowsTests({ target, dll, lane, patterns, except, env, wineDebug: onWindows ? undefined : 'heap' }),
  );
  const row = { name: label, ...counts };
  if (onWindows) return [row];
  const clean = heapComplaints(counts.log).length === 0;
  return [row, rowOf(`Wine's heap check, ${name}: ${part}`, clean ? 'passed' : 'failed')];
}

/**
 * Runs the tests of this machine. They also run programs in the default Windows Node, and in a 32-bit one if a run uses it.
 * @param {ReturnType<typeof planRuns>} runs
 * @param {{ patterns: string[], except: string[] }} files
 * @param {string} lane
 * @returns {Promise<Row[]>}
 */
async function testHost(runs, files, lane) {
  for (const dll of onWindows ? [undefined] : WINE_DLLS) await prepareTests(resolveTarget(), dll);
  const run32 = runs.find(({ target }) => target.arch === 'ia32');
  // If this fails, the 32-bit run itself reports why.
  const ready32 = run32 && (await prepareTests(run32.target, run32.dll).catch(() => undefined));
  const env = { RTWORKQ_LANE: lane, ...(ready32 ? {} : { RTWORKQ_WITHOUT: 'ia32' }) };
  return [{ name: 'host', ...(await testStep('Test on this machine', () => runHostTests({ ...files, env }))) }];
}

/** @returns {Promise<Row[]>} */
async function testLint() {
  const results = await lint();
  return results.map(({ name, ok, skipped }) => rowOf(name, skipped ? 'skipped' : ok ? 'passed' : 'failed'));
}

/**
 * A part of the tests, with a name for its row if it cannot run.
 * @typedef {{ name: string, optional: boolean, run: (lane: string) => Promise<Row[]> }} Job
 */

/**
 * The jobs for the lanes, the longest first.
 * @returns {Job[]}
 */
function planJobs(values, { host, windows }, rehearsing) {
  const runs = windows ? planRuns(values, windows) : [];
  // Start to prepare everything now, the optional runs last. Each job waits for its own preparation, and gets its error.
  const prepareAll = (chosen) => Promise.allSettled(chosen.map(({ target, dll }) => prepareTests(target, dll)));
  prepareAll(runs.filter(({ optional }) => !optional)).then(() => prepareAll(runs));

  const jobs = runs.map((run) => ({ name: labelOf(run), optional: run.optional, run: (lane) => testWindows(run, lane) }));
  if (host) {
    const files = { patterns: host, except: rehearsing ? LONG_HOST_FILES : [] };
    jobs.unshift({ name: 'host', optional: false, run: (lane) => testHost(runs, files, lane) });
  }
  if (rehearsing) jobs.push({ name: 'rehearsal on Windows', optional: false, run: rehearseQuickly });
  return jobs;
}

/** Runs a job. An error becomes a row, so that there is always a table. */
async function runJob({ name, optional, run }, lane) {
  try {
    if (stopping.aborted) throw new StepError(`${stopping.reason} stopped npm test.`);
    return await run(lane);
  } catch (error) {
    return [notRun(name, error, optional)];
  }
}

/** Runs the jobs in lanes, in order. Returns their rows in the same order. */
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
  stopOnSignals();
  const chosen = choose(patterns);
  const jobs = planJobs(values, chosen, patterns.length === 0 && !onWindows);
  const lintJob = { name: 'lint', optional: false, run: testLint };
  const [lintRows, rows] = await together(chosen.lint ? runJob(lintJob, '') : [], inLanes(jobs));
  return report([...lintRows, ...rows]);
});
