// At least 20,000 calls of everything with arbitrary values, in a process of its own, which a mistake would end.

import { expect, test } from '@jest/globals';
import { expectOneOf } from '../../support/answers';
import { runFixture } from '../../support/child';

test('nothing but documented errors comes of arbitrary values, and nothing is left', async () => {
  const ended = await runFixture('arbitrary');
  // Where it has failed, this has the seed.
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  const { calls, runs, grown } = JSON.parse(ended.last);
  expect(calls).toBeGreaterThanOrEqual(20_000);
  // A leak would add one in each of the runs; the pools of Windows keep some for themselves.
  expect(grown).toBeLessThan(runs / 2);
  expectOneOf('the handles that 20,000 calls leave, less than 20', grown < 20 || grown, true, expect.any(Number));
});
