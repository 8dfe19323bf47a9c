// Mutexes: who holds one, in which order, and how a wait for one ends. test/lifetime/mutexes.test.ts has other processes and Workers.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  Mutex,
  type MutexLock,
  type OperationEnd,
  type OperationInfo,
  pendingOperations,
  putWaitingWorkItem,
  Semaphore,
  shutdown,
  traceOperations,
  WaitableEvent,
  type WaitTarget,
  waitFor,
  waitForAny,
} from 'rtworkq';
import { endedBy, expectRejections, failureOf } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { foreignSignal } from '../../support/hostile';
import { uniqueName } from '../../support/name';
import { Random } from '../../support/random';
import { settled, sleep, spin, spinUntil } from '../../support/time';

const helper = loadHelper();

let name: string;
let mutex: Mutex;
let other: Mutex;
beforeEach(() => {
  name = uniqueName();
  mutex = Mutex.create({ name });
  other = Mutex.open(name);
});
afterEach(async () => {
  mutex.close();
  other.close();
  await shutdown();
});

/** What tells a lock from an error's name. */
async function shown(outcome: unknown): Promise<unknown> {
  const settled = await outcome;
  return typeof settled === 'string' ? settled : { released: (settled as MutexLock).released };
}

const state = (of = other): string => helper.mutexState(of.handle);

describe('acquire()', () => {
  test('acquires a free mutex, which release() frees before it returns', async () => {
    expect(state()).toBe('free');
    const lock = await mutex.acquire();
    expect(lock).toMatchObject({ abandoned: false, released: false });
    expect(performance.now() - lock.acquiredAt).toBeGreaterThanOrEqual(0);
    // The JavaScript thread asks, so another thread owns it.
    expect(state()).toBe('owned');
    lock.release();
    expect(state()).toBe('free');
    expect(lock.released).toBe(true);
  });

  test('releases at the end of a using scope', async () => {
    {
      using _lock = await mutex.acquire();
      expect(state()).toBe('owned');
    }
    expect(state()).toBe('free');
  });

  test('excludes another object with the same name', async () => {
    const lock = await mutex.acquire();
    const waiting = other.acquire();
    expect(await other.acquire({ timeout: 20 })).toBeUndefined();
    expect(await settled(waiting)).toBe(false);
    lock.release();
    (await waiting).release();
    expect(state()).toBe('free');
  });

  test('waits for an earlier lock of the same object', async () => {
    const lock = await mutex.acquire();
    const second = mutex.acquire();
    expect(await mutex.acquire({ timeout: 5 })).toBeUndefined();
    expect(await settled(second)).toBe(false);
    lock.release();
    (await second).release();
  });

  test('gets the mutex in the order of the calls, although some end early', async () => {
    const held = await other.acquire();
    const order: number[] = [];
    const abort = new AbortController();
    const calls = Array.from({ length: 20 }, async (_, index) => {
      const options = index % 5 === 1 ? { signal: abort.signal } : index % 5 === 3 ? { timeout: 1 } : {};
      const lock = await mutex.acquire(options).catch(() => undefined);
      if (lock) order.push(index);
      await sleep(0);
      lock?.release();
    });
    await mutex.acquire({ timeout: 10 });
    abort.abort();
    held.release();
    await Promise.all(calls);
    expect(order).toEqual([0, 2, 4, 5, 7, 9, 10, 12, 14, 15, 17, 19]);
    expect(state()).toBe('free');
  });

  test('takes a free mutex although the timeout is 0, and does not wait for a held one', async () => {
    const lock = await mutex.acquire({ timeout: 0 });
    expect(lock).toBeDefined();
    expect(await mutex.acquire({ timeout: 0 })).toBeUndefined();
    expect(await other.acquire({ timeout: 0 })).toBeUndefined();
    lock?.release();
    (await other.acquire({ timeout: 0 }))?.release();
  });

  test('does not end before its timeout', async () => {
    using _lock = await mutex.acquire();
    for (const timeout of [0.5, 1, 2.5, 20]) {
      const start = performance.now();
      expect(await other.acquire({ timeout })).toBeUndefined();
      expect(performance.now() - start).toBeGreaterThanOrEqual(timeout);
    }
  });

  test('rejects at once with an aborted signal, and acquires nothing', async () => {
    await expect(mutex.acquire({ signal: AbortSignal.abort('no') })).rejects.toMatchObject({ name: 'AbortError', cause: 'no' });
    expect(state()).toBe('free');
  });

  test('ends when its signal aborts, in any place of the queue', async () => {
    const held = await other.acquire();
    const aborts = Array.from({ length: 3 }, () => new AbortController());
    const calls = aborts.map(({ signal }) => mutex.acquire({ signal }));
    const rejected = expectRejections([calls[1]!, calls[0]!], expect.objectContaining({ name: 'AbortError', cause: 'enough' }));
    aborts[1]?.abort('enough');
    aborts[0]?.abort('enough');
    await rejected;
    expect(await settled(calls[2]!)).toBe(false);
    held.release();
    (await calls[2])?.release();
  });

  test('leaves the mutex free if its signal throws from addEventListener(), although it has acquired it', async () => {
    const failed = new Error('thrown on purpose');
    const { signal } = foreignSignal({
      add() {
        spinUntil(() => state() === 'owned');
        throw failed;
      },
    });
    await expect(mutex.acquire({ signal })).rejects.toBe(failed);
    using lock = await other.acquire();
    expect(lock.abandoned).toBe(false);
    expect(pendingOperations()).toMatchObject([{ kind: 'lock' }]);
  });

  test('rejects for a closed mutex', async () => {
    mutex.close();
    expect(await failureOf(() => mutex.acquire())).toMatchObject({ code: 'E_HANDLE' });
  });

  test.each<[string, unknown]>([
    ['an unknown option', { wait: 1 }],
    ['a queue', { queue: 'standard' }],
    ['a negative timeout', { timeout: -1 }],
    ['a signal that is none', { signal: 1 }],
    ['a ref that is no boolean', { ref: 1 }],
    ['options that are no object', 5],
  ])('rejects %s, and acquires nothing', async (_, options) => {
    const { code } = await failureOf(() => mutex.acquire(options as object));
    expect(code).toMatch(/^ERR_(INVALID_ARG_(TYPE|VALUE)|OUT_OF_RANGE)$/);
    expect(state()).toBe('free');
    expect(pendingOperations()).toEqual([]);
  });

  test('throws for objects that are no mutexes', async () => {
    using event = WaitableEvent.create({ signaled: true });
    for (const receiver of [event, {}, 5, mutex.handle]) {
      const { code } = await failureOf(() => Mutex.prototype.acquire.call(receiver as Mutex));
      expect(code).toBe('ERR_INVALID_ARG_TYPE');
    }
    expect(await event.wait({ timeout: 0 })).toBe('signaled');
  });
});

