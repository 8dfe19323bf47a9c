import { describe, expect, test } from '@jest/globals';
import { putWorkItem, scheduleWorkItem } from 'rtworkq';
import { runFixture } from '../support/child';
import { runWorker } from '../support/worker';

describe('loaded only in Workers', () => {
  test.each([
    ['a Worker ends with items pending', 'leave', 100],
    ['a Worker calls process.exit() with items pending', 'exit', 100],
    ['a Worker is terminated with items pending', 'terminate', 100],
    ['a Worker is terminated while it puts, invokes and cancels', 'churn', 30],
    ['callbacks run after their Worker has ended', 'outlive', 5],
  ])('%s', async (_, scenario, rounds) => {
    const ended = await runFixture('only-in-workers', { args: [scenario, String(rounds)] });
    expect(ended).toMatchObject({ code: 0, signal: null, last: 'workers ok, addon still loaded', stderr: '' });
  });
});

describe('beside the main thread', () => {
  test('main and four Workers at once', async () => {
    const count = 1_000;
    const workers = Array.from({ length: 4 }, () => runWorker({ how: 'count', count }));
    const own = Promise.all(Array.from({ length: count }, (_, index) => (index % 2 ? putWorkItem() : scheduleWorkItem(index % 20))));
    expect(await Promise.all(workers)).toEqual([count, count, count, count]);
    expect(await own).toHaveLength(count);
  });

  test("a Worker's end leaves this thread's items alone", async () => {
    const item = scheduleWorkItem(60_000);
    for (let round = 0; round < 5; round++) await runWorker({ how: 'leave' });
    expect(item.state).toBe('pending');
    await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
    expect(item.cancel()).toBe(true);
  });

  test("another thread's key is not found", async () => {
    const item = scheduleWorkItem(60_000);
    expect(await runWorker({ how: 'cancel a foreign key', key: item.key })).toBe('RTWQ_E_NOT_FOUND');
    expect(item.state).toBe('pending');
    expect(item.cancel()).toBe(true);
  });
});
