// Times the load of an empty addon, loaded as packages load theirs, and its first call.

const { performance } = require('node:perf_hooks');
const { requireHere } = require('../lib/package.js');
const { files } = require('../lib/settings.js');

function load() {
  const start = performance.now();
  requireHere('node-gyp-build')(files.empty).call();
  const returnedMs = performance.now() - start;
  return { returnedMs, settledMs: returnedMs };
}

module.exports = { measures: { load } };
