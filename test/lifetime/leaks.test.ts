// Handle leaks.

import { expect, test } from '@jest/globals';
import { putWorkItem, scheduleWorkItem } from 'rtworkq';
import { leastGrowth } from '../support/handles';
import { sleep } from '../support/time';
import { runWorker } from '../support/worker';

async function round(items: number): Promise<void> {
  await Promise.all(Array.from({ length: items }, (_, index) => (index % 2 ? putWorkItem() : scheduleWorkItem(index % 10))));
  for (const item of Array.from({ length: items }, () => scheduleWorkItem(60_000))) item.cancel();
  await runWorker({ how: 'leave' });
  await sleep(50);
}

test('work items and Workers leak no handles', async () => {
  // Fewer than one for each Worker.
  const workers = 10;
  const rounds = async (): Promise<void> => {
    for (let times = 0; times < workers; times++) await round(1_000);
  };
  expect(await leastGrowth(workers, rounds)).toBeLessThan(workers);
});
