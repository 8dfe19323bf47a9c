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

/** Runs so many works on a queue and gives what they noted, in the order of their starts. */
async function record(queue: WorkQueue, count: number, milliseconds: number): Promise<Call[]> {
  const recorders = Array.from({ length: count }, () => addon.makeRecorder(milliseconds, 0));
  await Promise.all(recorders.map(({ work }) => queue.put({ work })));
  return recorders.map((recorder) => recorder.calls()[0] as Call);
}

/** That there is no such queue. Windows may give the id to another one, or refuse it with another code. */
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
  test('runs its items one after the other, in order, away from JavaScript', async () => {
    // Microsoft does not say which queues can be the target of a serial one.
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
    // A pool adds threads as it sees fit, later on a busy machine.
    let calls = await record(queue, 4, 60);
    for (let again = 0; again < 20 && !overlap(calls); again++) calls = await record(queue, 8, 60);
    const answer = overlap(calls) && new Set(calls.map(({ thread }) => thread)).size > 1;
    // Only the name of the type says so, and a pool with one processor may have one thread.
    expectOneOf(`several threads at once on ${what}`, answer, true, false);
    await queue.close();
  });
});

test('items run on the queue that was asked for', async () => {
  const queue = WorkQueue.allocate('standard');
  const first = addon.makeRecorder(50, 0);
  const others = Array.from({ length: 3 }, () => addon.makeRecorder(0, 0));
  const event = WaitableEvent.create({ signaled: true });
  // While the queue is busy with the first, all that belong to it have to wait; those of other queues do not.
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

test('the priority orders what waits', async () => {
  const queue = WorkQueue.allocate('standard');
  const order: number[] = [];
  const letGo = loadHelper().blockQueue(queue.id, LIMIT);
  const note = (priority: number) => async () => {
    await queue.put({ priority });
    order.push(priority);
  };
  const notes = [note(-1)(), note(0)(), note(1)()];
  letGo();
  await Promise.all(notes);
  expectOneOf('a private queue heeds priorities', order.indexOf(1) < order.indexOf(-1), true, false);
  await queue.close();
});

describe('WorkQueue', () => {
  test('the three of the process have the ids of Windows, and stay', async () => {
    expect([WorkQueue.standard.id, WorkQueue.multithreaded.id, WorkQueue.longFunction.id]).toEqual([1, 5, 7]);
    await WorkQueue.standard.close();
    expect(WorkQueue.standard.closed).toBe(false);
    await expect(WorkQueue.standard.put()).resolves.toMatchObject({ status: 0 });
  });

  test('private ones have ids of their own', () => {
    const queues = [WorkQueue.allocate('standard'), WorkQueue.allocate('window'), WorkQueue.allocateSerial(WorkQueue.standard)];
    const ids = queues.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    const areMarked = ids.map((id) => (id & 0xffff0000) !== 0);
    expectOneOf('private and serial queues have an id with bits in 0xffff0000', areMarked, [true, true, true], expect.any(Array));
  });

  test('takes scheduled items, waits and invocations', async () => {
    await using queue = WorkQueue.allocate('standard');
    const event = WaitableEvent.create({ signaled: true });
    await expect(queue.schedule(5)).resolves.toMatchObject({ status: 0 });
    await expect(queue.wait(event)).resolves.toMatchObject({ status: 0 });
    await expect(queue.invoke({ status: 0x80004005 })).resolves.toMatchObject({ status: 0x80004005 });
    expect(queue.schedule(10_000).cancel()).toBe(true);
  });

  test('an early tick on a multithreaded queue is no completion', async () => {
    for (let round = 0; round < 20; round++) {
      const due = performance.now() + 3;
      const { firedAt } = await WorkQueue.multithreaded.schedule(3);
      expect(firedAt - due).toBeGreaterThan(-1.05);
    }
  });

  test('many come and go', async () => {
    for (let round = 0; round < 300; round++) {
      await using queue = WorkQueue.allocate(round % 2 ? 'standard' : 'multithreaded');
      await queue.put();
    }
  });

  test('setLongRunning() is accepted', async () => {
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
  test('lets what was put run', async () => {
    const queue = WorkQueue.allocate('standard');
    const recorders = Array.from({ length: 10 }, () => addon.makeRecorder(5, 7));
    const items = recorders.map(({ work }) => queue.put({ work }));
    await queue.close();
    for (const item of items) await expect(item).resolves.toMatchObject({ status: 7 });
    expect(recorders.map((recorder) => recorder.calls().length)).toEqual(new Array(10).fill(1));
  });

  test('closes what is scheduled or waiting', async () => {
    const queue = WorkQueue.allocate('standard');
    const items = [queue.schedule(60_000), queue.wait(WaitableEvent.create())];
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

  test('with drain waits for what is scheduled or waiting', async () => {
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

  test('gives the same promise every time, and takes nothing more', async () => {
    const queue = WorkQueue.allocate('standard');
    const closing = queue.close();
    expect(queue.close({ drain: true })).toBe(closing);
    expect(queue[Symbol.asyncDispose]()).toBe(closing);
    expect(() => queue.put()).toThrow(closedQueue);
    await closing;
    await expectUnknown('a closed queue', queue.id);
  });

  test('waits for long work', async () => {
    const queue = WorkQueue.allocate('standard');
    const recorder = addon.makeRecorder(200, 0);
    const item = queue.put({ work: recorder.work, ref: false });
    await queue.close();
    expect(recorder.calls()).toHaveLength(1);
    await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test('a serial queue keeps its target', async () => {
    const target = WorkQueue.allocate('multithreaded');
    const serial = WorkQueue.allocateSerial(target);
    const closing = target.close();
    expect(await settled(Promise.race([closing, sleep(50)]))).toBe(false);
    await expect(serial.put()).resolves.toMatchObject({ status: 0 });
    await serial.close();
    await closing;
  });

  test('shutdown() closes all queues', async () => {
    const queue = WorkQueue.allocate('standard');
    const item = queue.schedule(60_000);
    await shutdown();
    expect(queue.closed).toBe(true);
    await expect(item.completed).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await queue.close();
    expect(() => queue.put()).toThrow(closedQueue);
  });

  test('a shutdown() while it closes waits for it', async () => {
    const queue = WorkQueue.allocate('standard');
    queue.put({ work: addon.makeRecorder(80, 0).work });
    const closing = queue.close();
    await shutdown();
    await closing;
  });
});

test('close() with options that close the queue waits for the same end', async () => {
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
  test('is another owner of the same queue', async () => {
    const queue = WorkQueue.allocate('standard');
    const mine = queue.lock();
    expect(mine.id).toBe(queue.id);
    await queue.close();
    await expect(mine.put()).resolves.toMatchObject({ status: 0 });
    await mine.close();
    await expectUnknown('a queue with two locks that are closed', mine.id);
  });

  test('by id, for other threads', async () => {
    const queue = WorkQueue.allocate('standard');
    const found = WorkQueue.lock(queue.id);
    await Promise.all([queue.close(), found.put()]);
    await found.close();
  });
});

describe('WorkQueue.lock()', () => {
  test('gives the queues of the process as they are', () => {
    expect([1, 5, 7].map((id) => WorkQueue.lock(id))).toEqual([WorkQueue.standard, WorkQueue.multithreaded, WorkQueue.longFunction]);
  });

  test.each([0, 2, 3, 4, 6, 99, 0xffff])('refuses the id %d, which is no private queue', (id) => {
    expect(() => WorkQueue.lock(id)).toThrow(closedQueue);
  });

  test.each([0x10000, 0xfffffff0])('finds no queue %d', (id) => expectUnknown(`the id 0x${id.toString(16)}`, id));
});

describe('lockShared()', () => {
  mmcssTest.each(['Audio', 'Capture', 'Games', 'Playback', 'Pro Audio'])('%s', async (name) => {
    const answer = await answerOf(async () => {
      await using queue = WorkQueue.lockShared(name, { basePriority: 1 });
      return (await queue.put()).status;
    });
    expectOneOf(`a shared queue of ${name}`, answer, 0, REFUSED);
  });

  mmcssTest('any other class of this machine, or a refusal', async () => {
    for (const name of listMmcssClasses()) {
      const answer = await answerOf(async () => {
        await using queue = WorkQueue.lockShared(name, { basePriority: 1 });
        return (await queue.put()).status;
      });
      // Some are for programs with more rights, or for none.
      if (answer !== 0) expect(answer).toMatch(/^refused by RtwqLockSharedWorkQueue: /);
    }
  });

  mmcssTest('upper and lower case are the same', async () => {
    await using queue = WorkQueue.lockShared('pro audio');
    await queue.put();
  });
});
