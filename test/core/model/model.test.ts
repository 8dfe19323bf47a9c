// Random programs do the same on the simulation and on Windows: what is delivered to whom, and in which order if one is promised.

import { randomInt } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { WorkQueue } from 'rtworkq';
import type { Found, Plan } from '../../model/check';
import { runFixture } from '../../support/child';
import { implemented } from '../../support/implemented';

const { RTWORKQ_MODEL_SEED: seed, RTWORKQ_MODEL_PATH: path, RTWORKQ_MODEL_PROGRAMS: programs, RTWORKQ_MODEL_STEPS: steps } = process.env;

/** Whether this is the run with most programs: all of Windows, in 64 bits. */
const isFull = process.arch !== 'ia32' && implemented(() => WorkQueue.standard.setDeadline({ inMilliseconds: 1_000 }).cancel());

const plan: Plan = {
  programs: Number(programs ?? (isFull ? 50 : 10)),
  steps: Number(steps ?? 200),
  seed: Number(seed ?? randomInt(2 ** 31)),
  ...(path && { path }),
};

/** How many programs a process runs. */
const PART = 50;

const parts = Array.from({ length: Math.ceil(plan.programs / PART) }, (_, index) => ({
  ...plan,
  programs: Math.min(PART, plan.programs - index * PART),
  seed: plan.seed + index,
}));

test.each(parts)('$programs random programs of seed $seed do on Windows what they do in the simulation', async (part) => {
  const ended = await runFixture('model', { env: { RTWORKQ_TASK: JSON.stringify(part) } });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const { failure, ...found } = JSON.parse(ended.last) as Found;
  if (programs !== undefined) process.stderr.write(`${JSON.stringify({ ...part, ...found })}\n`);
  expect(failure).toBeUndefined();
  if (!path) expect(found).toMatchObject({ programs: part.programs });
});
