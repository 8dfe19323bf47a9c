// Programs change what JavaScript comes with: none of it comes between a check and its use, nor makes the package lose something.

import { expect, test } from '@jest/globals';
import { runFixture } from '../../support/child';

test('what a program puts in the place of functions of JavaScript changes nothing', async () => {
  const ended = await runFixture('patched');
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(JSON.parse(ended.last)).toEqual({
    targets: expect.stringMatching(/^(no stranger|E_HANDLE)$/),
    handles: true,
    slots: 0,
    pollution: 'fine',
    hooks: [0, true, 2],
  });
});
