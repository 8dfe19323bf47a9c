// bench/ is a package of its own, so that the one that is measured is found from the repository's root.

const { createRequire } = require('node:module');
const { join } = require('node:path');

/** `require()` that knows `rtworkq` and its entry points. */
exports.requireHere = createRequire(join(__dirname, '../../package.json'));
