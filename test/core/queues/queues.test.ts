import { afterEach, describe, expect, test } from '@jest/globals';
import { listMmcssClasses, putWorkItem, scheduleWorkItem, shutdown, WaitableEvent, WorkQueue } from 'rtworkq';
import { answerOf, expectOneOf, REFUSED } from '../../support/answers';
import { endedBy } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { hasMmcss, mmcssTest } from '../../support/mmcss';
import { LIMIT, settled, sleep } from '../../support/time';
import { type Call, loadWorkAddon } from '../../support/work-addon';

const addon = loadWorkAddon();
const closedQueue = expect.objectContaining({ name: 'RtwqError', code: 'RTWQ_E_INVALID_WORKQUEUE' });

afterEach(() => shutdown());

/** Puts `count` pieces of native work on a queue and returns what each recorded, in the order in which they were put. */
async function record(queue: WorkQueue, count: number, milliseconds: number): Promise<Call[]> {
  const recorders = Array.from({ length: count }, () => addon.makeRecorder(milliseconds, 0));
  await Promise.all(recorders.map(({ work }) => queue.put({ work })));
  return recorders.map((recorder) => recorder.calls()[0] as Call);
}

/** Expects that there is no such queue. Windows may give the id to another queue, or fail with another code. */
async function expectUnknown(what: string, id: number): Promise<void> {
  const answer = await answerOf(async () => {
    await WorkQueue.lock(id).close();
    return 'found';
  });
  expectOneOf(`RtwqLockWorkQueue of ${what}`, answer, 'refused by RtwqLockWorkQueue: RTWQ_E_INVALID_WORKQUEUE', REFUSED, 'found');
}

const overlap = (calls: Call[]): boolean => calls.some((call, index) => index > 0 && call.started < (calls[index - 1] as Call).ended);

describe.each([
  ['a private queue', () => WorkQueue.allocate('standard')],
  ['a window queue', () => WorkQueue.allocate('window')],
  ['a serial queue on the multithreaded one', () => WorkQueue.allocateSerial(WorkQueue.multithreaded)],
  ['a serial queue on a private multithreaded one', () => WorkQueue.allocateSerial(WorkQueue.allocate('multithreaded'))],
  ['a serial queue on a serial queue', () => WorkQueue.allocateSerial(WorkQueue.allocateSerial(WorkQueue.multithreaded))],
])('%s', (what, make) => {
  test('runs its items one after the other, in order, off the JavaScript thread', async () => {
    // Microsoft does not document which queues can be the target of a serial queue.
    const queue = await answerOf(make);
    const answer = typeof queue === 'string' ? queue : 'made';
    if (what.startsWith('a serial queue on a ')) expectOneOf(what, answer, 'made', REFUSED);
    else expect(answer).toBe('made');
    if (typeof queue === 'string') return;
    const calls = await record(queue, 20, 2);
    expect(overlap(calls)).toBe(false);
    for (const { thread } of calls) expect(thread).not.toBe(addon.currentThread());
    await queue.close();
  });
});

describe.each([
  ['the multithreaded queue', () => WorkQueue.multithreaded],
  ['the queue for long functions', () => WorkQueue.longFunction],
  ['a private multithreaded queue', () => WorkQueue.allocate('multithreaded')],
  ...(hasMmcss ? [['a shared queue', () => WorkQueue.lockShared('Playback')] as const] : []),
  ['the shared queue of regular priority', () => WorkQueue.lockShared('')],
] as const)('%s', (what, make) => {
  test('runs its items on several threads at once', async () => {
    const queue = await answerOf(make);
    if (typeof queue === 'string') return expectOneOf(what, queue, 'made', REFUSED);
    // The pool decides when to add threads. On a busy machine it takes longer.
    let calls = await record(queue, 4, 60);
    for (let again = 0; again < 20 && !overlap(calls); again++) calls = await record(queue, 8, 60);
    const answer = overlap(calls) && new Set(calls.map(({ thread }) => thread)).size > 1;
    // Only the queue type's name promises this, and a pool on one processor may have one thread.
    expectOneOf(`several threads at once on ${what}`, answer, true, false);
    await queue.close();
  });
});

test('work items run on the queue that was asked for', async () => {
  const queue = WorkQueue.allocate('standard');
  const first = addon.makeRecorder(50, 0);
  const others = Array.from({ length: 3 }, () => addon.makeRecorder(0, 0));
  const event = WaitableEvent.create({ signaled: true });
  // While the queue is busy with the first item, its other items have to wait. Those of other queues do not.
  const busy = queue.put({ work: first.work });
  const works = others.map(({ work }) => work);
  const items = [queue.schedule(1, { work: works[0] }), queue.wait(event, { work: works[1] }), putWorkItem({ queue, work: works[2] })];
  const elsewhere = await WorkQueue.multithreaded.put();
  expect(elsewhere.status).toBe(0);
  await Promise.all([busy, ...items]);
  const [long] = first.calls();
  for (const other of others) expect(other.calls()[0]?.started).toBeGreaterThanOrEqual(long?.ended as number);
  await queue.close();
});

