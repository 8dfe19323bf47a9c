// The utility process of main.mjs: beats steadily until it is killed.

import { setInterval } from 'rtworkq/timers/promises';

let beats = 0;
for await (const _ of setInterval(50)) process.parentPort.postMessage(++beats);
