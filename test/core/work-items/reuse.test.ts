// The addon reuses work items and their async results after the callback has returned. Programs must not notice.

import { expect, test } from '@jest/globals';
import { invokeCallback, putWorkItem, type WorkItem, WorkQueue } from 'rtworkq';
import { expectOneOf, PATIENCE } from '../../support/answers';
import { fixture, runCode } from '../../support/child';
import { helperFile } from '../../support/helper';
import { loadWorkAddon } from '../../support/work-addon';

const { work } = loadWorkAddon().makeRecorder(0, 77);

/** A work item's status, or how it ended. */
async function outcomeOf(item: WorkItem, started: number): Promise<unknown> {
  try {
    const { status, firedAt } = await item;
    return firedAt > started - 0.5 ? status : 'fired before it was started';
  } catch {
    return item.state;
  }
}

test("a reused work item has its own result, independent of the previous one's kind", async () => {
  await using target = WorkQueue.allocate('standard');
  await using serial = WorkQueue.allocateSerial(target);
  const queues = [WorkQueue.standard, WorkQueue.multithreaded, target, serial];
  // Each round pairs old and new kinds differently.
  for (let round = 0; round < 60; round++) {
    const outcomes: Promise<unknown>[] = [];
    const expected: unknown[] = [];
    for (let index = 0; index < 120; index++) {
      const kind = (index * 7 + round * 13) % 11;
      const queue = queues[(index + round) % queues.length] as WorkQueue;
      const started = performance.now();
      let item: WorkItem;
      if (kind < 4) item = queue.invoke({ status: round * 1_000 + index + 1 });
      else if (kind < 8) item = queue.put({ priority: (kind % 3) - 1 });
      else item = kind === 8 ? queue.put({ work }) : putWorkItem();
      const cancelled = kind === 10 && item.cancel();
      expected.push(cancelled ? 'cancelled' : kind < 4 ? round * 1_000 + index + 1 : kind === 8 ? 77 : 0);
      outcomes.push(outcomeOf(item, started));
    }
    expect(await Promise.all(outcomes)).toEqual(expected);
  }
});

test('a settled work item does not change when a new one reuses its native part', async () => {
  const old = invokeCallback({ status: 5 });
  const first = await old;
  for (let round = 0; round < 50; round++) await Promise.all(Array.from({ length: 20 }, () => invokeCallback({ status: 6 })));
  expect(await old).toBe(first);
  expect(first.status).toBe(5);
  expect(old.cancel()).toBe(false);
  const newer = putWorkItem({ ref: false });
  old.ref();
  old[Symbol.dispose]();
  expect(newer.hasRef()).toBe(false);
  await expect(newer).resolves.toMatchObject({ status: 0 });
});

/** Runs a program and returns what it pushed into `seen`. Its `results()` counts the async results that the stand-in has made. */
async function seenBy(code: string): Promise<unknown[]> {
  const ended = await runCode(`
    const helper = require(${JSON.stringify(helperFile)});
    const { putWorkItem, shutdown } = rtworkq;
    const results = () => Number(process.env.RTWORKQ_CALLS_RtwqCreateAsyncResult ?? 0);
    const before = results();
    const putAll = (count) => Promise.all(Array.from({ length: count }, () => putWorkItem()));
    const seen = [];
    (async () => { ${code}; console.log(JSON.stringify(seen)); })();`);
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  return JSON.parse(ended.last);
}

test('most work items reuse an async result', async () => {
  const [made] = await seenBy('for (let round = 0; round < 100; round++) await putAll(100); seen.push(results() - before);');
  // The DLLs of Wine and Windows do not count.
  expect(made).toBeLessThan(5_000);
});

test('spare work items do not keep the platform up after shutdown(), even those of a Worker that has ended', async () => {
  const seen = await seenBy(`
    await putAll(2_000);
    seen.push(helper.platformIsUp());
    const worker = new (require('node:worker_threads').Worker)(${JSON.stringify(fixture('worker'))}, { workerData: { how: 'use up', count: 100 } });
    await new Promise((resolve) => worker.once('exit', resolve));
    for (let round = 0; round < 3; round++) {
      await putAll(200);
      await shutdown();
      // RTWorkQ's thread may still hold the last async result.
      for (const end = performance.now() + ${PATIENCE}; helper.platformIsUp() && performance.now() < end; )
        await new Promise((resolve) => setTimeout(resolve, 10));
      seen.push(helper.platformIsUp());
    }`);
  // Microsoft does not document what fails while the platform is down.
  expectOneOf(
    'RtwqAllocateWorkQueue works before, and after each of three shutdowns',
    seen,
    [true, false, false, false],
    expect.any(Array),
  );
});
