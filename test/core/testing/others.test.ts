// What other processes of the simulated machine do.

import { describe, expect, test } from '@jest/globals';
import {
  locks,
  Mutex,
  ProcessHandle,
  Semaphore,
  WaitableEvent,
  WaitableTimer,
  waitFor,
  waitForAll,
  waitForAny,
  waitForProcessExit,
} from 'rtworkq';
import { begin, errorOf } from '../../support/simulation';

const NAME = 'Local\\testing';

describe('processes', () => {
  test('have an id, and an exit code when they have ended', async () => {
    const sim = begin();
    const other = sim.startProcess();
    using handle = ProcessHandle.open(other.pid);
    const exit = waitForProcessExit(other.pid);
    expect([handle.exitCode, other.exitCode, handle.createdAt.getTime() > 0]).toEqual([undefined, undefined, true]);
    other.exit(3);
    expect([await exit, handle.exitCode, other.exitCode]).toEqual([3, 3, 3]);
    expect((await errorOf(() => other.exit())).code).toBe('ERR_INVALID_STATE');
  });

  test('cannot be opened when they have ended and no handle is open', async () => {
    const sim = begin();
    const other = sim.startProcess();
    const handle = ProcessHandle.open(other.pid);
    other.exit();
    ProcessHandle.open(other.pid).close();
    handle.close();
    expect((await errorOf(() => ProcessHandle.open(other.pid))).code).toBe('E_INVALIDARG');
  });

  test('are ended by terminate(), with all that they have', async () => {
    const sim = begin();
    const other = sim.startProcess();
    using event = WaitableEvent.create();
    other.createEvent(NAME);
    other.createMutex('mutex');
    await other.acquireMutex('mutex');
    using mutex = Mutex.open('mutex');
    using handle = ProcessHandle.open(other.pid);
    expect([handle.terminate(9), handle.terminate(9), other.exitCode]).toEqual([true, false, 9]);
    expect((await mutex.acquire()).abandoned).toBe(true);
    expect((await errorOf(() => WaitableEvent.open(NAME))).code).toBe('ERROR_FILE_NOT_FOUND');
    expect(event.closed).toBe(false);
  });

  test('this one is there too', () => {
    begin();
    using self = ProcessHandle.open(process.pid);
    expect(self.exitCode).toBeUndefined();
  });
});

describe('named objects', () => {
  test('are the same in all processes, with or without Local\\', async () => {
    const sim = begin();
    const other = sim.startProcess();
    other.createEvent(NAME, { manualReset: true });
    using event = WaitableEvent.create({ name: 'testing' });
    expect([event.createdNew, event.manualReset]).toEqual([false, true]);
    other.setEvent(NAME);
    expect(await waitFor(event)).toBe('signaled');
    other.resetEvent('testing');
    expect(await waitFor(event, { timeout: 0 })).toBe('timeout');
    other.close(NAME);
    other.setEvent(NAME);
    event.close();
    expect((await errorOf(() => other.setEvent(NAME))).code).toBe('ERROR_FILE_NOT_FOUND');
    expect((await errorOf(() => other.close(NAME))).code).toBe('ERR_INVALID_STATE');
  });

  test('have one kind, and no backslash in the rest of the name', async () => {
    begin();
    using event = WaitableEvent.create({ name: NAME });
    for (const call of [
      () => Semaphore.create({ name: NAME }),
      () => Mutex.open(NAME),
      () => WaitableTimer.open(NAME),
      () => Mutex.exists(NAME),
    ])
      expect((await errorOf(call)).code).toBe('E_HANDLE');
    expect((await errorOf(() => WaitableEvent.create({ name: 'Local\\a\\b' }))).code).toBe('ERROR_PATH_NOT_FOUND');
    event.close();
    using semaphore = Semaphore.create({ name: NAME });
    expect(semaphore.createdNew).toBe(true);
  });

  test('a semaphore counts what others release', async () => {
    const sim = begin();
    const other = sim.startProcess();
    using jobs = Semaphore.create({ name: NAME, maximum: 3 });
    const waits = [waitFor(jobs), waitFor(jobs)];
    expect([other.releaseSemaphore(NAME), other.releaseSemaphore(NAME, 3)]).toEqual([0, 0]);
    await Promise.all(waits);
    expect(jobs.release()).toBe(2);
    expect((await errorOf(() => other.releaseSemaphore(NAME))).code).toBe('ERROR_TOO_MANY_POSTS');
  });

  test('rejects an object descriptor that is none', async () => {
    begin();
    WaitableEvent.create({ security: 'D:P(A;;GA;;;BA)(A;;0x100000;;;S-1-15-2-1)' }).close();
    for (const word of ['user', 'session', 'interactive', 'everyone-may-wait']) WaitableEvent.create({ security: word }).close();
    expect((await errorOf(() => WaitableEvent.create({ security: 'nonsense' }))).code).toBe('ERR_INVALID_ARG_VALUE');
  });
});

