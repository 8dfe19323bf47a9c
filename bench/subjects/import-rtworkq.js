// What a program waits for until it has the package and its first work item. In a process where nothing was loaded before.

const { performance } = require('node:perf_hooks');
const { requireHere } = require('../lib/package.js');

async function load() {
  const start = performance.now();
  const item = requireHere('rtworkq').putWorkItem();
  const returned = performance.now();
  await item;
  return { returnedMs: returned - start, settledMs: performance.now() - start };
}

module.exports = { measures: { load } };
