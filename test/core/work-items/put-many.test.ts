// Many work items with one call and one promise.

import { afterEach, describe, expect, test } from '@jest/globals';
import { putWorkItem, putWorkItems, shutdown, type WorkItem, type WorkItemsResult, WorkQueue } from 'rtworkq';
import { expectOneOf } from '../../support/answers';
import { failureOf } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { eventually, LIMIT, spinUntil } from '../../support/time';
import { loadWorkAddon } from '../../support/work-addon';
import { firstMessage, runWorker, startWorker } from '../../support/worker';

const addon = loadWorkAddon();

afterEach(() => shutdown());

const ascending = (values: Float64Array): boolean => values.every((value, index) => index === 0 || value >= (values[index - 1] as number));

/** Ways to end a work item that is pending on a queue of its own. */
const ends: [how: string, end: (item: WorkItem<WorkItemsResult>, controller: AbortController) => unknown, cause: unknown, state: string][] =
  [
    ['cancel()', (item) => item.cancel(), undefined, 'cancelled'],
    ['the end of a `using` scope', (item) => item[Symbol.dispose](), undefined, 'cancelled'],
    ['its AbortSignal', (_, controller) => controller.abort('so'), 'so', 'cancelled'],
    ['shutdown()', () => void shutdown(), expect.objectContaining({ code: 'RTWQ_E_SHUTDOWN' }), 'closed'],
  ];

