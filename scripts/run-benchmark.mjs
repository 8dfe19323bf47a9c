// npm run bench: compares the package with plain C++ on the same RTWorkQ.dll, with Node's timers and with those of other packages,
// in one run. bench/README.md says how to read it. Exit code 0 means that all was measured, not that it was fast.

import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { buildContenders } from './lib/build.mjs';
import { jsonLines } from './lib/json-lines.mjs';
import { runMain, StepError, say, step } from './lib/log.mjs';
import { ensureBenchPackages } from './lib/packages.mjs';
import { together } from './lib/parallel.mjs';
import { root } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { forWindows, reportEnd, runInWindows } from './lib/windows.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

const USAGE =
  'npm run bench -- [--quick] [--rounds N] [--only PATTERN] [--json] [--write] [--node 22|24|26] [--arch x64|ia32]\n\n' +
  '  --quick   short runs, about two minutes: too short to publish\n' +
  '  --only    only the cases whose names match the regular expression\n' +
  '  --json    print JSON to standard output\n' +
  '  --write   write bench/results.json; then node scripts/figures.mjs writes the pages and charts';
const OPTIONS = {
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string', default: '5' },
  only: { type: 'string', default: '' },
  json: { type: 'boolean' },
  write: { type: 'boolean' },
  node: { type: 'string' },
  arch: { type: 'string' },
};

const bench = join(root, 'bench');

function parse() {
  const { rounds, ...options } = parseOrExplain({ options: OPTIONS }, USAGE).values;
  if (!/^[1-9]\d{0,3}$/.test(rounds)) throw new StepError('--rounds must be a whole number from 1 to 9999.', USAGE);
  if (options.write && options.only) throw new StepError('--write needs all cases: leave out --only.', USAGE);
  return { ...options, rounds: Number(rounds) };
}

/** Prints the case or the round that is being measured. */
function reporter(rounds) {
  let last;
  return ({ case: name, round, once }) => {
    const place = once ? name : `round ${round + 1} of ${rounds}`;
    if (place !== last) say(`  ${place}`);
    last = place;
  };
}

/** Runs the benchmark in one Windows Node, which prints one line for the machine and one for each answer. */
async function measure(files, { quick, rounds, only, node, arch }) {
  const lines = [];
  const place = reporter(rounds);
  const stdout = jsonLines((line) => {
    if (lines.push(line) > 1) place(line);
  });
  const settings = {
    files: Object.fromEntries(Object.entries(files).map(([name, file]) => [name, forWindows(file)])),
    quick,
    rounds,
    only,
  };
  // With RTWORKQ_INSIDE, programs of the repository resolve `rtworkq` as their own package.
  const env = { RTWORKQ_BENCH: JSON.stringify(settings), RTWORKQ_INSIDE: '1' };
  // A Wine server of its own, whose CPU time is measured.
  const lane = process.env.RTWORKQ_LANE ?? 'benchmark';
  const end = await runInWindows({ node, arch, args: [forWindows(join(bench, 'main.js'))], env, stdout, lane });
  if (reportEnd(end) !== 0) throw new StepError('The benchmark did not finish.');
  const [machine, ...records] = lines;
  return { machine, records };
}

await runMain(async () => {
  const options = parse();
  const target = resolveTarget(options);
  const [files] = await together(buildContenders(target.arch), prepare(target), ensureBenchPackages());
  const { machine, records } = await step('Measure', () => measure(files, options));
  const { print, report, toJson } = await import('../bench/report/report.mjs');
  const date = new Date().toISOString().slice(0, 10);
  const { quick, rounds } = options;
  const reported = report({ date, ...machine, quick, rounds }, records, statSync(files.addon).size);
  if (options.json) console.log(toJson(reported));
  else print(reported);
  if (options.write) writeFileSync(join(bench, 'results.json'), `${toJson(reported)}\n`);
});
