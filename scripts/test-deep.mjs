// npm run test:deep -- [--minutes N] [--seed N] [--node 22|24|26] [--arch x64|ia32] [--dll wine|stand-in]
//
// Runs the tests of conservation for ten minutes, then 2,000 random programs of the model test, and the long versions of others,
// beside two busy loops: with Wine's RTWorkQ.dll and with the stand-in, in x64 and ia32, one after the other. `npm test` has short
// versions. On Windows, they run in the Node that runs this script.

import { randomInt } from 'node:crypto';
import { parseOrExplain } from './lib/arguments.mjs';
import { besideBusyLoops, planDeep } from './lib/deep.mjs';
import { runWindowsTests } from './lib/jest.mjs';
import { runMain, StepError, say } from './lib/log.mjs';
import { prepareTests } from './lib/prepare.mjs';
import { notRun, report, testStep } from './lib/results.mjs';
import { checkDll } from './lib/stand-in-wine.mjs';
import { forWindows } from './lib/windows.mjs';

const USAGE =
  'npm run test:deep -- [--minutes N] [--seed N] [--node 22|24|26] [--arch x64|ia32] [--dll wine|stand-in]\n\n' +
  '  --minutes   how long all runs take together; 10 if it is left out\n' +
  '  --seed      repeats the random choices of an earlier run';
const OPTIONS = {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string' },
  node: { type: 'string' },
  arch: { type: 'string' },
  dll: { type: 'string' },
};

/** @typedef {import('./lib/results.mjs').Row} Row */

function parse() {
  const { minutes, seed = String(randomInt(2 ** 31)), ...values } = parseOrExplain({ options: OPTIONS }, USAGE).values;
  if (!(Number(minutes) > 0)) throw new StepError('--minutes must be a number above 0.', USAGE);
  if (!/^\d{1,10}$/.test(seed)) throw new StepError('--seed must be a whole number of at most ten digits.', USAGE);
  checkDll(values.dll, USAGE);
  return { ...values, minutes: Number(minutes), seed };
}

/** Programs of the model test in ten minutes of all runs. They take another half an hour. */
const MODEL_PROGRAMS = 2_000;

/** What the model test runs: its share of the programs, at their full length. */
const modelSettings = (minutes, runs, seed) => ({
  RTWORKQ_MODEL_PROGRAMS: String(Math.ceil((MODEL_PROGRAMS * Math.max(1, minutes / 10)) / runs)),
  RTWORKQ_MODEL_STEPS: '200',
  RTWORKQ_MODEL_SEED: seed,
});

/**
 * @param {import('./lib/test-plan.mjs').Run} run
 * @param {Record<string, string>} env
 * @returns {Promise<Row>}
 */
async function runDeep({ name, target, dll, patterns, except }, env) {
  const label = `Windows Node ${name}`;
  const counts = await testStep(`Test at length in ${label}`, () =>
    besideBusyLoops(() => runWindowsTests({ target, dll, patterns, except, env })),
  );
  return { name: label, ...counts };
}

await runMain(async () => {
  const { minutes, seed, ...values } = parse();
  const repeat = `The seed is ${seed}. To repeat the random choices: npm run test:deep -- --seed ${seed}`;
  say(repeat);
  const rows = [];
  const prepared = [];
  for (const run of planDeep(values)) {
    try {
      prepared.push({ run, addons: await prepareTests(run.target, run.dll) });
    } catch (error) {
      rows.push(notRun(`Windows Node ${run.name}`, error, run.optional));
    }
  }
  // A run also starts processes, which takes about a third of its time.
  const seconds = ((minutes * 60) / prepared.length) * 0.7;
  const settings = {
    RTWORKQ_CONSERVATION_SECONDS: String(seconds),
    RTWORKQ_CONSERVATION_SEED: seed,
    RTWORKQ_DEEP: '1',
    ...modelSettings(minutes, prepared.length, seed),
  };
  for (const { run, addons } of prepared) {
    const files = Object.entries(addons).map(([variable, file]) => [variable, forWindows(file)]);
    rows.push(await runDeep(run, { ...Object.fromEntries(files), ...settings }));
  }
  say(`\n${repeat}`);
  return report(rows);
});
