// 10,000 waits at once, each kind in a process of its own.

import { expect, test } from '@jest/globals';
import { runFixture } from '../support/child';

test.each(['events', 'semaphores', 'timers', 'one process'])('10,000 waits for %s settle, one by one and all together', async (kind) => {
  const { code, last, stderr } = await runFixture('many-waits', { args: [kind] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(last)).toEqual({ outcomes: ['signaled', 9_999], signaled: 10_000, ended: 10_000, left: 0 });
});
