// Runs one subject in its own process: `contender.js <subject>` prints a line when it has started, then reads requests such as `put 200000 1000`, one a line, and answers
// each with a line of JSON, until its input ends. native/baseline/main.cc does the same in C++.

const { createInterface } = require('node:readline');
const { measureIntervals } = require('./lib/intervals.js');
const { measureLateness } = require('./lib/lateness.js');
const { measurePending } = require('./lib/pending.js');

const subject = require(`./subjects/${process.argv[2]}.js`);

const TEN_MINUTES = 600_000;

/** Measures that are the same for every subject that supports them, and the subject's own. */
const measures = {
  intervals: (...numbers) => measureIntervals(subject, ...numbers),
  lateness: (...numbers) => measureLateness(subject.wait, ...numbers),
  pending: (...numbers) => measurePending(subject, ...numbers),
  idle: () => {
    subject.start(TEN_MINUTES);
    return {};
  },
  ...subject.measures,
};

// Milliseconds to a tenth of a microsecond.
const rounded = (_key, value) => (typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value);

async function main() {
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...numbers] = line.split(' ');
    const result = await measures[name](...numbers.map(Number));
    process.stdout.write(`${JSON.stringify(result, rounded)}\n`);
  }
}

main().then(() => process.exit());
