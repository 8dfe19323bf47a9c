// A sleep that ends on time, to fractions of a millisecond, while the processor sleeps too. And the same sleep by Node's
// own timer, which on Windows goes by the system's tick of up to 15.6 ms.
//
//   node precise-sleep.mjs [milliseconds]

import { setTimeout as nodeSleep } from 'node:timers/promises';
import { setTimeout as sleep, sleepUntil } from 'rtworkq/timers/promises';

const [milliseconds = 2.5] = process.argv.slice(2).map(Number);

/** How long it takes, in milliseconds. */
async function measure(/** @type {() => Promise<void>} */ action) {
  const start = performance.now();
  await action();
  return (performance.now() - start).toFixed(3);
}

await sleep(1); // The first one starts RTWorkQ, which takes longer.

for (let round = 0; round < 3; round++) {
  console.log(`asked for ${milliseconds} ms, slept ${await measure(() => sleep(milliseconds))} ms`);
}
console.log(`Node's own: asked for ${milliseconds} ms, slept ${await measure(() => nodeSleep(milliseconds))} ms`);

// Work that takes now more, now less: sleep until a time, so that what the work took is not added.
const start = performance.now();
for (let step = 1; step <= 5; step++) {
  await sleepUntil(start + step * 10);
  console.log(`step ${step}, due after ${step * 10} ms, came after ${(performance.now() - start).toFixed(3)} ms`);
}
