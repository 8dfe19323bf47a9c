import { spawn } from 'node:child_process';
import { pbkdf2 } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { getEventListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  cancelWorkItem,
  ProcessHandle,
  putWaitingWorkItem,
  putWorkItem,
  Semaphore,
  shutdown,
  WaitableEvent,
  WaitableTimer,
  type WaitHandle,
  type WaitTarget,
  WorkItem,
  WorkQueue,
  waitFor,
} from 'rtworkq';
import { answerOf, expectNoneLost, expectOneOf, REFUSED } from '../../support/answers';
import { runCode } from '../../support/child';
import { endedBy, expectRejections, failureOf } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { uniqueName } from '../../support/name';
import { eventually, LIMIT, settled, sleep, spin } from '../../support/time';
import { endCancelledWaits } from '../../support/waits';

const abortError = expect.objectContaining({ name: 'AbortError', code: 'ABORT_ERR', message: 'The operation was aborted' });

afterEach(() => shutdown());

/** A target that is not signaled, and how to signal it. */
interface Kind {
  target: WaitTarget;
  signal(): void;
  close(): void;
}

const ofEvent = (event: WaitableEvent, other: WaitableEvent = event): Kind => ({
  target: event,
  signal: () => other.set(),
  close: () => {
    event.close();
    other.close();
  },
});

const kinds: [what: string, open: () => Kind][] = [
  ['an auto-reset event', () => ofEvent(WaitableEvent.create())],
  ['a manual-reset event', () => ofEvent(WaitableEvent.create({ manualReset: true }))],
  [
    'a named event, set by another handle',
    () => {
      const name = uniqueName();
      return ofEvent(WaitableEvent.create({ name }), WaitableEvent.open(name));
    },
  ],
  [
    'a named event, opened again',
    () => {
      const name = uniqueName();
      const made = WaitableEvent.create({ name });
      return ofEvent(WaitableEvent.open(name), made);
    },
  ],
  [
    'a raw HANDLE',
    () => {
      const event = WaitableEvent.create();
      return { ...ofEvent(event), target: event.handle };
    },
  ],
  [
    'a semaphore',
    () => {
      const semaphore = Semaphore.create();
      return { target: semaphore, signal: () => semaphore.release(), close: () => semaphore.close() };
    },
  ],
  [
    'a waitable timer',
    () => {
      const timer = WaitableTimer.create();
      return { target: timer, signal: () => timer.set(1), close: () => timer.close() };
    },
  ],
  [
    'a process',
    () => {
      const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
      const handle = ProcessHandle.open(child.pid!);
      return { target: handle, signal: () => child.kill(), close: () => handle.close() };
    },
  ],
];

describe.each(kinds)('%s', (_, open) => {
  test('fires putWaitingWorkItem() only when it is signaled', async () => {
    const { target, signal, close } = open();
    const item = putWaitingWorkItem(target);
    expect(item).toBeInstanceOf(WorkItem);
    await putWorkItem();
    expect(await settled(item)).toBe(false);
    const from = performance.now();
    signal();
    const { status, firedAt } = await item;
    expect(status).toBe(0);
    expect(firedAt).toBeGreaterThanOrEqual(from);
    expect(firedAt).toBeLessThanOrEqual(performance.now());
    expect(item.state).toBe('fired');
    close();
  });

  test('resolves waitFor() when it is signaled, with and without a timeout', async () => {
    const { target, signal, close } = open();
    expect(await waitFor(target, { timeout: 0 })).toBe('timeout');
    expect(await waitFor(target, { timeout: 5 })).toBe('timeout');
    const waits = [waitFor(target), waitFor(target, { timeout: LIMIT })];
    signal();
    expect(await Promise.race(waits)).toBe('signaled');
    // Auto-reset targets release only one wait, so they are signaled once more.
    if (typeof target !== 'bigint' && !(target instanceof ProcessHandle)) signal();
    if (typeof target === 'bigint') signal();
    expect(await Promise.all(waits)).toEqual(['signaled', 'signaled']);
    close();
  });

  test('keeps its signal for the next wait after one was cancelled', async () => {
    const { target, signal, close } = open();
    const item = putWaitingWorkItem(target);
    expect(item.cancel()).toBe(true);
    expect(item.cancel()).toBe(false);
    await expect(item.completed).rejects.toEqual(abortError);
    await endCancelledWaits();
    signal();
    expect(await waitFor(target, { timeout: LIMIT })).toBe('signaled');
    close();
  });
});

