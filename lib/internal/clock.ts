// The clock of performance.now(). Node's own, captured at load: programs replace it, as fake timers do.

import { performance } from 'node:perf_hooks';

export const now: () => number = performance.now.bind(performance);
