// Times the load of the package and its first work item, in a new process.

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