describe('waitFor', () => {
  test.each([0, 1, 5, 60_000])('prefers a signaled target over a timeout of %d ms', async (timeout) => {
    using event = WaitableEvent.create({ manualReset: true, signaled: true });
    for (let round = 0; round < 20; round++) expect(await waitFor(event, { timeout })).toBe('signaled');
    using semaphore = Semaphore.create({ initial: 20 });
    for (let round = 0; round < 20; round++) expect(await waitFor(semaphore, { timeout })).toBe('signaled');
    expect(semaphore.release()).toBe(0);
  });

  test('does not time out early, and leaves no wait pending', async () => {
    using event = WaitableEvent.create();
    const from = performance.now();
    expect(await waitFor(event, { timeout: 30 })).toBe('timeout');
    expect(performance.now() - from).toBeGreaterThanOrEqual(30);
    event.set();
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
  });

  test('consumes no signal if its AbortSignal has already aborted', async () => {
    using event = WaitableEvent.create({ signaled: true });
    const reason = new Error('too late');
    await expect(waitFor(event, { signal: AbortSignal.abort(reason), timeout: 0 })).rejects.toMatchObject({
      code: 'ABORT_ERR',
      cause: reason,
    });
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
  });

  test('rejects on abort, with and without a timeout', async () => {
    using event = WaitableEvent.create();
    const controller = new AbortController();
    const { signal } = controller;
    const waits = [waitFor(event, { signal }), waitFor(event, { signal, timeout: LIMIT })];
    controller.abort('enough');
    await expectRejections(waits, expect.objectContaining({ code: 'ABORT_ERR', cause: 'enough' }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('removes its abort listener when it ends', async () => {
    using event = WaitableEvent.create();
    const { signal } = new AbortController();
    await waitFor(event, { signal, timeout: 1 });
    event.set();
    await waitFor(event, { signal, timeout: LIMIT });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('a pending wait', () => {
  test('can be cancelled by its key once', async () => {
    using event = WaitableEvent.create();
    const item = putWaitingWorkItem(event);
    expectOneOf("the top bit of a wait's key", item.key >> 63n, 1n, 0n);
    cancelWorkItem(item.key);
    await expect(item.completed).rejects.toEqual(abortError);
    expect(() => cancelWorkItem(item.key)).toThrow(expect.objectContaining({ code: 'RTWQ_E_NOT_FOUND' }));
  });

  test('is cancelled by its AbortSignal, before or during the wait', async () => {
    using event = WaitableEvent.create();
    const before = putWaitingWorkItem(event, { signal: AbortSignal.abort('before') });
    expect(before).toMatchObject({ state: 'cancelled', key: 0n });
    await expect(before.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'before' });

    const controller = new AbortController();
    const item = putWaitingWorkItem(event, { signal: controller.signal });
    controller.abort('after');
    expect(item.state).toBe('cancelled');
    await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'after' });
  });

  test('is cancelled at the end of a `using` scope', () => {
    using event = WaitableEvent.create();
    const item = putWaitingWorkItem(event);
    item[Symbol.dispose]();
    expect(item.state).toBe('cancelled');
  });

  test('is closed with its handle, whichever function started it', async () => {
    const event = WaitableEvent.create();
    const queue = WorkQueue.allocate('standard');
    const items = [putWaitingWorkItem(event), queue.wait(event), putWaitingWorkItem(event, { queue })];
    const waits = [waitFor(event), waitFor(event, { timeout: LIMIT })];
    event.close();
    expect(items.map((item) => item.state)).toEqual(['closed', 'closed', 'closed']);
    await expectRejections([...items, ...waits], endedBy('E_HANDLE', 'CloseHandle'));
    await queue.close();
  });

  test('goes on with a duplicate when the owner closes the raw HANDLE', async () => {
    const name = uniqueName();
    using event = WaitableEvent.create({ name });
    const owner = WaitableEvent.open(name);
    const item = putWaitingWorkItem(owner.handle);
    const wait = waitFor(owner.handle, { timeout: LIMIT });
    owner.close();
    expect(await settled(item)).toBe(false);
    event.set();
    await Promise.race([item, wait]);
    event.set();
    await expect(item).resolves.toMatchObject({ status: 0 });
    await expect(wait).resolves.toBe('signaled');
  });

  test('is closed by shutdown()', async () => {
    using event = WaitableEvent.create();
    const item = putWaitingWorkItem(event);
    const waits = [waitFor(event), waitFor(event, { timeout: LIMIT })];
    const down = shutdown();
    expect(item.state).toBe('closed');
    await expectRejections([item, ...waits], endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await down;
    await endCancelledWaits();
    // The handle stays open.
    event.set();
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
  });

  test('is closed with its own queue only', async () => {
    using event = WaitableEvent.create();
    const queue = WorkQueue.allocate('standard');
    const other = putWaitingWorkItem(event);
    const item = queue.wait(event);
    const closing = queue.close();
    await expect(item).rejects.toEqual(endedBy('RTWQ_E_INVALID_WORKQUEUE', 'RtwqUnlockWorkQueue'));
    await closing;
    expect(item.state).toBe('closed');
    expect(other.state).toBe('pending');
    event.set();
    await expect(other).resolves.toMatchObject({ status: 0 });
  });

  test('delays close({ drain: true }) of its queue', async () => {
    using event = WaitableEvent.create();
    const queue = WorkQueue.allocate('standard');
    const item = queue.wait(event);
    const closing = queue.close({ drain: true });
    expect(await settled(closing)).toBe(false);
    event.set();
    await expect(item).resolves.toMatchObject({ status: 0 });
    await closing;
  });

  test.each([-1, 0, 1])('accepts the priority %d', async (priority) => {
    using event = WaitableEvent.create({ signaled: true });
    await expect(putWaitingWorkItem(event, { priority })).resolves.toMatchObject({ status: 0 });
  });
});

describe('waits on other queues than the standard one', () => {
  test.each([
    ['a private queue', () => WorkQueue.allocate('standard')],
    ['a private multithreaded queue', () => WorkQueue.allocate('multithreaded')],
    ['a serial queue', () => WorkQueue.allocateSerial(WorkQueue.multithreaded)],
    ['the multithreaded queue', () => WorkQueue.multithreaded],
  ])('fire on %s', async (_, open) => {
    using event = WaitableEvent.create();
    const queue = open();
    const item = queue.wait(event);
    event.set();
    await expect(item).resolves.toMatchObject({ status: 0 });
    await queue.close();
  });

  // Microsoft disallows this and does not document the result.
  test('throw on the queue for long functions', async () => {
    using event = WaitableEvent.create({ signaled: true });
    const queue = WorkQueue.longFunction;
    const refusal = { code: 'E_INVALIDARG', syscall: 'RtwqPutWaitingWorkItem', message: expect.stringContaining('long-function queue') };
    expect(await failureOf(() => queue.wait(event))).toMatchObject(refusal);
    expect(await failureOf(() => putWaitingWorkItem(event, { queue }))).toMatchObject(refusal);
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
  });
});

describe('many waits', () => {
  test("1,000 at once, each for an event of its own, leave Node's thread pool free", async () => {
    const events = Array.from({ length: 1_000 }, () => WaitableEvent.create());
    const items: WorkItem[] = [];
    const answer = await answerOf(() => {
      for (const event of events) items.push(putWaitingWorkItem(event));
      return items.length;
    });
    // Microsoft documents no limit.
    expectOneOf('waits at once', answer, 1_000, REFUSED);
    if (answer !== 1_000) expectOneOf('waits at once before a refusal', items.length, 1_000, expect.any(Number));
    expect(items.length).toBeGreaterThan(60);
    // Each of these needs a thread of libuv's pool; with none free, they would never resolve.
    expect((await readFile(__filename)).byteLength).toBeGreaterThan(0);
    expect((await lookup('localhost')).address).toMatch(/[.:]/);
    expect(await promisify(pbkdf2)('secret', 'salt', 1, 16, 'sha256')).toHaveLength(16);
    expect(items.every((item) => item.state === 'pending')).toBe(true);
    for (const event of events) event.set();
    const results = await Promise.all(items);
    expect(results.every(({ status }) => status === 0)).toBe(true);
    for (const event of events) event.close();
  });

  test('100 for one manual-reset event all fire', async () => {
    using event = WaitableEvent.create({ manualReset: true });
    const items = Array.from({ length: 100 }, () => putWaitingWorkItem(event));
    event.set();
    expect(await Promise.all(items)).toHaveLength(100);
    expect(new Set(items.map((item) => item.state))).toEqual(new Set(['fired']));
  });

  test('100 for one semaphore: as many fire as it was released', async () => {
    using semaphore = Semaphore.create();
    const items = Array.from({ length: 100 }, () => putWaitingWorkItem(semaphore));
    semaphore.release(40);
    let fired = 0;
    await new Promise<void>((resolve) => {
      for (const item of items) {
        item.then(
          () => ++fired === 40 && resolve(),
          () => {},
        );
      }
    });
    for (const item of items) item.cancel();
    await shutdown();
    expect(items.filter((item) => item.state === 'fired')).toHaveLength(40);
    expect(semaphore.release()).toBe(0);
  });
});

describe('no signal is lost', () => {
  test('when waits are cancelled or closed between signals', async () => {
    using semaphore = Semaphore.create();
    for (let round = 0; round < 50; round++) {
      const queue = WorkQueue.allocate('standard');
      const items = Array.from({ length: 5 }, () => queue.wait(semaphore));
      let fired = 0;
      const three = new Promise<void>((resolve) => {
        for (const item of items) {
          item.then(
            () => ++fired === 3 && resolve(),
            () => {},
          );
        }
      });
      semaphore.release(3);
      await three;
      for (const item of items) if (Math.random() < 0.5) item.cancel();
      // Closes the remaining waits.
      await queue.close();
      expect(items.filter(({ state }) => state === 'fired')).toHaveLength(3);
      await endCancelledWaits();
    }
    expect(semaphore.release()).toBe(0);
  });

  test.each([
    ['a semaphore', () => Semaphore.create(), (semaphore: WaitHandle) => (semaphore as Semaphore).release(10)],
    ['an auto-reset event', () => WaitableEvent.create(), (event: WaitHandle) => (event as WaitableEvent).set()],
  ])('when waits for %s have the signal and are cancelled while their queue is busy', async (_, create, signal) => {
    using target = create();
    const queue = WorkQueue.allocate('standard');
    await queue.put();
    loadHelper().blockQueue(queue.id, 500);
    const items = Array.from({ length: target instanceof WaitableEvent ? 1 : 10 }, () => queue.wait(target));
    signal(target);
    // The waits usually have the signal by then.
    await sleep(100);
    const cancelled = items.filter((item) => item.cancel()).length;
    await queue.close();
    let left = 0;
    while ((await waitFor(target, { timeout: 0 })) === 'signaled') left++;
    expect(left).toBeLessThanOrEqual(cancelled);
    expectNoneLost('cancel() on a busy queue', cancelled - left);
  });
});

describe('a signal that arrives during a cancel', () => {
  // Whether it is lost depends on the system: Wine's pool drops a signal that it took for a wait that ends at that moment.

  test('goes to at most one wait', async () => {
    using semaphore = Semaphore.create();
    const items: WorkItem[] = [];
    let cancelled = 0;
    for (let round = 0; round < 500; round++) {
      const batch = Array.from({ length: 3 }, () => putWaitingWorkItem(semaphore));
      items.push(...batch);
      semaphore.release(2);
      if (round % 3 === 0) spin(Math.random() * 0.3);
      if (round % 5 === 0) await new Promise(setImmediate);
      const chosen = items[Math.floor(Math.random() * items.length)]!;
      for (const item of [chosen, batch[0]!]) if (item.cancel()) cancelled++;
    }
    // Some have signals, but on a busy machine perhaps none has fired yet.
    await eventually(() => items.some(({ state }) => state === 'fired'));
    for (const item of items) if (item.cancel()) cancelled++;
    const outcomes = await Promise.allSettled(items);
    const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
    await shutdown();
    expect(taken + cancelled).toBe(items.length);
    expect(taken + semaphore.release()).toBeLessThanOrEqual(1_000);
    // Both outcomes occurred.
    expect(taken).toBeGreaterThan(0);
    expect(cancelled).toBeGreaterThan(0);
  });

  test('or a timeout goes to at most one waitFor()', async () => {
    using event = WaitableEvent.create();
    const seen = { signaled: 0, timeout: 0 };
    for (let round = 0; round < 300; round++) {
      const timeout = round % 3;
      const wait = waitFor(event, { timeout });
      if (round % 2 === 0) await new Promise(setImmediate);
      spin(Math.random() * 2 * timeout);
      if (round % 10 === 0) await wait;
      event.set();
      seen[await wait]++;
    }
    expect(seen.signaled + seen.timeout).toBe(300);
    expect(seen.signaled).toBeGreaterThan(0);
    expect(seen.timeout).toBeGreaterThan(0);
    await shutdown();
    // At most one set() is left over.
    await waitFor(event, { timeout: 0 });
    expect(await waitFor(event, { timeout: 20 })).toBe('timeout');
  });
});

describe('a pending wait and the process', () => {
  test.each([
    ['unref()', 'rtworkq.putWaitingWorkItem(event).unref()'],
    ['ref: false', 'rtworkq.putWaitingWorkItem(event, { ref: false })'],
    ['waitFor() with ref: false', 'rtworkq.waitFor(event, { ref: false, timeout: 3_600_000 })'],
    ['closing the handle', 'rtworkq.putWaitingWorkItem(event); event.close()'],
  ])('%s lets the process end', async (_, code) => {
    const ended = await runCode(`const event = rtworkq.WaitableEvent.create(); ${code}`);
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('the wait keeps the process alive until it fires', async () => {
    const ended = await runCode(`
      const timer = rtworkq.WaitableTimer.create();
      timer.set(300);
      const item = rtworkq.putWaitingWorkItem(timer).unref().ref();
      console.log(item.hasRef());
      item.then(() => console.log('fired'));`);
    expect(ended).toMatchObject({ code: 0, last: 'fired', stdout: expect.stringMatching(/^true/), stderr: '' });
  });
});
