// At least 20,000 calls of all functions with arbitrary values, in a separate process, because a bug would crash it.

import { expect, test } from '@jest/globals';
import { expectOneOf } from '../../support/answers';
import { runFixture } from '../../support/child';

test('arbitrary arguments cause documented errors only, and leak no handles', async () => {
  const ended = await runFixture('arbitrary');
  // If it failed, stderr has the seed.
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  const { calls, runs, grown } = JSON.parse(ended.last);
  expect(calls).toBeGreaterThanOrEqual(20_000);
  // A leak would add a handle per run. Windows' thread pools keep a few.
  expect(grown).toBeLessThan(runs / 2);
  expectOneOf('handles left by 20,000 calls, less than 20', grown < 20 || grown, true, expect.any(Number));
});
