// The Worker of worker.cjs: starts one operation of each kind, then ends in the way that it was given.

'use strict';

const { workerData } = require('node:worker_threads');
const { locks, Mutex, putWorkItem, scheduleWorkItem, WaitableEvent, waitFor } = require('rtworkq');
const timers = require('rtworkq/timers');

const { name, end } = workerData;
const ignore = () => {};
// Only `return` lets the thread end although something is pending.
const ref = end !== 'return';

async function start() {
  const owned = await Mutex.open(`${name}-owned`).acquire();
  Mutex.open(`${name}-wanted`).acquire({ ref }).catch(ignore);
  waitFor(WaitableEvent.open(`${name}-event`), { ref }).catch(ignore);
  // A lock that is held keeps the thread.
  if (ref) locks.request(`${name}-lock`, () => new Promise(ignore)).catch(ignore);
  for (const timer of [timers.setTimeout(ignore, 60_000), timers.setInterval(ignore, 1)]) if (!ref) timer.unref();
  scheduleWorkItem(60_000, { ref }).catch(ignore);
  for (let count = 0; count < 100; count++) putWorkItem({ ref }).catch(ignore);
  globalThis.kept = owned;
  WaitableEvent.open(`${name}-ready`).set();
}

void start().then(() => {
  if (end === 'exit') process.exit(0);
  if (end === 'throw') throw new Error('thrown on purpose');
});
