// bench/ is a package of its own, so `rtworkq` must be resolved from the repository's root.

const { createRequire } = require('node:module');
const { join } = require('node:path');

/** A `require()` that resolves `rtworkq` and its entry points to this repository. */
exports.requireHere = createRequire(join(__dirname, '../../package.json'));
