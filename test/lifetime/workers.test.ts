import { describe, expect, test } from '@jest/globals';
import { putWorkItem, scheduleWorkItem } from 'rtworkq';
import { runFixture } from '../support/child';
import { isDeep } from '../support/deep';
import { runWorker } from '../support/worker';

describe('if only Workers load rtworkq, the process and the addon survive', () => {
  test.each([
    ['a Worker that ends with work items pending', 'leave', 10],
    ['a Worker that calls process.exit() with work items pending', 'exit', 10],
    ['a Worker that is terminated with work items pending', 'terminate', 10],
    ['a Worker that is terminated while it puts, invokes and cancels', 'churn', 10],
    ['callbacks that run after their Worker has ended', 'outlive', 3],
  ])('%s', async (_, scenario, rounds) => {
    const ended = await runFixture('only-in-workers', { args: [scenario, String(isDeep ? 3 * rounds : rounds)] });
    expect(ended).toMatchObject({ code: 0, signal: null, last: 'workers ok, addon still loaded', stderr: '' });
  });
});

describe('Workers and the main thread', () => {
  test('can put and schedule work items at the same time', async () => {
    const count = 1_000;
    const workers = Array.from({ length: 4 }, () => runWorker({ how: 'count', count }));
    const own = Promise.all(Array.from({ length: count }, (_, index) => (index % 2 ? putWorkItem() : scheduleWorkItem(index % 20))));
    expect(await Promise.all(workers)).toEqual([count, count, count, count]);
    expect(await own).toHaveLength(count);
  });

  test("do not affect each other's work items when a Worker ends", async () => {
    const item = scheduleWorkItem(600_000);
    for (let round = 0; round < 5; round++) await runWorker({ how: 'leave' });
    expect(item.state).toBe('pending');
    await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
    expect(item.cancel()).toBe(true);
  });

  test("cannot cancel each other's work items by their keys", async () => {
    const item = scheduleWorkItem(600_000);
    expect(await runWorker({ how: 'cancel a foreign key', key: item.key })).toBe('RTWQ_E_NOT_FOUND');
    expect(item.state).toBe('pending');
    expect(item.cancel()).toBe(true);
  });
});
