// One of those that are compared, in a process of its own: `contender.js <subject>` reads a request a line, `put 200000 1000`,
// and answers each with a line of JSON, until its input ends. native/baseline/main.cc is the same in C++.

const { createInterface } = require('node:readline');
const { measureIntervals } = require('./lib/intervals.js');
const { measureLateness } = require('./lib/lateness.js');
const { measurePending } = require('./lib/pending.js');

const subject = require(`./subjects/${process.argv[2]}.js`);

/** What is measured in the same way of all who can do it; a subject may have measures of its own. */
const measures = {
  intervals: (...numbers) => measureIntervals(subject, ...numbers),
  lateness: (...numbers) => measureLateness(subject.wait, ...numbers),
  pending: (...numbers) => measurePending(subject, ...numbers),
  ...subject.measures,
};

// A tenth of a microsecond, where it is milliseconds.
const shortened = (_key, value) => (typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value);

async function main() {
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...numbers] = line.split(' ');
    const result = await measures[name](...numbers.map(Number));
    process.stdout.write(`${JSON.stringify(result, shortened)}\n`);
  }
}

main().then(() => process.exit());
