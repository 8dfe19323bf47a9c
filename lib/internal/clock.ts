// The clock of performance.now(). Node's own, because programs put another in its place, as fake timers do.

import { performance } from 'node:perf_hooks';

export const now: () => number = performance.now.bind(performance);
