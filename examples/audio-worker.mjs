// Audio that goes on while the main thread is busy: a Worker fills a buffer every 10 ms, as a sound card asks for them.
//
//   node audio-worker.mjs

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

// One number that both threads see: how many buffers are filled. The sound itself would go the same way.
const filled = new Int32Array(new SharedArrayBuffer(4));

const worker = new Worker(new URL('./audio-worker-thread.mjs', import.meta.url), {
  workerData: { filled, period: 10, buffers: 100 },
});
const [{ mmcss }] = await once(worker, 'message'); // It is ready.
console.log(mmcss ? `the Worker runs as ${mmcss}` : 'the Worker runs without MMCSS');

// Half a second in which this thread does nothing else, such as the layout of a large page.
const before = Atomics.load(filled, 0);
const busyUntil = performance.now() + 500;
while (performance.now() < busyUntil);
console.log(`${Atomics.load(filled, 0) - before} buffers were filled while the main thread was blocked`);

const exit = once(worker, 'exit');
const [{ buffers, latest, late }] = await once(worker, 'message');
await exit;
console.log(`${buffers} buffers, the latest by ${latest.toFixed(3)} ms, ${late} of them by more than their 10 ms`);
