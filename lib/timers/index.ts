// rtworkq/timers: node:timers, on time.

import { promisify } from 'node:util';
import * as promises from './promises';
import { setTimeout } from './timeout';

Object.defineProperty(setTimeout, promisify.custom, { enumerable: true, value: promises.setTimeout });

export { clearImmediate, setImmediate } from './immediates';
export { clearInterval, clearTimeout, setInterval, setTimeout, Timeout } from './timeout';
export { promises };
