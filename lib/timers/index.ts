// rtworkq/timers: node:timers, on time.

import nodeTimers from 'node:timers';
import { promisify } from 'node:util';
import * as promises from './promises';
import { setTimeout } from './timeout';

Object.defineProperty(setTimeout, promisify.custom, { enumerable: true, value: promises.setTimeout });

/** Node's own: an immediate has no delay to keep. */
export const { setImmediate, clearImmediate } = nodeTimers;
export { clearInterval, clearTimeout, setInterval, setTimeout, Timeout } from './timeout';
export { promises };
