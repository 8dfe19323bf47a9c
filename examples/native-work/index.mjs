// Native code on the threads of a work queue: a parallel for, while JavaScript goes on. The code is addon.cc.
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
// Its threads run several slices at once. The promise resolves when the last one is over.
const item = putWorkItems(slices, { work, queue: WorkQueue.multithreaded });
console.log(`${slices} slices are put, and JavaScript goes on`);

const { status, firedAt } = await item;
if (status.some((each) => each !== 0)) throw new Error('a slice has failed');
console.log(`${found()} primes below ${limit}; the last slice began ${(firedAt[slices - 1] - firedAt[0]).toFixed(3)} ms after the first`);
