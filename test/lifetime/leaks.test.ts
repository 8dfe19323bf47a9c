// What must not pile up.

import { expect, test } from '@jest/globals';
import { putWorkItem, scheduleWorkItem } from 'rtworkq';
import { loadHelper } from '../support/helper';
import { sleep } from '../support/time';
import { runWorker } from '../support/worker';

async function round(items: number): Promise<void> {
  await Promise.all(Array.from({ length: items }, (_, index) => (index % 2 ? putWorkItem() : scheduleWorkItem(index % 10))));
  for (const item of Array.from({ length: items }, () => scheduleWorkItem(60_000))) item.cancel();
  await runWorker({ how: 'leave' });
  await sleep(50);
}

test('handles', async () => {
  const helper = loadHelper();
  // Pools and caches fill up first.
  for (let warmUp = 0; warmUp < 3; warmUp++) await round(1_000);
  const before = helper.handleCount();
  for (let times = 0; times < 10; times++) await round(1_000);
  expect(helper.handleCount() - before).toBeLessThan(20);
});
