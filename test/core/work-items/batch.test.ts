// User code that runs while a batch of completions is delivered must not lose the others.

import { expect, test } from '@jest/globals';
import { runFixture } from '../../support/child';

test.each([
  ['a patched removeEventListener() that throws', 'a spy'],
  ['a removeEventListener() that throws, patched before rtworkq is loaded', 'a spy that was there first'],
  ['a getter Object.prototype.then that throws', 'a then of Object.prototype that throws'],
  ['a getter Object.prototype.then that runs user code', 'a then of Object.prototype'],
  ['an async hook promiseResolve', 'the hook promiseResolve'],
  ['an async hook init', 'the hook init'],
])('every operation settles despite %s', async (_, what) => {
  const ended = await runFixture('batch', { args: [what] });
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(JSON.parse(ended.last)).toEqual([3_002, false, 'RTWQ_E_INVALID_WORKQUEUE', 'E_HANDLE', 'RTWQ_E_SHUTDOWN', true, true]);
});
