// Preloaded into Node's own tests: swaps the modules, as swap-modules.cjs does, and the global functions.

'use strict';

require('./swap-modules.cjs');

const timers = require('../../dist/timers/index.js');

for (const name of ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate']) {
  globalThis[name] = timers[name];
}
