// Runs in a folder with the packed package, on a machine without Windows: the package can be imported both ways, and reports with a
// code and a reason that it cannot do more.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as imported from 'rtworkq';
import timers from 'rtworkq/timers';
import { setInterval, setTimeout, sleepUntil } from 'rtworkq/timers/promises';

const required = createRequire(import.meta.url)('rtworkq');
const code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';

for (const [way, rtworkq] of Object.entries({ import: imported, require: required })) {
  assert.equal(rtworkq.isSupported(), false, way);
  assert.equal(rtworkq.supportStatus().code, code, way);
  assert.throws(() => rtworkq.scheduleWorkItem(1), { code }, way);
}
// Two copies would mean two environments.
assert.equal(imported.scheduleWorkItem, required.scheduleWorkItem);
// The timers fall back to Node's.
assert.equal(await setTimeout(1.5, 'value'), 'value');
await sleepUntil(performance.now() + 1);
for await (const { dueAt, firedAt } of setInterval(1.5, undefined, { details: true, missed: 'skip' })) {
  assert.ok(firedAt >= dueAt);
  break;
}
await new Promise((resolve) => timers.setTimeout(resolve, 1));
assert.equal(timers.promises.setTimeout, setTimeout);
console.log(`rtworkq refuses politely on ${process.platform}, Node ${process.version}.`);
