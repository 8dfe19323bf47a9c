// Sleeps precisely, to fractions of a millisecond, without keeping the processor busy. For comparison, it also sleeps with Node's
// own timer, which on Windows follows the system's tick of up to 15.6 ms.
//
//   node precise-sleep.mjs [milliseconds]

import { setTimeout as nodeSleep } from 'node:timers/promises';
import { setTimeout as sleep, sleepUntil } from 'rtworkq/timers/promises';

const [milliseconds = 2.5] = process.argv.slice(2).map(Number);

/** How long an action takes, in milliseconds. */
async function measure(/** @type {() => Promise<void>} */ action) {
  const start = performance.now();
  await action();
  return (performance.now() - start).toFixed(3);
}

await sleep(1); // The first sleep starts RTWorkQ, which takes longer.

for (let round = 0; round < 3; round++) {
  console.log(`asked for ${milliseconds} ms, slept ${await measure(() => sleep(milliseconds))} ms`);
}
console.log(`Node's timer: asked for ${milliseconds} ms, slept ${await measure(() => nodeSleep(milliseconds))} ms`);

// If work between sleeps takes varying time: sleep until a fixed time, so that the work's duration is not added.
const start = performance.now();
for (let step = 1; step <= 5; step++) {
  await sleepUntil(start + step * 10);
  console.log(`step ${step}: due after ${step * 10} ms, woke after ${(performance.now() - start).toFixed(3)} ms`);
}