describe('a lock', () => {
  test('is released once: a second release() leaves the next holder alone', async () => {
    const lock = await mutex.acquire();
    lock.release();
    const next = await mutex.acquire();
    lock.release();
    lock[Symbol.dispose]();
    expect(state()).toBe('owned');
    next.release();
  });

  test('cannot be constructed', () => {
    const constructors = [Mutex, Object.getPrototypeOf(Mutex)] as unknown as (new () => unknown)[];
    for (const each of constructors) expect(() => new each()).toThrow(expect.objectContaining({ code: 'ERR_ILLEGAL_CONSTRUCTOR' }));
  });

  test('keeps its class to itself', async () => {
    using lock = await mutex.acquire();
    const Lock = lock.constructor as new () => unknown;
    expect(() => new Lock()).toThrow(expect.objectContaining({ code: 'ERR_ILLEGAL_CONSTRUCTOR' }));
  });

  test('fails to release after other code has closed all HANDLEs, and the next owner finds the mutex abandoned', async () => {
    const lock = await mutex.acquire();
    const rejected = expect(mutex.acquire()).rejects.toMatchObject({ code: 'E_HANDLE' });
    expect(helper.closeDuplicates(mutex.handle)).toBe(2);
    expect(() => lock.release()).toThrow(expect.objectContaining({ code: 'E_HANDLE', syscall: 'ReleaseMutex' }));
    await rejected;
    expect(lock.released).toBe(true);
    await expect(mutex.acquire()).rejects.toMatchObject({ code: 'E_HANDLE' });
    using reopened = Mutex.open(name);
    using next = await reopened.acquire();
    expect(next.abandoned).toBe(true);
  });
});

