// The utility process of main.mjs: a steady beat, until it is ended.

import { setInterval } from 'rtworkq/timers/promises';

let beats = 0;
for await (const _ of setInterval(50)) process.parentPort.postMessage(++beats);
