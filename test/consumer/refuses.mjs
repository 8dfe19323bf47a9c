// For a folder where the packed package is installed, on a machine that is not Windows: it can be imported both ways,
// and says in a way that programs understand why it cannot do more.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as imported from 'rtworkq';

const required = createRequire(import.meta.url)('rtworkq');
const code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';

for (const [way, rtworkq] of Object.entries({ import: imported, require: required })) {
  assert.equal(rtworkq.isSupported(), false, way);
  assert.equal(rtworkq.supportStatus().code, code, way);
  assert.throws(() => rtworkq.scheduleWorkItem(1), { code }, way);
}
// Two copies would mean two environments.
assert.equal(imported.scheduleWorkItem, required.scheduleWorkItem);
console.log(`rtworkq refuses politely on ${process.platform}, Node ${process.version}.`);
