// What an end promises: everything that had fired before it has settled when it resolves, however busy JavaScript was.

import { describe, expect, test } from '@jest/globals';
import {
  invokeCallback,
  listMmcssClasses,
  Mutex,
  putWaitingWorkItem,
  putWorkItem,
  putWorkItems,
  Semaphore,
  scheduleWorkItem,
  shutdown,
  WorkQueue,
  waitFor,
  waitForAll,
  waitForAny,
} from 'rtworkq';
import { answerOf } from '../../support/answers';
import { spin } from '../../support/time';

type Start = (queue: WorkQueue | undefined, semaphore: Semaphore) => PromiseLike<unknown> | PromiseLike<unknown>[];

const OPERATIONS: Record<string, Start> = {
  'scheduleWorkItem()': (queue) => scheduleWorkItem(0, { queue }),
  'putWorkItem()': (queue) => putWorkItem({ queue }),
  'putWorkItems()': (queue) => putWorkItems(3, { queue }),
  'invokeCallback()': (queue) => invokeCallback({ queue }),
  'putWaitingWorkItem()': (queue, semaphore) => putWaitingWorkItem(semaphore, { queue }),
  'each of several': (queue, semaphore) => [
    putWaitingWorkItem(semaphore, { queue }),
    putWorkItem({ queue }),
    putWaitingWorkItem(semaphore, { queue }),
    scheduleWorkItem(0, { queue }),
  ],
};

const WAITS: Record<string, Start> = {
  'waitFor()': (_, semaphore) => waitFor(semaphore),
  'waitForAny()': (_, semaphore) => waitForAny([semaphore]),
  'waitForAll()': (_, semaphore) => waitForAll([semaphore]),
  'acquire()': () => Mutex.create().acquire(),
};

type End = (queue: WorkQueue | undefined) => Promise<unknown> | undefined;

// A queue is one more thing that shutdown() waits for.
const ENDS: [string, boolean, End][] = [
  ['shutdown()', false, () => shutdown()],
  ['shutdown() with a queue', true, () => shutdown()],
  ['a second shutdown()', false, () => [shutdown(), shutdown()][1]],
  ['queue.close()', true, (queue) => queue?.close()],
];

/** Starts operations, keeps JavaScript busy until they have probably fired, and counts those that are pending when the end resolves. */
async function pendingAtEnd(start: Start, withQueue: boolean, end: End): Promise<number> {
  await putWorkItem();
  const queue = withQueue ? WorkQueue.allocate('multithreaded') : undefined;
  using semaphore = Semaphore.create({ initial: 2, maximum: 2 });
  const started = [start(queue, semaphore)].flat();
  let pending = started.length;
  const over = () => pending--;
  for (const each of started) each.then(over, over);
  spin(30);
  await end(queue);
  const left = pending;
  await shutdown();
  return left;
}

const both = Object.entries({ ...OPERATIONS, ...WAITS });

describe.each(ENDS)('when %s resolves', (name, withQueue, end) => {
  // Waits are on no queue.
  const started = name === 'queue.close()' ? Object.entries(OPERATIONS) : both;

  test.each(started)('%s has settled', async (_, start) => {
    for (let round = 0; round < 5; round++) expect(await pendingAtEnd(start, withQueue, end)).toBe(0);
  });
});

test.each(Object.entries(OPERATIONS))('when unregister() of a queue resolves, %s has settled', async (_, start) => {
  for (let round = 0; round < 5; round++) {
    const queue = WorkQueue.allocate('multithreaded');
    const registered = await answerOf(() => queue.registerWithMmcss(listMmcssClasses()[0] ?? 'Audio'));
    // Wine has no MMCSS for queues.
    if (typeof registered === 'string') break;
    using semaphore = Semaphore.create({ initial: 2, maximum: 2 });
    const started = [start(queue, semaphore)].flat();
    let pending = started.length;
    const over = () => pending--;
    for (const each of started) each.then(over, over);
    spin(30);
    await registered.unregister();
    expect(pending).toBe(0);
  }
  await shutdown();
});

test('when shutdown() resolves, code has run that loops over signals', async () => {
  using semaphore = Semaphore.create();
  let isOver = false;
  const loop = async () => {
    for await (const _ of semaphore.signals());
  };
  // Each function around the loop takes more promise callbacks to hear of its end.
  const program = async (depth: number): Promise<void> => (depth > 0 ? await program(depth - 1) : await loop());
  void program(10)
    .catch(() => {})
    .then(() => {
      isOver = true;
    });
  await shutdown();
  expect(isOver).toBe(true);
});