describe('putWorkItems()', () => {
  test.each([0, 1, 2, 1_000, 100_000])('resolves with the time and the status of each of %d callbacks', async (count) => {
    const before = performance.now();
    const item = putWorkItems(count);
    expect([item.state, item.key, item.hasRef()]).toEqual(['pending', 0n, true]);
    const { status, firedAt } = await item;
    const after = performance.now();
    expect(item.state).toBe('fired');
    expect(item.cancel()).toBe(false);
    expect([status.constructor, firedAt.constructor]).toEqual([Uint32Array, Float64Array]);
    expect([status.length, firedAt.length]).toEqual([count, count]);
    expect(status.every((each) => each === 0)).toBe(true);
    expectOneOf('the standard queue is serial', ascending(firedAt), true, false);
    expect(firedAt.every((each) => each >= before - 1 && each <= after + 1)).toBe(true);
  });

  test('runs several batches at once, on several queues', async () => {
    await using serial = WorkQueue.allocateSerial(WorkQueue.multithreaded);
    await using own = WorkQueue.allocate('standard');
    const queues = [WorkQueue.standard, WorkQueue.multithreaded, WorkQueue.longFunction, serial, own];
    const counts = [1, 10, 300];
    const items = queues.flatMap((queue) => counts.map((count) => queue.putMany(count, { priority: 1 })));
    const results = await Promise.all(items);
    expect(results.map(({ firedAt }) => firedAt.length)).toEqual(queues.flatMap(() => counts));
    expect(results.every(({ firedAt }) => firedAt.every((each) => each > 0))).toBe(true);
  });

  test('keeps its place among other items on a serial queue', async () => {
    await using queue = WorkQueue.allocate('standard');
    const [first, many, last] = await Promise.all([queue.put(), queue.putMany(100), queue.put()]);
    expect(many.firedAt[0]).toBeGreaterThanOrEqual(first.firedAt);
    expect(last.firedAt).toBeGreaterThanOrEqual(many.firedAt[99] as number);
  });

  test('returns arrays that no other call shares', async () => {
    const [one, other] = await Promise.all([putWorkItems(3), putWorkItems(3)]);
    one.status.fill(7);
    expect(other.status).toEqual(new Uint32Array(3));
    const item = putWorkItems(3);
    expect(await item).toBe(await item.completed);
  });

  test('supports ref() and unref()', async () => {
    const item = putWorkItems(3, { ref: false });
    expect([item.hasRef(), item.ref().hasRef(), item.unref().hasRef()]).toEqual([false, true, false]);
    await item.ref();
  });

  test.each([
    ['nothing', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['a string', '5', 'ERR_INVALID_ARG_TYPE'],
    ['a bigint', 5n, 'ERR_INVALID_ARG_TYPE'],
    ['a fraction', 1.5, 'ERR_OUT_OF_RANGE'],
    ['NaN', Number.NaN, 'ERR_OUT_OF_RANGE'],
    ['a negative number', -1, 'ERR_OUT_OF_RANGE'],
    ['more than 2 ** 24', 2 ** 24 + 1, 'ERR_OUT_OF_RANGE'],
  ])('throws for %s as the count', async (_, count, code) => {
    for (const put of [putWorkItems, (given: number) => WorkQueue.standard.putMany(given)]) {
      const error = await failureOf(() => put(count as number));
      expect(error).toMatchObject({ code, message: expect.stringContaining('"count"') });
      expect(String(error.stack).split('\n')[1]).toContain('put-many.test');
    }
  });
});

describe('putWorkItems() with native work', () => {
  test("is a parallel for: each block runs once, on the queue's threads", async () => {
    const count = 200;
    const recorder = addon.makeRecorder(1, 3);
    const { status, firedAt } = await putWorkItems(count, { work: recorder.work, queue: WorkQueue.multithreaded });
    const calls = recorder.calls();
    expect(calls).toHaveLength(count);
    expect(status.every((each) => each === 3)).toBe(true);
    expect(calls.map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
    expect(calls.every((call) => call.status === 0 && call.thread !== addon.currentThread())).toBe(true);
    const threads = new Set(calls.map(({ thread }) => thread)).size;
    expectOneOf('200 pieces of work of 1 ms run on more than one thread', threads > 1, true, false);
    // firedAt is taken before the work, which takes a millisecond.
    expect(Math.max(...firedAt)).toBeLessThanOrEqual(performance.now() - 0.9);
  });

  test('passes each block its index in the results', async () => {
    await using queue = WorkQueue.allocate('standard');
    const recorder = addon.makeRecorder(0, 0);
    await queue.putMany(20, { work: recorder.work });
    // On this queue the blocks run one after the other.
    expect(recorder.calls().map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('reports the failure of a block as its status', async () => {
    const { status } = await putWorkItems(2, { work: addon.makeRecorder(0, 0x80004005).work });
    expect([...status]).toEqual([0x80004005, 0x80004005]);
  });

  test('runs all blocks even if the queue is closed', async () => {
    const queue = WorkQueue.allocate('standard');
    const recorder = addon.makeRecorder(1, 0);
    const item = queue.putMany(50, { work: recorder.work });
    await queue.close();
    expect(recorder.calls()).toHaveLength(50);
    await expect(item).resolves.toMatchObject({ status: new Uint32Array(50) });
  });
});

describe.each(ends)('putWorkItems() that is ended by %s', (_, end, cause, state) => {
  test('in the middle runs no further blocks', async () => {
    const queue = WorkQueue.allocate('standard');
    const recorder = addon.makeRecorder(20, 0);
    const controller = new AbortController();
    const item = queue.putMany(1_000, { work: recorder.work, signal: controller.signal });
    const failure = failureOf(() => item);
    spinUntil(() => recorder.begun() > 1);
    end(item, controller);
    expect(item.state).toBe(state);
    const begun = recorder.begun();
    expect(await failure).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
    expect((await failure).cause).toEqual(cause);
    await shutdown();
    // One block may have been about to begin.
    expect(recorder.begun()).toBeLessThanOrEqual(begun + 1);
    expect(recorder.calls()).toHaveLength(recorder.begun());
  });

  test('before the first block runs none', async () => {
    const queue = WorkQueue.allocate('standard');
    await queue.put();
    const unblock = loadHelper().blockQueue(queue.id, LIMIT);
    const recorder = addon.makeRecorder(0, 0);
    const controller = new AbortController();
    const item = queue.putMany(1_000, { work: recorder.work, signal: controller.signal });
    end(item, controller);
    expect(item.state).toBe(state);
    unblock();
    await queue.close();
    await shutdown();
    expect(recorder.begun()).toBe(0);
    await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR' });
  });
});

test('putWorkItems() puts nothing if its AbortSignal has already aborted', async () => {
  const recorder = addon.makeRecorder(0, 0);
  const item = putWorkItems(5, { work: recorder.work, signal: AbortSignal.abort('so') });
  expect(item.state).toBe('cancelled');
  await expect(item).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'so' });
  await putWorkItem();
  expect(recorder.begun()).toBe(0);
});

test('putWorkItems() settles once when cancel() races its last callback', async () => {
  const seen = { fired: 0, cancelled: 0 };
  const rounds = 2_000;
  let stopped = 0;
  for (let round = 0; round < rounds; round++) {
    const item = putWorkItems(1 + (round % 8));
    item.then(
      () => seen.fired++,
      () => seen.cancelled++,
    );
    const until = performance.now() + (round % 40) / 400;
    while (performance.now() < until);
    if (item.cancel()) stopped++;
    if (round % 50 === 0) await putWorkItem();
  }
  await shutdown();
  // Results reach JavaScript in a later turn.
  await eventually(() => seen.fired + seen.cancelled === rounds);
  expect(seen).toEqual({ fired: rounds - stopped, cancelled: stopped });
  const outcomes = [seen.fired > 0, stopped > 0];
  expectOneOf('cancel() is sometimes too late and sometimes not', outcomes, [true, true], expect.any(Array));
});

describe('a Worker that ends during putWorkItems()', () => {
  test.each(['leave many', 'keep putting many'])('leaves putWorkItems() of other threads working: %s', async (how) => {
    for (let round = 0; round < 5; round++) {
      const task = { how, count: 2_000 };
      if (how === 'leave many') {
        expect(await runWorker(task)).toBe('left');
      } else {
        await using worker = startWorker(task);
        await firstMessage(worker);
        await worker.terminate();
      }
      await expect(putWorkItems(100)).resolves.toMatchObject({ status: new Uint32Array(100) });
    }
  });

  test('releases its native work that has not begun, without running it', async () => {
    // At a second each on a serial queue, running all of it would exceed the time limit.
    await using worker = startWorker({ how: 'stay with native work', count: LIMIT / 500 });
    const recorder = (await firstMessage(worker)) as number;
    expect(addon.liveRecorders()).toContain(recorder);
    await worker.terminate();
    expect(await eventually(() => !addon.liveRecorders().includes(recorder))).toBe(true);
  });
});