test('waiting items run in the order of their priority', async () => {
  const queue = WorkQueue.allocate('standard');
  const order: number[] = [];
  const unblock = loadHelper().blockQueue(queue.id, LIMIT);
  const note = (priority: number) => async () => {
    await queue.put({ priority });
    order.push(priority);
  };
  const notes = [note(-1)(), note(0)(), note(1)()];
  unblock();
  await Promise.all(notes);
  expectOneOf('a private queue heeds priorities', order.indexOf(1) < order.indexOf(-1), true, false);
  await queue.close();
});

describe('WorkQueue', () => {
  test("the process's own queues have the ids of Windows, and cannot be closed", async () => {
    expect([WorkQueue.standard.id, WorkQueue.multithreaded.id, WorkQueue.longFunction.id]).toEqual([1, 5, 7]);
    await WorkQueue.standard.close();
    expect(WorkQueue.standard.closed).toBe(false);
    await expect(WorkQueue.standard.put()).resolves.toMatchObject({ status: 0 });
  });

  test('private queues have ids of their own', () => {
    const queues = [WorkQueue.allocate('standard'), WorkQueue.allocate('window'), WorkQueue.allocateSerial(WorkQueue.standard)];
    const ids = queues.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    const areMarked = ids.map((id) => (id & 0xffff0000) !== 0);
    expectOneOf('private and serial queues have an id with bits in 0xffff0000', areMarked, [true, true, true], expect.any(Array));
  });

  test('accepts scheduled items, waits and invocations', async () => {
    await using queue = WorkQueue.allocate('standard');
    const event = WaitableEvent.create({ signaled: true });
    await expect(queue.schedule(5)).resolves.toMatchObject({ status: 0 });
    await expect(queue.wait(event)).resolves.toMatchObject({ status: 0 });
    await expect(queue.invoke({ status: 0x80004005 })).resolves.toMatchObject({ status: 0x80004005 });
    expect(queue.schedule(600_000).cancel()).toBe(true);
  });

  test('does not fire a scheduled item early on a multithreaded queue', async () => {
    for (let round = 0; round < 20; round++) {
      const due = performance.now() + 3;
      const { firedAt } = await WorkQueue.multithreaded.schedule(3);
      expect(firedAt - due).toBeGreaterThan(-1.05);
    }
  });

  test('can be allocated and closed 300 times', async () => {
    for (let round = 0; round < 300; round++) {
      await using queue = WorkQueue.allocate(round % 2 ? 'standard' : 'multithreaded');
      await queue.put();
    }
  });

  test('accepts setLongRunning()', async () => {
    const queue = WorkQueue.allocate('standard');
    const answers = [await answerOf(() => queue.setLongRunning(true)), await answerOf(() => queue.setLongRunning(false))];
    expectOneOf('RtwqSetLongRunning for a private queue', answers, [undefined, undefined], expect.arrayContaining([REFUSED]));
    await queue.close();
  });

  test('cannot be constructed', () => {
    // biome-ignore lint/suspicious/noExplicitAny: wrong arguments on purpose.
    expect(() => new (WorkQueue as any)()).toThrow(expect.objectContaining({ code: 'ERR_ILLEGAL_CONSTRUCTOR' }));
  });
});

