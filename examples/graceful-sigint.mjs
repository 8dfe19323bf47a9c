// Ctrl+C ends the program in order: whatever waits is told and cleans up, and then there is nothing left to wait for. No
// process.exit(), and no flag that each loop would have to look at.
//
//   node graceful-sigint.mjs [frames]     and press Ctrl+C

import { scheduleWorkItem, WaitableTimer } from 'rtworkq';

const [frames = 3_000] = process.argv.slice(2).map(Number);

const stop = new AbortController();
const { signal } = stop;
// Once: a second Ctrl+C ends the process at once, should the cleaning up hang.
process.once('SIGINT', () => stop.abort(new Error('Ctrl+C')));

async function draw() {
  const timer = WaitableTimer.create();
  timer.set(0, { period: 20 });
  let drawn = 0;
  try {
    for await (const { missed = 0 } of timer.signals({ signal })) {
      if (drawn === 0) console.log('drawing');
      drawn += 1 + missed;
      if (drawn >= frames) return stop.abort(new Error('all is drawn'));
    }
  } finally {
    timer.close();
    console.log('the drawing is put away'); // the cleaning up, which may wait for something too
  }
}

async function save() {
  for (;;) {
    // What begins after the signal has aborted rejects too, so no loop can miss it.
    await scheduleWorkItem(60_000, { signal });
    console.log('saved');
  }
}

/** To be stopped is no failure. */
async function untilStopped(/** @type {Promise<void>} */ work) {
  await work.catch((error) => {
    if (error.name !== 'AbortError') throw error;
    console.log(`stopped: ${error.cause.message}`);
  });
}

await Promise.all([draw(), save()].map(untilStopped));
console.log('the end');
