// Each callback, and the error that it throws, has the async context and the domain of the code that passed it in.

import { expect, test } from '@jest/globals';
import { isSupported } from 'rtworkq';
import { runFixture } from '../../support/child';
import { expectedContexts } from '../../support/contexts';

test.each(['stores', 'domains'] as const)('%s: those of the user, in the callback and when its error surfaces', async (what) => {
  const { code, last, stderr } = await runFixture('contexts', { args: [what] });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(last)).toEqual(expectedContexts(what, isSupported()));
});
