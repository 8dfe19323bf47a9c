// npm run bench: the package beside plain C++ on the same RTWorkQ.dll and beside Node's own timers, in alternating
// rounds of one run. bench/README.md says how to read it.

import { join } from 'node:path';
import { parseOrExplain } from './lib/arguments.mjs';
import { buildBaseline } from './lib/build.mjs';
import { runMain, StepError, step } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { forWindows, reportEnd, runInWindows } from './lib/windows.mjs';
import { resolveTarget } from './lib/windows-node.mjs';

const USAGE = 'npm run bench -- [--rounds N] [--json] [--node 22|24|26] [--arch x64|ia32]';
const OPTIONS = { rounds: { type: 'string', default: '9' }, json: { type: 'boolean' }, node: { type: 'string' }, arch: { type: 'string' } };

const TIMERS = {
  baseline: 'C++: callback',
  fired: 'rtworkq: callback (firedAt)',
  settled: 'rtworkq: after await',
  setTimeout: 'setTimeout',
  timersPromises: 'timers/promises',
};

function parse() {
  const { rounds, json, ...target } = parseOrExplain({ options: OPTIONS }, USAGE).values;
  if (!/^[1-9]\d{0,3}$/.test(rounds)) throw new StepError('--rounds is a whole number from 1 on.', USAGE);
  return { rounds: Number(rounds), json, target };
}

const ascending = (values) => [...values].sort((a, b) => a - b);

/** The nearest-rank percentile. */
const percentile = (values, percent) => ascending(values)[Math.ceil((values.length * percent) / 100) - 1];

function median(values) {
  const sorted = ascending(values);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** Runs all rounds in one Windows Node; it prints a line about the machine and one for each round. */
async function collect(program, { rounds, target }) {
  const args = [join(root, 'bench/rounds.js'), program].map(forWindows);
  let output = '';
  const end = await runInWindows({ ...target, args: [...args, String(rounds)], stdout: (data) => (output += data) });
  if (reportEnd(end) !== 0) throw new StepError('The benchmark did not come to its end.');
  const [machine, ...measured] = output
    .trim()
    .split(/\r?\n/)
    .map((line) => JSON.parse(line));
  return { machine, measured };
}

/** The median over the rounds of both sides, and of the ratio between the two of a round. */
function compareRates(measured, name) {
  return {
    baseline: median(measured.map((round) => round.baseline[name])),
    rtworkq: median(measured.map((round) => round.rtworkq[name])),
    ratio: median(measured.map((round) => round.rtworkq[name] / round.baseline[name])),
  };
}

/** Lateness of one kind of timer: medians over the rounds of each round's percentiles, for each delay and for all. */
function summarizeLateness(measured, kind, delays) {
  const samples = ({ baseline, rtworkq }) => (kind === 'baseline' ? baseline.lateness.fired : rtworkq.lateness[kind]);
  const all = (round) => Object.values(samples(round)).flat();
  const baseline = (round) => Object.values(round.baseline.lateness.fired).flat();
  const overRounds = (pick, percent) => median(measured.map((round) => percentile(pick(round), percent)));
  const ratio = (percent) => median(measured.map((round) => percentile(all(round), percent) / percentile(baseline(round), percent)));
  return {
    byDelay: Object.fromEntries(
      delays.map((delay) => {
        const pick = (round) => samples(round)[delay];
        return [delay, { p50: overRounds(pick, 50), p99: overRounds(pick, 99) }];
      }),
    ),
    earliest: Math.min(...measured.flatMap(all)),
    ratio: { p50: ratio(50), p99: ratio(99) },
  };
}

function summarize({ machine, measured }) {
  const { delays } = machine.sizes;
  return {
    ...machine,
    rounds: measured.length,
    perSecond: Object.fromEntries(['puts', 'pings', 'cancels'].map((name) => [name, compareRates(measured, name)])),
    latenessMs: Object.fromEntries(Object.keys(TIMERS).map((kind) => [kind, summarizeLateness(measured, kind, delays)])),
  };
}

const rounded = (value, digits) => Number(value.toFixed(digits));

function printTables({ host, wine, node, arch, processors, rounds, sizes, perSecond, latenessMs }) {
  console.log(`${host}, Node ${node} ${arch}, ${processors} processors, medians of ${rounds} rounds`);
  if (wine) console.log('This is Wine, not Windows: the timing is that of Linux. Only the ratios mean something.');

  const names = {
    puts: `put and await, ${sizes.window} in flight`,
    pings: 'put and await, 1 in flight',
    cancels: 'schedule and cancel',
  };
  console.log('\nHow many a second');
  const rates = Object.entries(perSecond).map(([name, { baseline, rtworkq, ratio }]) => [
    names[name],
    { 'C++': Math.round(baseline), rtworkq: Math.round(rtworkq), 'rtworkq / C++': rounded(ratio, 2) },
  ]);
  console.table(Object.fromEntries(rates));

  console.log('How late, in milliseconds');
  const rows = Object.entries(latenessMs).map(([kind, { byDelay, earliest, ratio }]) => {
    const row = {};
    for (const [delay, { p50, p99 }] of Object.entries(byDelay)) {
      row[`${delay} ms p50`] = rounded(p50, 3);
      row[`${delay} ms p99`] = rounded(p99, 3);
    }
    return [
      TIMERS[kind],
      { ...row, earliest: rounded(earliest, 3), 'p50 / C++': rounded(ratio.p50, 2), 'p99 / C++': rounded(ratio.p99, 2) },
    ];
  });
  console.table(Object.fromEntries(rows));
}

await runMain(async () => {
  const options = parse();
  const target = resolveTarget(options.target);
  await prepare(target);
  const program = await buildBaseline(target.arch);
  const result = summarize(await step(`Measure ${options.rounds} rounds`, () => collect(program, options)));
  if (options.json) console.log(JSON.stringify(result, undefined, 2));
  else printTables(result);
});
