// The package's own tests, as far as they need no native code, in a simulation in real time: what is true on Windows is true there.

import { expect, test } from '@jest/globals';
import { supportStatus } from 'rtworkq';
import { simulation } from '../support/simulated';

import '../core/handles/names.test';
import '../core/internal/arguments.test';
import '../core/internal/errors.test';
import '../core/internal/inspection.test';
import '../core/platform/ends.test';
import '../core/queues/deadlines.test';
import '../core/timers/promises.test';
import '../core/work-items/foreign-signals.test';
import '../core/work-items/promise.test';

test('all of this ran in a simulation', () => {
  expect([supportStatus(), simulation.ended]).toEqual([
    expect.objectContaining({ dll: expect.objectContaining({ path: 'simulation' }) }),
    false,
  ]);
});
