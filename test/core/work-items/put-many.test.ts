// Many work items with one call and one promise.

import { afterEach, describe, expect, test } from '@jest/globals';
import { putWorkItem, putWorkItems, shutdown, type WorkItem, type WorkItemsResult, WorkQueue } from 'rtworkq';
import { expectOneOf } from '../../support/answers';
import { failureOf } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { comes, LIMIT, spinUntil } from '../../support/time';
import { loadWorkAddon } from '../../support/work-addon';
import { firstMessage, runWorker, startWorker } from '../../support/worker';

const addon = loadWorkAddon();

afterEach(() => shutdown());

const ascending = (values: Float64Array): boolean => values.every((value, index) => index === 0 || value >= (values[index - 1] as number));

/** What ends a work item that is pending on a queue of its own. */
const ends: [how: string, end: (item: WorkItem<WorkItemsResult>, controller: AbortController) => unknown, cause: unknown, state: string][] =
  [
    ['cancel()', (item) => item.cancel(), undefined, 'cancelled'],
    ['a using scope', (item) => item[Symbol.dispose](), undefined, 'cancelled'],
    ['its signal', (_, controller) => controller.abort('so'), 'so', 'cancelled'],
    ['shutdown()', () => void shutdown(), expect.objectContaining({ code: 'RTWQ_E_SHUTDOWN' }), 'closed'],
  ];

describe('putWorkItems()', () => {
  test.each([0, 1, 2, 1_000, 100_000])('%d: the time and the status of each callback', async (count) => {
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

  test('several at once, on several queues', async () => {
    await using serial = WorkQueue.allocateSerial(WorkQueue.multithreaded);
    await using own = WorkQueue.allocate('standard');
    const queues = [WorkQueue.standard, WorkQueue.multithreaded, WorkQueue.longFunction, serial, own];
    const counts = [1, 10, 300];
    const items = queues.flatMap((queue) => counts.map((count) => queue.putMany(count, { priority: 1 })));
    const results = await Promise.all(items);
    expect(results.map(({ firedAt }) => firedAt.length)).toEqual(queues.flatMap(() => counts));
    expect(results.every(({ firedAt }) => firedAt.every((each) => each > 0))).toBe(true);
  });

  test('have their place among others on a serial queue', async () => {
    await using queue = WorkQueue.allocate('standard');
    const [first, many, last] = await Promise.all([queue.put(), queue.putMany(100), queue.put()]);
    expect(many.firedAt[0]).toBeGreaterThanOrEqual(first.firedAt);
    expect(last.firedAt).toBeGreaterThanOrEqual(many.firedAt[99] as number);
  });

  test('the arrays are of nobody else, and keep what they have', async () => {
    const [one, other] = await Promise.all([putWorkItems(3), putWorkItems(3)]);
    one.status.fill(7);
    expect(other.status).toEqual(new Uint32Array(3));
    const item = putWorkItems(3);
    expect(await item).toBe(await item.completed);
  });

  test('may be let go of and taken back', async () => {
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
  ])('%s is no count', async (_, count, code) => {
    for (const put of [putWorkItems, (given: number) => WorkQueue.standard.putMany(given)]) {
      const error = await failureOf(() => put(count as number));
      expect(error).toMatchObject({ code, message: expect.stringContaining('"count"') });
      expect(String(error.stack).split('\n')[1]).toContain('put-many.test');
    }
  });
});

describe('with native work', () => {
  test('a parallel for: each block runs once, on threads of the queue', async () => {
    const count = 200;
    const recorder = addon.makeRecorder(1, 3);
    const { status, firedAt } = await putWorkItems(count, { work: recorder.work, queue: WorkQueue.multithreaded });
    const calls = recorder.calls();
    expect(calls).toHaveLength(count);
    expect(status.every((each) => each === 3)).toBe(true);
    expect(calls.map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
    expect(calls.every((call) => call.status === 0 && call.thread !== addon.currentThread())).toBe(true);
    const threads = new Set(calls.map(({ thread }) => thread)).size;
    expectOneOf('200 works of 1 ms have more than one thread', threads > 1, true, false);
    // Before the work of the same callback, which takes a millisecond.
    expect(Math.max(...firedAt)).toBeLessThanOrEqual(performance.now() - 0.9);
  });

  test('each block is told its place in the results', async () => {
    await using queue = WorkQueue.allocate('standard');
    const recorder = addon.makeRecorder(0, 0);
    await queue.putMany(20, { work: recorder.work });
    // One after the other there.
    expect(recorder.calls().map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('the failure of a block is its status', async () => {
    const { status } = await putWorkItems(2, { work: addon.makeRecorder(0, 0x80004005).work });
    expect([...status]).toEqual([0x80004005, 0x80004005]);
  });

  test('close() of the queue lets all of it run', async () => {
    const queue = WorkQueue.allocate('standard');
    const recorder = addon.makeRecorder(1, 0);
    const item = queue.putMany(50, { work: recorder.work });
    await queue.close();
    expect(recorder.calls()).toHaveLength(50);
    await expect(item).resolves.toMatchObject({ status: new Uint32Array(50) });
  });
});

describe.each(ends)('ended by %s', (_, end, cause, state) => {
  test('in the middle: what has not begun is not run', async () => {
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
    // One may have been about to begin.
    expect(recorder.begun()).toBeLessThanOrEqual(begun + 1);
    expect(recorder.calls()).toHaveLength(recorder.begun());
  });

  test('before the first: nothing is run', async () => {
    const queue = WorkQueue.allocate('standard');
    await queue.put();
    const letGo = loadHelper().blockQueue(queue.id, LIMIT);
    const recorder = addon.makeRecorder(0, 0);
    const controller = new AbortController();
    const item = queue.putMany(1_000, { work: recorder.work, signal: controller.signal });
    end(item, controller);
    expect(item.state).toBe(state);
    letGo();
    await queue.close();
    await shutdown();
    expect(recorder.begun()).toBe(0);
    await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR' });
  });
});

test('a signal that has aborted keeps them from being put', async () => {
  const recorder = addon.makeRecorder(0, 0);
  const item = putWorkItems(5, { work: recorder.work, signal: AbortSignal.abort('so') });
  expect(item.state).toBe('cancelled');
  await expect(item).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'so' });
  await putWorkItem();
  expect(recorder.begun()).toBe(0);
});

test('cancel() raced against the last callback settles each once', async () => {
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
  // What has fired is heard of in a later turn.
  await comes(() => seen.fired + seen.cancelled === rounds);
  expect(seen).toEqual({ fired: rounds - stopped, cancelled: stopped });
  const outcomes = [seen.fired > 0, stopped > 0];
  expectOneOf('cancel() is sometimes too late and sometimes not', outcomes, [true, true], expect.any(Array));
});

describe('a Worker that ends in the middle', () => {
  test.each(['leave many', 'put many for ever'])('%s', async (how) => {
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

  test('its native work that has not begun is not run, and is let go of', async () => {
    // At a second each, on a serial queue, all of it takes longer than the time limit.
    await using worker = startWorker({ how: 'stay with native work', count: LIMIT / 500 });
    const recorder = (await firstMessage(worker)) as number;
    expect(addon.liveRecorders()).toContain(recorder);
    await worker.terminate();
    expect(await comes(() => !addon.liveRecorders().includes(recorder))).toBe(true);
  });
});
