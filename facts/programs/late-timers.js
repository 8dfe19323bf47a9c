// How late the package's timers and Node's timers resolve, one at a time on an idle machine.

const node = require('node:timers/promises');
const { scheduleWorkItem } = require('rtworkq');
const precise = require('rtworkq/timers/promises');
const { measureLateness } = require('../lib/lateness.js');
const { sayEnd } = require('../lib/say.js');

async function main() {
  await measureLateness('rtworkq/timers/promises setTimeout(5)', (ms) => precise.setTimeout(ms));
  await measureLateness('scheduleWorkItem(5)', (ms) => scheduleWorkItem(ms).completed);
  await measureLateness("Node's setTimeout(5)", (ms) => node.setTimeout(ms));
  sayEnd();
}

main();
