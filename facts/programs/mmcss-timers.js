// How late timers are while a thread per processor is busy, with and without an MMCSS registration of the timers' threads.

const { availableParallelism } = require('node:os');
const { Worker } = require('node:worker_threads');
const { registerThreadWithMmcss, registerTimersWithMmcss } = require('rtworkq');
const { setTimeout } = require('rtworkq/timers/promises');
const { measureLateness } = require('../lib/lateness.js');
const { say, sayEnd } = require('../lib/say.js');

const USAGE_CLASS = 'Pro Audio';

/** Registers for the time of a measurement, as far as this machine allows. */
async function withRegistrations(about, registrations) {
  const made = [];
  try {
    for (const register of registrations) made.push(register(USAGE_CLASS));
    await measureLateness(about, (ms) => setTimeout(ms));
  } catch (error) {
    say(about, error.code ?? error.message);
  } finally {
    for (const registration of made) registration.unregister();
  }
}

async function main() {
  const busy = Array.from({ length: availableParallelism() }, () => new Worker('for (;;);', { eval: true }));
  await Promise.all(busy.map((worker) => new Promise((resolve) => worker.once('online', resolve))));
  await withRegistrations('not registered', []);
  await withRegistrations("the timers' threads", [registerTimersWithMmcss]);
  await withRegistrations("the timers' threads and the JavaScript thread", [registerTimersWithMmcss, registerThreadWithMmcss]);
  for (const worker of busy) await worker.terminate();
  sayEnd();
}

main();
