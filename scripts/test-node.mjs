// npm run test:node -- [--windows] [--node 22|24|26] [--dll wine|stand-in] [--permitted FILE] CHECKOUT [pattern ...]
//
// Runs Node's own tests of timers with rtworkq's timers instead of Node's: once the modules, once also the global functions. A
// test that fails or skips itself without rtworkq is not counted. test/node/permitted.json lists the failures that are permitted;
// any other failure, and a permitted one that passes, fails the run.

import { readFileSync } from 'node:fs';
import module from 'node:module';
import { join, resolve } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { buildLibrary } from './lib/build.mjs';
import { runMain, StepError, say, step } from './lib/log.mjs';
import { LIMIT, limitAfter, runNodeTest } from './lib/node-test-run.mjs';
import { findNodeTests, judge, permissionFor } from './lib/node-tests.mjs';
import { inParallel } from './lib/parallel.mjs';
import { root } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { report } from './lib/results.mjs';
import { checkDll } from './lib/stand-in-wine.mjs';
import { stopOnSignals, stopping } from './lib/stop.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

const USAGE =
  'npm run test:node -- [--windows] [--node 22|24|26] [--dll wine|stand-in] [--permitted FILE] CHECKOUT [pattern of files ...]\n\n' +
  "  CHECKOUT     a folder with the test/ of nodejs/node, at this Node's tag\n" +
  '  --windows    runs the tests in the Windows Node; --node and --dll choose it\n' +
  '  --permitted  the failures that are permitted, instead of test/node/permitted.json';
const OPTIONS = {
  windows: { type: 'boolean', default: process.platform === 'win32' },
  node: { type: 'string' },
  dll: { type: 'string' },
  permitted: { type: 'string', default: join(root, 'test/node/permitted.json') },
};

function parse() {
  const { values, positionals } = parseOrExplain({ options: OPTIONS, allowPositionals: true }, USAGE);
  const [checkout, ...patterns] = positionals;
  if (!checkout) throw new StepError('Which checkout of nodejs/node?', USAGE);
  checkDll(values.dll, USAGE);
  if (!values.windows && (values.node || values.dll)) throw new StepError('--node and --dll are for --windows.', USAGE);
  const where = values.windows ? { node: values.node, dll: values.dll } : undefined;
  return { checkout: resolve(checkout), patterns, where, permitted: JSON.parse(readFileSync(values.permitted, 'utf8')) };
}

/** Leaves out the tests that this Node cannot run with other modules. */
function chooseTests({ checkout, patterns, where }) {
  const tests = findNodeTests(checkout, patterns);
  if (where || module.registerHooks) return tests;
  say(`Node ${process.version} has no module.registerHooks(), so tests that are ES modules are left out.`);
  return tests.filter(({ file }) => !file.endsWith('.mjs'));
}

/**
 * Runs a test without rtworkq, then in each mode. A failure that is not permitted gets a second try, because Node's tests expect a
 * quiet machine.
 */
async function tryTest({ file, modes }, permitted, run) {
  const { outcome: without, seconds } = await run(undefined, LIMIT);
  const limit = limitAfter(seconds);
  const results = [];
  for (const mode of modes) {
    if (without !== 'passed') {
      results.push({ file, mode, outcome: 'skipped', without });
      continue;
    }
    let result = await run(mode, limit);
    if (result.outcome === 'failed' && !permissionFor(permitted, file, mode)) result = await run(mode, limit);
    // It skips itself only with rtworkq.
    if (result.outcome === 'skipped') result.outcome = 'failed';
    results.push({ file, mode, ...result });
  }
  return results;
}

async function runTests(tests, { checkout, where, permitted }) {
  const results = [];
  const tasks = tests.map((test) => ({
    alone: test.alone,
    run: async (place) => {
      if (stopping.aborted) return;
      results.push(...(await tryTest(test, permitted, (mode, limit) => runNodeTest(checkout, test, mode, place, limit, where))));
    },
  }));
  const runs = (alone) => tasks.filter((task) => task.alone === alone).map(({ run }) => run);
  await inParallel(runs(false));
  await inParallel(runs(true), 1);
  if (stopping.aborted) throw new StepError(`${stopping.reason} stopped the tests.`);
  if (!results.some(({ without }) => !without))
    throw new StepError('No test passes without rtworkq.', "check that the checkout has this Node's tag");
  return results.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Prints why tests were not counted, and the output of those that failed. */
function explainResults(results, complaints) {
  for (const { file, mode, without } of results) {
    if (without && mode === 'globals') say(`Not counted: ${file} ${without === 'failed' ? 'fails' : 'skips itself'} without rtworkq`);
  }
  for (const { file, mode, complaint } of complaints) {
    const { output } = results.find((result) => result.file === file && result.mode === mode);
    say(`\n✗ ${complaint}:\n${output}`);
  }
}

await runMain(async () => {
  stopOnSignals();
  const options = parse();
  const tests = chooseTests(options);
  await (options.where ? prepare(resolveTarget(options.where), options.where.dll) : buildLibrary());
  const results = await step(`Run ${tests.length} of Node's tests`, () => runTests(tests, options));
  const { rows, complaints } = judge(results, options.permitted);
  explainResults(results, complaints);
  return report(rows);
});
