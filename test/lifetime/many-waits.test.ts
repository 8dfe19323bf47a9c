// Thousands of waits at once, each kind in a process of its own.

import { expect, test } from '@jest/globals';
import { runFixture } from '../support/child';
import { isDeep } from '../support/deep';

// Events have all of them each time.
test.each([
  ['events', 10_000],
  ['semaphores', isDeep ? 10_000 : 1_000],
  ['timers', isDeep ? 10_000 : 1_000],
  ['one process', isDeep ? 10_000 : 1_000],
])('waits for %s settle, one by one and all together: %d', async (kind, count) => {
  const { code, last, stderr } = await runFixture('many-waits', { args: [kind, String(count)] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(last)).toEqual({ outcomes: ['signaled', count - 1], signaled: count, ended: count, left: 0 });
});
