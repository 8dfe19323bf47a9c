// How late the package's timers and Node's timers resolve, one at a time on an idle machine.

const node = require('node:timers/promises');
const { scheduleWorkItem } = require('rtworkq');
const precise = require('rtworkq/timers/promises');
const { sayAll, sayEnd } = require('../lib/say.js');

const SAMPLES = 60;
const DELAY_MS = 5;

async function measure(about, sleep) {
  // Warm up: the first call loads the addon and starts the platform.
  await sleep(DELAY_MS);
  const late = [];
  for (let left = SAMPLES; left > 0; left--) {
    const start = performance.now();
    await sleep(DELAY_MS);
    late.push(performance.now() - start - DELAY_MS);
  }
  sayAll(about, 'ms late', late);
}

async function main() {
  await measure('rtworkq/timers/promises setTimeout(5)', (ms) => precise.setTimeout(ms));
  await measure('scheduleWorkItem(5)', (ms) => scheduleWorkItem(ms).completed);
  await measure("Node's setTimeout(5)", (ms) => node.setTimeout(ms));
  sayEnd();
}

main();
