// The package is loaded while a test runner's fake clock is in place, whose time stands still. Real time goes on for the package.

import { expect, jest, test } from '@jest/globals';
import { isSupported } from 'rtworkq';
import { runFixture } from '../../support/child';
import { outcomesUnderFakes, usesUnderFakes } from '../../support/fakes';

const uses = usesUnderFakes(isSupported());
const always = (names: string[]) => ({ during: names, after: names, again: names });

test('loaded under the fakes of node:test, sinon and vitest, and under each fake by itself, all of it works', async () => {
  const { code, last, stderr } = await runFixture('fakes', { flags: ['--no-warnings'] });
  expect([code, stderr]).toEqual([0, '']);
  const outcomes = JSON.parse(last) as Record<string, unknown>;
  expect(Object.keys(outcomes)).toHaveLength(10);
  for (const [faker, outcome] of Object.entries(outcomes)) expect([faker, outcome]).toEqual([faker, always(uses)]);
});

test("loaded under jest's fakes, all of it works", async () => {
  jest.resetModules();
  const fake = () => {
    jest.useFakeTimers();
    return () => jest.useRealTimers();
  };
  // Jest itself listens to uncaught exceptions.
  const exception = 'an exception';
  expect(await outcomesUnderFakes(fake, [exception])).toEqual(always(uses.filter((name) => name !== exception)));
});