describe('mutexes', () => {
  test('go to one at a time, in the order of asking', async () => {
    const sim = begin();
    const other = sim.startProcess();
    using mutex = Mutex.create({ name: NAME });
    expect(await other.acquireMutex(NAME)).toBe('acquired');
    const ours = mutex.acquire();
    const third = sim.startProcess();
    const theirs = third.acquireMutex(NAME);
    expect(await mutex.acquire({ timeout: 0 })).toBeUndefined();
    other.releaseMutex(NAME);
    const lock = await ours;
    expect(lock.abandoned).toBe(false);
    lock.release();
    expect(await theirs).toBe('acquired');
    expect((await errorOf(() => other.releaseMutex(NAME))).code).toBe('ERR_INVALID_STATE');
    expect((await errorOf(() => third.acquireMutex(NAME))).code).toBe('ERR_INVALID_STATE');
  });

  test('may go again to the object that releases one, which Windows leaves open', async () => {
    const sim = begin() as ReturnType<typeof begin> & { steer(choose: <T>(candidates: readonly T[]) => T): void };
    const other = sim.startProcess();
    using mutex = Mutex.create({ name: NAME });
    const first = await mutex.acquire();
    const theirs = other.acquireMutex(NAME);
    const second = mutex.acquire();
    sim.steer((candidates) => candidates.at(-1) as never);
    first.release();
    (await second).release();
    expect(await theirs).toBe('acquired');
  });

  test('tell the next owner that the last one has died, and only that one', async () => {
    const sim = begin();
    const other = sim.startProcess();
    other.createMutex(NAME);
    other.acquireMutex(NAME);
    const abandoned: boolean[] = [];
    for (let round = 0; round < 2; round++) {
      const next = locks.request(NAME, (lock) => abandoned.push(lock.abandoned));
      if (round === 0) other.exit(1);
      await next;
    }
    expect(abandoned).toEqual([true, false]);
  });

  test('stay abandoned if the lock could not be received', async () => {
    const sim = begin();
    const other = sim.startProcess();
    using keeper = Mutex.create({ name: NAME });
    other.acquireMutex(NAME);
    const mutex = Mutex.open(NAME);
    const refused = errorOf(() => mutex.acquire());
    other.exit();
    mutex.close();
    expect((await refused).name).toBe('AbortError');
    expect((await keeper.acquire()).abandoned).toBe(true);
  });

  test('closing one abandons it, and ends a wait', async () => {
    const sim = begin();
    const [other, third] = [sim.startProcess(), sim.startProcess()];
    other.createMutex(NAME);
    await other.acquireMutex(NAME);
    third.createMutex(NAME);
    const waiting = errorOf(() => third.acquireMutex(NAME));
    third.close(NAME);
    expect((await waiting).name).toBe('AbortError');
    using mutex = Mutex.open(NAME);
    other.close(NAME);
    expect((await mutex.acquire()).abandoned).toBe(true);
  });
});

describe('waits', () => {
  test('for any takes the first that is signaled, and nothing else', async () => {
    begin();
    using first = Semaphore.create({ initial: 1 });
    using second = Semaphore.create({ initial: 1 });
    using event = WaitableEvent.create();
    expect((await waitForAny([event, second, first])).index).toBe(1);
    expect([first.release(), second.release()]).toEqual([1, 0]);
  });

  test('for all takes nothing until it can take everything', async () => {
    const sim = begin();
    using event = WaitableEvent.create({ signaled: true });
    using semaphore = Semaphore.create();
    const all = waitForAll([event, semaphore]);
    const one = waitFor(event);
    await sim.advance(0);
    expect(await one).toBe('signaled');
    semaphore.release();
    event.set();
    expect(await all).toBe('signaled');
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('timeout');
    expect((await errorOf(() => waitForAll([event, event]))).code).toBe('E_INVALIDARG');
  });

  test('for all of more than 64 gives back what it has taken when it ends', async () => {
    const sim = begin();
    using semaphore = Semaphore.create({ initial: 64 });
    const controller = new AbortController();
    const targets = Array.from({ length: 65 }, () => semaphore);
    const aborted = errorOf(() => waitForAll(targets, { signal: controller.signal }));
    await sim.advance(0);
    expect(await waitFor(semaphore, { timeout: 0 })).toBe('timeout');
    controller.abort();
    expect((await aborted).name).toBe('AbortError');
    expect(semaphore.release()).toBe(64);
    expect(await waitForAll(targets)).toBe('signaled');
  });

  test('a signal that was first wins over an abort', async () => {
    begin();
    using event = WaitableEvent.create();
    const controller = new AbortController();
    const waiting = waitFor(event, { signal: controller.signal });
    event.set();
    controller.abort();
    expect(await waiting).toBe('signaled');
    event.set();
    expect(await waitFor(event, { timeout: 0 })).toBe('signaled');
  });

  test('a signal wins over a timeout at the same time', async () => {
    const sim = begin();
    using timer = WaitableTimer.create();
    const waiting = waitFor(timer, { timeout: 10 });
    timer.set(10);
    await sim.advance(10);
    expect(await waiting).toBe('signaled');
  });

  test('reject raw handles that are none, or of mutexes', async () => {
    begin();
    using mutex = Mutex.create();
    using event = WaitableEvent.create({ signaled: true });
    expect((await errorOf(() => waitFor(mutex.handle))).code).toBe('ERROR_NOT_SUPPORTED');
    expect((await errorOf(() => waitFor(4n))).code).toBe('E_HANDLE');
    expect(await waitFor(event.handle)).toBe('signaled');
  });
});
