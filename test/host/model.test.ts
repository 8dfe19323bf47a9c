// The model test itself: it finds faults that are planted in the simulation, and nothing if there are none. Two simulations are
// compared here, so it needs no Windows.

import { expect, test } from '@jest/globals';
import type { ModelTask } from '../fixtures/model';
import type { Found } from '../model/check';
import { FAULTS } from '../model/faults';
import { runFixture } from '../support/child';

/** Programs of the length that npm run test:deep runs, in the same order with and without a fault. */
async function check(task: Partial<ModelTask>): Promise<Found> {
  const plan: ModelTask = { programs: 2_000, steps: 200, seed: 1, shrinking: 500, simulation: {}, ...task };
  const ended = await runFixture('model', { env: { RTWORKQ_TASK: JSON.stringify(plan) } });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(ended.last) as Found;
}

test('a simulation that chooses otherwise does what the model can do', async () => {
  const { failure, followed } = await check({ programs: 20 });
  expect(failure).toBeUndefined();
  // There was something to choose.
  expect(followed).toBeGreaterThan(0);
});

test.each(Object.keys(FAULTS) as (keyof typeof FAULTS)[])('%s is found within 2,000 programs', async (fault) => {
  const { failure, programs } = await check({ simulation: { fault } });
  expect(failure).toMatch(/^(?:The subject|the model|the subject)/);
  expect(failure).toContain('RTWORKQ_MODEL_PATH=');
  process.stderr.write(`${fault}: found by program ${programs}\n`);
});
