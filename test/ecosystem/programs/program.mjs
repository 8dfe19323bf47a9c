// Reports as a line of JSON how the package works here. `import` and `require()` must give the same instance.

import { isSupported, putWorkItem, shutdown, supportStatus, WorkItem } from 'rtworkq';
import { setTimeout } from 'rtworkq/timers/promises';
import { required } from './required.cjs';

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
