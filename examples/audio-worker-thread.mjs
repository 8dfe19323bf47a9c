// The Worker of audio-worker.mjs: it does nothing but fill buffers.

import { parentPort, workerData } from 'node:worker_threads';
import { RtwqError, registerThreadWithMmcss } from 'rtworkq';
import { setInterval } from 'rtworkq/timers/promises';

const { filled, period, buffers } = workerData;
const tone = new Float32Array((48_000 / 1_000) * period);

/** Asks Windows to run this thread before others; without that it works too, only less surely. */
function join(/** @type {string} */ usageClass) {
  try {
    return registerThreadWithMmcss(usageClass);
  } catch (error) {
    if (!(error instanceof RtwqError)) throw error;
    return undefined; // The MMCSS service does not run, or does not know the class.
  }
}

const registration = join('Pro Audio');
parentPort?.postMessage({ mmcss: registration?.usageClass });

let latest = 0;
let late = 0;
let done = 0;
// Every buffer has to be filled, also one that is late: 'burst' leaves none out.
for await (const { dueAt, firedAt } of setInterval(period, undefined, { missed: 'burst', details: true })) {
  for (let i = 0; i < tone.length; i++) tone[i] = Math.sin(((done * tone.length + i) * 440 * 2 * Math.PI) / 48_000);
  latest = Math.max(latest, firedAt - dueAt);
  if (firedAt - dueAt > period) late++;
  Atomics.add(filled, 0, 1);
  if (++done === buffers) break;
}
registration?.unregister();
parentPort?.postMessage({ buffers: done, latest, late });
