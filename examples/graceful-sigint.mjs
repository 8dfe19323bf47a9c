// Shuts down cleanly on Ctrl+C: every pending wait ends and cleans up, and then nothing keeps the process alive. This needs no
// process.exit(), and no flag for each loop to check.
//
//   node graceful-sigint.mjs [frames]     and press Ctrl+C

import { scheduleWorkItem, WaitableTimer } from 'rtworkq';

const [frames = 3_000] = process.argv.slice(2).map(Number);

const stop = new AbortController();
const { signal } = stop;
// Once: if the clean-up hangs, a second Ctrl+C ends the process immediately.
process.once('SIGINT', () => stop.abort(new Error('Ctrl+C')));

async function draw() {
  const timer = WaitableTimer.create();
  timer.set(0, { period: 20 });
  let drawn = 0;
  try {
    for await (const { missed = 0 } of timer.signals({ signal })) {
      if (drawn === 0) console.log('drawing');
      drawn += 1 + missed;
      if (drawn >= frames) return stop.abort(new Error('all frames are drawn'));
    }
  } finally {
    timer.close();
    console.log('drawing cleaned up'); // a real clean-up may also await something
  }
}

async function save() {
  for (;;) {
    // A wait that starts after the abort also rejects, so no loop can miss it.
    await scheduleWorkItem(60_000, { signal });
    console.log('saved');
  }
}

/** Being stopped is not a failure. */
async function untilStopped(/** @type {Promise<void>} */ work) {
  await work.catch((error) => {
    if (error.name !== 'AbortError') throw error;
    console.log(`stopped: ${error.cause.message}`);
  });
}

await Promise.all([draw(), save()].map(untilStopped));
console.log('done');