describe('close()', () => {
  test('releases the lock, ends the waits, and frees the name', async () => {
    const lock = await mutex.acquire();
    const rejected = expectRejections([mutex.acquire(), mutex.acquire({ timeout: 60_000 })], endedBy('E_HANDLE', 'CloseHandle'));
    mutex.close();
    expect(lock.released).toBe(true);
    expect(state()).toBe('free');
    await rejected;
    lock.release();
    other.close();
    expect(Mutex.exists(name)).toBe(false);
  });

  test('leaves other objects with the name alone', async () => {
    const lock = await other.acquire();
    const rejected = expectRejections([mutex.acquire()], endedBy('E_HANDLE', 'CloseHandle'));
    mutex.close();
    await rejected;
    expect(lock.released).toBe(false);
    expect(state()).toBe('owned');
    lock.release();
  });

  test('rejects a wait that has acquired the mutex before JavaScript noticed, and releases it', async () => {
    const rejected = expectRejections([mutex.acquire()], endedBy('E_HANDLE', 'CloseHandle'));
    while (state() !== 'owned') spin(0.1);
    mutex.close();
    expect(state()).toBe('free');
    await rejected;
  });

  test('at every moment after acquire() leaves the mutex free', async () => {
    for (let busy = 0; busy < 60; busy++) {
      const own = Mutex.open(name);
      const outcome = own.acquire().catch(({ name: error }) => error);
      if (busy % 2) await sleep(0);
      else spin(busy / 40);
      own.close();
      expect([{ released: true }, 'AbortError']).toContainEqual(await shown(outcome));
      expect(state()).toBe('free');
    }
  });
});

describe('shutdown()', () => {
  test('releases locks and ends waits, and the mutex works afterwards', async () => {
    const lock = await mutex.acquire();
    const rejected = expectRejections([mutex.acquire(), other.acquire()], endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    const over = shutdown();
    expect(lock.released).toBe(true);
    expect(state()).toBe('free');
    await over;
    await rejected;
    using again = await mutex.acquire();
    expect(again.abandoned).toBe(false);
  });

  test('at every moment after acquire() leaves the mutex free, and resolves after the wait has settled', async () => {
    for (let busy = 0; busy < 60; busy++) {
      let over = false;
      const end = (outcome: unknown): unknown => {
        over = true;
        return outcome;
      };
      const outcome = mutex.acquire().then(end, ({ name: error }) => end(error));
      if (busy % 2) await sleep(0);
      else spin(busy / 40);
      await shutdown();
      expect(over).toBe(true);
      expect([{ released: true }, 'AbortError']).toContainEqual(await shown(outcome));
      expect(state()).toBe('free');
    }
  });
});

test('one holds it at a time, whenever waits are aborted or time out, and nothing is left behind', async () => {
  const random = new Random(20);
  const objects = [mutex, other, Mutex.open(name), Mutex.open(name)];
  let holders = 0;
  let taken = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    for (let round = 0; round < 60; round++) {
      const abort = new AbortController();
      const timer = random.chance(0.3) ? setTimeout(() => abort.abort(), random.below(4)) : undefined;
      const timeout = random.chance(0.4) ? random.fraction() * 4 : Number.POSITIVE_INFINITY;
      const waiting = random.pick(objects).acquire({ signal: abort.signal, timeout });
      const lock: MutexLock | undefined = await waiting.catch(() => undefined);
      clearTimeout(timer);
      if (!lock) continue;
      taken++;
      most = Math.max(most, ++holders);
      if (random.chance(0.5)) await sleep(0);
      holders--;
      lock.release();
    }
  };
  await Promise.all(Array.from({ length: 12 }, work));
  expect(most).toBe(1);
  expect(taken).toBeGreaterThan(100);
  expect(state()).toBe('free');
  expect(pendingOperations()).toEqual([]);
  for (const each of objects) each.close();
});

describe('other waits', () => {
  test.each<[string, (target: WaitTarget) => unknown]>([
    ['waitFor', (target) => waitFor(target)],
    ['waitForAny', (target) => waitForAny([target])],
    ['waitFor that only looks', (target) => waitFor(target, { timeout: 0 })],
    ['putWaitingWorkItem', (target) => putWaitingWorkItem(target).completed],
  ])('%s refuses a mutex, as an object and as a HANDLE', async (_, wait) => {
    for (const target of [mutex, mutex.handle]) {
      expect(await failureOf(() => wait(target as WaitTarget))).toMatchObject({ code: 'ERROR_NOT_SUPPORTED' });
    }
    expect(state()).toBe('free');
  });
});

