// Programs that patch JavaScript's built-ins cannot come between a check and its use, or make the package lose something.

import { expect, test } from '@jest/globals';
import { runFixture } from '../../support/child';

test('patched built-ins of JavaScript do not affect the package', async () => {
  const ended = await runFixture('patched');
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(JSON.parse(ended.last)).toEqual({
    // The closed target was noticed, or nothing could close it; and the other handle's signal was not taken.
    targets: [expect.stringMatching(/^(timeout|E_HANDLE)$/), true],
    handles: true,
    slots: 0,
    pollution: 'fine',
    hooks: [0, true, 2],
  });
});
