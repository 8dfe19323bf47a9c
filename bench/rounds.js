// Runs in the Windows Node, started by scripts/run-benchmark.mjs with the baseline program and the number of rounds:
// C++, JavaScript, C++, JavaScript, ... in one session, so that a slow moment of the machine meets both. Prints a line
// of JSON for the machine, then one for each round.

'use strict';

const { execFileSync } = require('node:child_process');
const os = require('node:os');
const { supportStatus } = require('rtworkq');
const { measure } = require('./rtworkq.js');

const SIZES = {
  /** Work items of the round trips with `window` of them in flight, and of those with one in flight. */
  puts: 200_000,
  window: 1_000,
  pings: 2_000,
  /** Pairs of schedule and cancel. */
  cancels: 20_000,
  /** Timers of each of the delays, one every `pace` milliseconds. */
  samples: 100,
  pace: 2,
  delays: [1, 5, 20],
};

function measureBaseline(program) {
  const { puts, window, pings, cancels, samples, pace, delays } = SIZES;
  const args = [puts, window, pings, cancels, samples, pace, ...delays].map(String);
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000 }));
}

async function main([program, rounds]) {
  const status = supportStatus();
  if (!status.supported) throw new Error(status.reason);
  const host = status.wine ? `Wine ${status.wine}` : `Windows ${os.release()}`;
  const print = (object) => console.log(JSON.stringify(object));
  print({
    host,
    wine: Boolean(status.wine),
    node: process.version,
    arch: process.arch,
    processors: os.availableParallelism(),
    sizes: SIZES,
  });
  for (let round = 0; round < Number(rounds); round++) {
    print({ baseline: measureBaseline(program), rtworkq: await measure(SIZES) });
  }
}

main(process.argv.slice(2));