describe('names', () => {
  test('create() says whether the mutex is new, and does not acquire it', () => {
    expect([mutex.createdNew, other.createdNew, Mutex.create({ name }).createdNew]).toEqual([true, false, false]);
    expect(state()).toBe('free');
  });

  test('exists() says whether someone has it open', () => {
    expect(Mutex.exists(name)).toBe(true);
    expect(Mutex.exists(`${name}-other`)).toBe(false);
    mutex.close();
    expect(Mutex.exists(name)).toBe(true);
    other.close();
    expect(Mutex.exists(name)).toBe(false);
  });

  test('of other kinds of objects throw', () => {
    const taken = uniqueName();
    using _semaphore = Semaphore.create({ name: taken });
    for (const call of [() => Mutex.create({ name: taken }), () => Mutex.open(taken), () => Mutex.exists(taken)]) {
      expect(call).toThrow(expect.objectContaining({ code: 'E_HANDLE', message: expect.stringContaining('another kind') }));
    }
  });

  test.each([
    ['without a mutex', (of: string) => Mutex.open(of), 'ERROR_FILE_NOT_FOUND'],
    ['that are empty', () => Mutex.exists(''), 'ERR_INVALID_ARG_VALUE'],
    ['that are no strings', () => Mutex.exists(5 as never), 'ERR_INVALID_ARG_TYPE'],
    ['with a backslash', (of: string) => Mutex.create({ name: `${of}\\x` }), 'ERROR_PATH_NOT_FOUND'],
  ])('%s throw', (_, call, code) => {
    expect(() => call(uniqueName())).toThrow(expect.objectContaining({ code }));
  });
});

describe('observers', () => {
  test('pendingOperations() has waits and held locks, with the name', async () => {
    const lock = await mutex.acquire();
    const waiting = mutex.acquire({ ref: false });
    const unnamed = Mutex.create();
    const second = await unnamed.acquire();
    expect(pendingOperations()).toEqual([
      { kind: 'lock', ref: false, name, startedAt: lock.acquiredAt, age: expect.any(Number) },
      { kind: 'lock', ref: false, startedAt: second.acquiredAt, age: expect.any(Number) },
      { kind: 'acquire', ref: false, name },
    ]);
    lock.release();
    (await waiting).release();
    unnamed.close();
    expect(pendingOperations()).toEqual([]);
  });

  test('channels have the starts and ends of both, and tracing has the stack of acquire()', async () => {
    const seen: unknown[] = [];
    const stacks: (string | undefined)[] = [];
    const onStart = (message: unknown): void => {
      const { kind, stack } = message as OperationInfo;
      seen.push(['start', kind]);
      stacks.push(stack);
    };
    const onEnd = (message: unknown): void => {
      const { operation, outcome, cause } = message as OperationEnd;
      seen.push([outcome, operation.kind, ...(cause === undefined ? [] : [(cause as { code: string }).code])]);
    };
    subscribe('rtworkq:operation-start', onStart);
    subscribe('rtworkq:operation-end', onEnd);
    traceOperations(true);
    try {
      (await mutex.acquire()).release();
      const lock = await mutex.acquire();
      await mutex.acquire({ timeout: 1 });
      mutex.close();
      await sleep(0);
      expect(lock.released).toBe(true);
    } finally {
      traceOperations(false);
      unsubscribe('rtworkq:operation-start', onStart);
      unsubscribe('rtworkq:operation-end', onEnd);
    }
    const acquired = [
      ['start', 'acquire'],
      ['fired', 'acquire'],
      ['start', 'lock'],
    ];
    expect(seen).toEqual([
      ...acquired,
      ['released', 'lock'],
      ...acquired,
      ['start', 'acquire'],
      ['timeout', 'acquire'],
      ['closed', 'lock', 'E_HANDLE'],
    ]);
    expect(stacks).toHaveLength(5);
    for (const stack of stacks) expect(stack).toMatch(/^(acquire|lock)\b.*\n.*mutex\.test/);
  });
});
