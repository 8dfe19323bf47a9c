// Workers that end in every way while waits, locks, timers and work items are pending. What they held is there for others.

'use strict';

const assert = require('node:assert/strict');
const { Worker } = require('node:worker_threads');
const { Mutex, shutdown, WaitableEvent, waitFor } = require('rtworkq');
const { check, run } = require('./checks.cjs');

for (const end of ['terminate', 'exit', 'throw', 'return']) {
  check(`a Worker that ends by ${end} leaves nothing behind`, async () => {
    const name = `Local\\rtworkq-${process.pid}-${end}`;
    const [ready, event] = ['ready', 'event'].map((what) => WaitableEvent.create({ name: `${name}-${what}` }));
    // Both: one that the Worker owns, and one that it waits for.
    const [owned, wanted] = ['owned', 'wanted'].map((what) => Mutex.create({ name: `${name}-${what}` }));
    const lock = await wanted.acquire();

    const worker = new Worker(require.resolve('./worker-thread.cjs'), { workerData: { name, end } });
    worker.on('error', () => {});
    const exited = new Promise((done) => worker.once('exit', done));
    assert.equal(await waitFor(ready, { timeout: 15_000 }), 'signaled');
    if (end === 'terminate') await worker.terminate();
    await exited;

    event.set();
    assert.equal(await waitFor(event, { timeout: 5_000 }), 'signaled');
    lock.release();
    for (const mutex of [owned, wanted]) (await mutex.acquire({ timeout: 5_000 })).release();
    for (const handle of [ready, event, owned, wanted]) handle.close();
  });
}

check('shutdown() ends', shutdown);

void run();
