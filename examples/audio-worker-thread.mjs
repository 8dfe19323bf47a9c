// The Worker of audio-worker.mjs. It only fills buffers.

import { parentPort, workerData } from 'node:worker_threads';
import { RtwqError, registerThreadWithMmcss } from 'rtworkq';
import { setInterval } from 'rtworkq/timers/promises';

const { filled, period, buffers } = workerData;
const tone = new Float32Array((48_000 / 1_000) * period);

/** Asks Windows to run this thread before others. The program works without this, but less reliably. */
function join(/** @type {string} */ usageClass) {
  try {
    return registerThreadWithMmcss(usageClass);
  } catch (error) {
    if (!(error instanceof RtwqError)) throw error;
    return undefined; // The MMCSS service is not running, or does not know the class.
  }
}

const registration = join('Pro Audio');
parentPort?.postMessage({ mmcss: registration?.usageClass });

let maxLate = 0;
let late = 0;
let done = 0;
// Fill every buffer, even late ones: 'burst' skips none.
for await (const { dueAt, firedAt } of setInterval(period, undefined, { missed: 'burst', details: true })) {
  for (let i = 0; i < tone.length; i++) tone[i] = Math.sin(((done * tone.length + i) * 440 * 2 * Math.PI) / 48_000);
  maxLate = Math.max(maxLate, firedAt - dueAt);
  if (firedAt - dueAt > period) late++;
  Atomics.add(filled, 0, 1);
  if (++done === buffers) break;
}
registration?.unregister();
parentPort?.postMessage({ buffers: done, maxLate, late });
