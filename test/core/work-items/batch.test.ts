// User code that runs while completions are told loses nobody else's, whatever it does.

import { expect, test } from '@jest/globals';
import { runFixture } from '../../support/child';

test.each([
  'a spy',
  'a spy that was there first',
  'a then of Object.prototype that throws',
  'a then of Object.prototype',
  'the hook promiseResolve',
  'the hook init',
])('%s', async (what) => {
  const ended = await runFixture('batch', { args: [what] });
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(JSON.parse(ended.last)).toEqual([3_002, false, 'RTWQ_E_INVALID_WORKQUEUE', 'E_HANDLE', 'RTWQ_E_SHUTDOWN', true, true]);
});