describe('close()', () => {
  test('lets items that were put run', async () => {
    const queue = WorkQueue.allocate('standard');
    const recorders = Array.from({ length: 10 }, () => addon.makeRecorder(5, 7));
    const items = recorders.map(({ work }) => queue.put({ work }));
    await queue.close();
    for (const item of items) await expect(item).resolves.toMatchObject({ status: 7 });
    expect(recorders.map((recorder) => recorder.calls().length)).toEqual(new Array(10).fill(1));
  });

  test('closes items that are scheduled or waiting', async () => {
    const queue = WorkQueue.allocate('standard');
    const items = [queue.schedule(600_000), queue.wait(WaitableEvent.create())];
    await queue.close();
    for (const item of items) {
      expect(item.state).toBe('closed');
      await expect(item.completed).rejects.toEqual(endedBy('RTWQ_E_INVALID_WORKQUEUE', 'RtwqUnlockWorkQueue'));
    }
  });

  test('leaves the items of other queues alone', async () => {
    const queue = WorkQueue.allocate('standard');
    const other = scheduleWorkItem(20);
    await queue.close();
    await expect(other).resolves.toMatchObject({ status: 0 });
  });

  test('with drain waits for items that are scheduled or waiting', async () => {
    const queue = WorkQueue.allocate('standard');
    const event = WaitableEvent.create();
    const items = [queue.schedule(30), queue.wait(event)];
    const closing = queue.close({ drain: true });
    expect(queue.closed).toBe(true);
    await sleep(50);
    expect(await settled(closing)).toBe(false);
    event.set();
    await closing;
    for (const item of items) await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test('returns the same promise every time, and the queue accepts nothing more', async () => {
    const queue = WorkQueue.allocate('standard');
    const closing = queue.close();
    expect(queue.close({ drain: true })).toBe(closing);
    expect(queue[Symbol.asyncDispose]()).toBe(closing);
    expect(() => queue.put()).toThrow(closedQueue);
    await closing;
    await expectUnknown('a closed queue', queue.id);
  });

  test('waits for long native work', async () => {
    const queue = WorkQueue.allocate('standard');
    const recorder = addon.makeRecorder(200, 0);
    const item = queue.put({ work: recorder.work, ref: false });
    await queue.close();
    expect(recorder.calls()).toHaveLength(1);
    await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test('of a target waits for the serial queue on it', async () => {
    const target = WorkQueue.allocate('multithreaded');
    const serial = WorkQueue.allocateSerial(target);
    const closing = target.close();
    await sleep(50);
    expect(await settled(closing)).toBe(false);
    await expect(serial.put()).resolves.toMatchObject({ status: 0 });
    await serial.close();
    await closing;
  });

  test('is not needed after shutdown(), which closes all queues', async () => {
    const queue = WorkQueue.allocate('standard');
    const item = queue.schedule(600_000);
    await shutdown();
    expect(queue.closed).toBe(true);
    await expect(item.completed).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await queue.close();
    expect(() => queue.put()).toThrow(closedQueue);
  });

  test('and a shutdown() that is called meanwhile both resolve', async () => {
    const queue = WorkQueue.allocate('standard');
    queue.put({ work: addon.makeRecorder(80, 0).work });
    const closing = queue.close();
    await shutdown();
    await closing;
  });
});

test('close() returns the same promise as a close() that its own options call', async () => {
  const queue = WorkQueue.allocate('standard');
  const { work } = addon.makeRecorder(100, 0);
  const item = queue.put({ work }).completed;
  let inner: Promise<void> | undefined;
  const outer = queue.close({
    get drain() {
      inner = queue.close();
      return true;
    },
  });
  expect(outer).toBe(inner);
  await outer;
  await expect(item).resolves.toMatchObject({ status: 0 });
});

describe('lock()', () => {
  test('adds an owner to the queue, which stays open until both have closed it', async () => {
    const queue = WorkQueue.allocate('standard');
    const mine = queue.lock();
    expect(mine.id).toBe(queue.id);
    await queue.close();
    await expect(mine.put()).resolves.toMatchObject({ status: 0 });
    await mine.close();
    await expectUnknown('a queue with two locks that are closed', mine.id);
  });

  test('finds a queue by its id', async () => {
    const queue = WorkQueue.allocate('standard');
    const found = WorkQueue.lock(queue.id);
    await Promise.all([queue.close(), found.put()]);
    await found.close();
  });
});

describe('WorkQueue.lock()', () => {
  test("returns the process's own queues for their ids", () => {
    expect([1, 5, 7].map((id) => WorkQueue.lock(id))).toEqual([WorkQueue.standard, WorkQueue.multithreaded, WorkQueue.longFunction]);
  });

  test.each([0, 2, 3, 4, 6, 99, 0xffff])('throws for the id %d, which is not a private queue', (id) => {
    expect(() => WorkQueue.lock(id)).toThrow(closedQueue);
  });

  test.each([0x10000, 0xfffffff0])('finds no queue with the id %d', (id) => expectUnknown(`the id 0x${id.toString(16)}`, id));
});

describe('lockShared()', () => {
  mmcssTest.each(['Audio', 'Capture', 'Games', 'Playback', 'Pro Audio'])('returns a queue of the class %s', async (name) => {
    const answer = await answerOf(async () => {
      await using queue = WorkQueue.lockShared(name, { basePriority: 1 });
      return (await queue.put()).status;
    });
    expectOneOf(`a shared queue of ${name}`, answer, 0, REFUSED);
  });

  mmcssTest('returns a queue of every other class of the machine, or throws', async () => {
    for (const name of listMmcssClasses()) {
      const answer = await answerOf(async () => {
        await using queue = WorkQueue.lockShared(name, { basePriority: 1 });
        return (await queue.put()).status;
      });
      // Some classes need more rights, or are for no program at all.
      if (answer !== 0) expect(answer).toMatch(/^refused by RtwqLockSharedWorkQueue: /);
    }
  });

  mmcssTest('ignores the case of the class name', async () => {
    await using queue = WorkQueue.lockShared('pro audio');
    await queue.put();
  });
});
