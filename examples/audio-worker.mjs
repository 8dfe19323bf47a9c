// Keeps audio running while the main thread is busy: a Worker fills a buffer every 10 ms, the pace of a sound card.
//
//   node audio-worker.mjs

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

// The number of filled buffers, in memory that both threads share. Real sound data would be shared in the same way.
const filled = new Int32Array(new SharedArrayBuffer(4));

const worker = new Worker(new URL('./audio-worker-thread.mjs', import.meta.url), {
  workerData: { filled, period: 10, buffers: 100 },
});
const [{ mmcss }] = await once(worker, 'message'); // The Worker is ready.
console.log(mmcss ? `the Worker runs in the MMCSS class ${mmcss}` : 'the Worker runs without MMCSS');

// Block this thread for half a second, as laying out a large page would.
const before = Atomics.load(filled, 0);
const busyUntil = performance.now() + 500;
while (performance.now() < busyUntil);
console.log(`${Atomics.load(filled, 0) - before} buffers were filled while the main thread was blocked`);

const exit = once(worker, 'exit');
const [{ buffers, maxLate, late }] = await once(worker, 'message');
await exit;
console.log(`${buffers} buffers, at most ${maxLate.toFixed(3)} ms late, ${late} of them more than 10 ms late`);
