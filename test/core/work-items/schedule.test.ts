import { describe, expect, test } from '@jest/globals';
import { putWorkItem, scheduleWorkItem, WorkItem, WorkQueue } from 'rtworkq';
import { expectOneOf, underWine } from '../../support/answers';
import { loadHelper } from '../../support/helper';
import { LIMIT, sleep, spin } from '../../support/time';

describe('scheduleWorkItem', () => {
  test.each([0, 1, 2, 5, 10, 20, 50, 100, 300])('fires after %d ms, never early', async (ms) => {
    const from = performance.now();
    const { status, firedAt } = await scheduleWorkItem(ms);
    expect(status).toBe(0);
    expect(firedAt - from).toBeGreaterThanOrEqual(ms - 1);
    expect(firedAt).toBeLessThanOrEqual(performance.now());
  });

  test('rounds fractions up to a whole millisecond', async () => {
    const from = performance.now();
    const { firedAt } = await scheduleWorkItem(20.001);
    // RTWorkQ may be up to a millisecond early; Wine's is not.
    expect(firedAt - from).toBeGreaterThanOrEqual(underWine ? 20.5 : 20);
  });

  test('settles each of 1,000 items with random delays once', async () => {
    const settlements = new Array<number>(1_000).fill(0);
    const items = settlements.map((_, index) => {
      const ms = Math.floor(Math.random() * 200);
      const from = performance.now();
      const item = scheduleWorkItem(ms);
      item.then(({ firedAt }) => {
        settlements[index]!++;
        expect(firedAt - from).toBeGreaterThanOrEqual(ms - 1);
      });
      return item;
    });
    await Promise.all(items);
    await sleep(50);
    expect(settlements.every((count) => count === 1)).toBe(true);
    expect(items.every((item) => item.state === 'fired')).toBe(true);
  });

  test('delivers 3,000 items that fired while JavaScript was busy', async () => {
    const items = Array.from({ length: 3_000 }, () => scheduleWorkItem(0));
    spin(100);
    const deliveries: number[] = [];
    await Promise.all(items.map((item) => item.then(() => deliveries.push(performance.now()))));
    expect(deliveries).toHaveLength(3_000);
    // All of them fired long before. Only their promises had to be settled.
    expect(items.every((item) => item.state === 'fired')).toBe(true);
  });

  test('accepts the longest delays that are allowed', async () => {
    const items = [2 ** 53, 2 ** 53 - 1, 2 ** 50, 922_337_203_685_477, 2 ** 32, 2 ** 31].map((ms) => scheduleWorkItem(ms));
    await sleep(100);
    expect(items.map((item) => item.state)).toEqual(items.map(() => 'pending'));
    expect(items.map((item) => item.cancel())).toEqual(items.map(() => true));
  });

  test('gives each item a key of its own', () => {
    const items = Array.from({ length: 100 }, () => scheduleWorkItem(10_000));
    const keys = items.map((item) => item.key);
    expect(new Set(keys).size).toBe(100);
    // Microsoft calls the key opaque.
    const topBits = new Set(keys.map((key) => key >> 63n));
    expectOneOf("the top bits of scheduled items' keys", [...topBits], [1n], expect.any(Array));
    for (const key of keys) expect(typeof key).toBe('bigint');
    for (const item of items) item.cancel();
    expect(items.map((item) => item.key)).toEqual(keys);
  });
});

describe('putWorkItem', () => {
  test('fires as soon as the queue reaches it', async () => {
    const from = performance.now();
    const { status, firedAt } = await putWorkItem();
    expect(status).toBe(0);
    expect(firedAt).toBeGreaterThanOrEqual(from);
    expect(firedAt).toBeLessThanOrEqual(performance.now());
  });

  test.each([-1, 0, 1])('accepts the priority %d', async (priority) => {
    await expect(putWorkItem({ priority })).resolves.toMatchObject({ status: 0 });
  });

  test('fires in the order of the calls on the standard queue', async () => {
    const order: number[] = [];
    await Promise.all(Array.from({ length: 500 }, (_, index) => putWorkItem().then(() => order.push(index))));
    const sorted = order.every((each, index) => each === index);
    expectOneOf('the standard queue keeps the order in which items are put', sorted, true, false);
    expect(order.sort((one, other) => one - other)).toEqual(Array.from({ length: 500 }, (_, index) => index));
  });

  test('waits behind other code on the queue, without blocking JavaScript', async () => {
    await putWorkItem();
    const unblock = loadHelper().blockQueue(WorkQueue.standard.id, LIMIT);
    const item = putWorkItem();
    await sleep(100);
    expect(item.state).toBe('pending');
    const from = performance.now();
    unblock();
    const { firedAt } = await item;
    expect(firedAt).toBeGreaterThanOrEqual(from);
  });
});

describe('a work item', () => {
  test('is a thenable with one promise', async () => {
    const item = scheduleWorkItem(1);
    expect(item).toBeInstanceOf(WorkItem);
    expect(item.completed).toBe(item.completed);
    const result = await item;
    expect(await item.completed).toBe(result);
    expect(await item.then((value) => value)).toBe(result);
  });

  test('resolves even if it is first awaited after it has fired', async () => {
    const item = scheduleWorkItem(0);
    while (item.state === 'pending') await sleep(1);
    expect(item.state).toBe('fired');
    await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test('cannot be constructed, and its methods throw for other objects', () => {
    const Constructor = WorkItem as unknown as new (...args: unknown[]) => WorkItem;
    expect(() => new Constructor()).toThrow(expect.objectContaining({ code: 'ERR_ILLEGAL_CONSTRUCTOR' }));
    expect(() => new Constructor(Symbol('key'), {})).toThrow(expect.objectContaining({ code: 'ERR_ILLEGAL_CONSTRUCTOR' }));
    for (const name of ['cancel', 'ref', 'unref', 'hasRef', 'then'] as const) {
      expect(() => Reflect.apply(WorkItem.prototype[name], {}, [])).toThrow(TypeError);
    }
  });

  test('has no members other than the documented ones', () => {
    expect(Object.getOwnPropertyNames(WorkItem.prototype).sort()).toEqual(
      ['cancel', 'catch', 'completed', 'constructor', 'finally', 'hasRef', 'key', 'ref', 'state', 'then', 'unref'].sort(),
    );
    expect(Object.keys(scheduleWorkItem(0))).toEqual([]);
  });
});
