// The same for an addon that does nothing.

const { performance } = require('node:perf_hooks');
const { files } = require('../lib/settings.js');

function load() {
  const start = performance.now();
  require(files.empty).call();
  const returnedMs = performance.now() - start;
  return { returnedMs, settledMs: returnedMs };
}

module.exports = { measures: { load } };
