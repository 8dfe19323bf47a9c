// rtworkq/timers: node:timers, on time.

import { promisify } from 'node:util';
import { keepNames } from '../internal/names';
import * as promises from './promises';
import { clearInterval, clearTimeout, setInterval, setTimeout } from './timeout';

keepNames({ setTimeout, setInterval, clearTimeout, clearInterval });
Object.defineProperty(setTimeout, promisify.custom, { enumerable: true, value: promises.setTimeout });

export { clearImmediate, setImmediate } from './immediates';
export { Timeout } from './timeout';
export { clearInterval, clearTimeout, promises, setInterval, setTimeout };
