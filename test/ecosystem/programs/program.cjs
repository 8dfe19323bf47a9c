// program.mjs as CommonJS.

const { isSupported, putWorkItem, shutdown, supportStatus, WorkItem } = require('rtworkq');
const { setTimeout } = require('rtworkq/timers/promises');
const { required } = require('./required.cjs');

async function main() {
  const { reason } = supportStatus();
  const result = { supported: isSupported(), reason, one: required === WorkItem, timer: await setTimeout(1, 'passed') };
  if (result.supported) {
    const item = putWorkItem();
    result.fired = (await item).status;
    await shutdown();
  }
  console.log(JSON.stringify(result));
}

main();
