// Runs native code on a work queue's threads: a parallel for, while JavaScript continues. The code is in addon.cc.
//
//   npm install rtworkq
//   npx node-gyp rebuild        with binding.gyp and addon.cc in this folder
//   node index.mjs [limit]

import { createRequire } from 'node:module';
import { putWorkItems, WorkQueue } from 'rtworkq';

const { countPrimes } = createRequire(import.meta.url)('./build/Release/count_primes.node');
const [limit = 1_000_000] = process.argv.slice(2).map(Number);

const slices = 64;
const { work, found } = countPrimes(limit, slices);
// The queue's threads run several slices at once. The promise resolves when the last one has finished.
const item = putWorkItems(slices, { work, queue: WorkQueue.multithreaded });
console.log(`put ${slices} slices, and JavaScript continues`);

const { status, firedAt } = await item;
if (status.some((each) => each !== 0)) throw new Error('a slice failed');
console.log(`${found()} primes below ${limit}; the last slice started ${(firedAt[slices - 1] - firedAt[0]).toFixed(3)} ms after the first`);
