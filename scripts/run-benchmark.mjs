// npm run bench: the package beside plain C++ on the same RTWorkQ.dll, Node's own timers and those of other packages, in one
// run. bench/README.md says how to read it. The exit code says that it was measured, not that it was fast.

import { statSync } from 'node:fs';
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
  '  --quick   within a minute: too short for figures that last\n' +
  '  --only    the cases whose names the regular expression fits\n' +
  '  --json    for machines, on standard output\n' +
  '  --write   into bench/results.json, bench/charts and docs/performance.md';
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
  if (!/^[1-9]\d{0,3}$/.test(rounds)) throw new StepError('--rounds is a whole number from 1 on.', USAGE);
  if (options.write && options.only) throw new StepError('--write wants all cases: leave out --only.', USAGE);
  return { ...options, rounds: Number(rounds) };
}

/** Says where it is. */
function reporter(rounds) {
  let last;
  return ({ case: name, round, once }) => {
    const place = once ? name : `round ${round + 1} of ${rounds}`;
    if (place !== last) say(`  ${place}`);
    last = place;
  };
}

/** Runs the benchmark in one Windows Node; it prints a line about the machine and one for each answer. */
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
  // The package is in the repository, where programs of the repository find it by its name.
  const env = { RTWORKQ_BENCH: JSON.stringify(settings), RTWORKQ_INSIDE: '1' };
  const end = await runInWindows({ node, arch, args: [forWindows(join(bench, 'main.js'))], env, stdout });
  if (reportEnd(end) !== 0) throw new StepError('The benchmark did not come to its end.');
  const [machine, ...records] = lines;
  return { machine, records };
}

await runMain(async () => {
  const options = parse();
  const target = resolveTarget(options);
  const [files] = await together(buildContenders(target.arch), prepare(target), ensureBenchPackages());
  const { machine, records } = await step('Measure', () => measure(files, options));
  const { print, report, toJson, write } = await import('../bench/report/report.mjs');
  const date = new Date().toISOString().slice(0, 10);
  const { quick, rounds } = options;
  const reported = report({ date, ...machine, quick, rounds }, records, statSync(files.addon).size);
  if (options.json) console.log(toJson(reported));
  else print(reported);
  if (options.write) write(reported, bench, join(root, 'docs/performance.md'));
});
