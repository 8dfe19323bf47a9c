// npm run test:node -- [--windows] [--node 22|24|26] [--dll wine|stand-in] [--permitted FILE] CHECKOUT [pattern ...]
//
// Runs Node's own tests of timers with rtworkq's timers in place of Node's: once the modules, once also the global functions. A
// test that fails or skips itself without rtworkq is not counted. test/node/permitted.json lists the failures that are permitted;
// any other failure, and a permitted one that passes, fails the run.

import { readFileSync } from 'node:fs';
import module from 'node:module';
import { join, resolve } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { buildLibrary } from './lib/build.mjs';
import { runMain, StepError, say, step } from './lib/log.mjs';
import { runNodeTest } from './lib/node-test-run.mjs';
import { findNodeTests, judge, MODES } from './lib/node-tests.mjs';
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
  if (!module.registerHooks) throw new StepError(`Node ${process.version} has no module.registerHooks().`, 'use Node 22.15 or later');
  const where = values.windows ? { node: values.node, dll: values.dll } : undefined;
  return { checkout: resolve(checkout), patterns, where, permitted: JSON.parse(readFileSync(values.permitted, 'utf8')) };
}

/** Runs a test without rtworkq, then in each mode. A failure in a mode gets a second try: Node's tests expect a quiet machine. */
async function tryTest(test, run) {
  const without = await run(undefined);
  if (without.outcome !== 'passed') return test.modes.map((mode) => ({ file: test.file, mode, outcome: 'skipped', without: without.outcome }));
  const results = [];
  for (const mode of test.modes) {
    const first = await run(mode);
    const { outcome, output } =
      first.outcome === 'failed' && !first.timedOut ? await run(mode) : first;
    // A test that skips itself only with rtworkq has failed.
    results.push({ file: test.file, mode, outcome: outcome === 'skipped' ? 'failed' : outcome, output });
  }
  return results;
}

async function runTests(tests, { checkout, where }) {
  const results = [];
  const tasks = tests.map((test) => async (place) => {
    if (!stopping.aborted) results.push(...(await tryTest(test, (mode) => runNodeTest(checkout, test, mode, place, where))));
  });
  const alone = (_, index) => tests[index].alone;
  await inParallel(tasks.filter((task, index) => !alone(task, index)));
  await inParallel(tasks.filter(alone), 1);
  if (stopping.aborted) throw new StepError(`${stopping.reason} stopped the tests.`);
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
  const tests = findNodeTests(options.checkout, options.patterns);
  await (options.where ? prepare(resolveTarget(options.where), options.where.dll) : buildLibrary());
  const results = await step(`Run ${tests.length} of Node's tests`, () => runTests(tests, options));
  const { rows, complaints } = judge(results, options.permitted);
  explainResults(results, complaints);
  return report(rows);
});
