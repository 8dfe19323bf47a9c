// The CPU time of Wine's server, which does part of the work of a program's waits and timers. Wine opens files in the server, so
// there `self` is the server. On Windows there is no such file.

const { existsSync, readFileSync } = require('node:fs');

const FILE = 'Z:/proc/self/schedstat';
const exists = existsSync(FILE);

/** In milliseconds; undefined without a server. */
exports.serverMs = () => (exists ? Number(readFileSync(FILE, 'utf8').split(' ')[0]) / 1e6 : undefined);
