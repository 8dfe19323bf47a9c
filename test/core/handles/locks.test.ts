// locks.request(): a callback runs while its lock is held.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type LockOptions, locks, Mutex, type MutexLock, pendingOperations, shutdown } from 'rtworkq';
import { endedBy, failureOf } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { uniqueName } from '../../support/name';
import { eventually, settled } from '../../support/time';

const helper = loadHelper();

let name: string;
let other: Mutex;
beforeEach(() => {
  name = uniqueName();
  other = Mutex.create({ name });
});
afterEach(async () => {
  other.close();
  await shutdown();
});

const state = (): string => helper.mutexState(other.handle);
const fail = (message: string): never => {
  throw new Error(message);
};
const never = (): never => fail('the callback was called');

test('holds the lock while the callback runs, and resolves to its result after the release', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const request = locks.request(name, (lock) => {
    expect(lock).toMatchObject({ abandoned: false, released: false });
    expect(state()).toBe('owned');
    return promise;
  });
  await eventually(() => state() === 'owned');
  expect(await settled(request)).toBe(false);
  resolve('result');
  await expect(request).resolves.toBe('result');
  expect(state()).toBe('free');
});

test('gives the lock to one callback at a time, in the order of the requests', async () => {
  const order: number[] = [];
  let holders = 0;
  const requests = Array.from({ length: 20 }, (_, index) =>
    locks.request(name, async () => {
      expect(++holders).toBe(1);
      order.push(index);
      await new Promise(setImmediate);
      holders--;
    }),
  );
  await Promise.all(requests);
  expect(order).toEqual(Array.from(requests.keys()));
});

test('excludes a Mutex with the same name', async () => {
  const held = await other.acquire();
  const request = locks.request(name, () => 1);
  expect(await settled(request)).toBe(false);
  held.release();
  await expect(request).resolves.toBe(1);
});

test.each<[string, () => unknown]>([
  ['throws', () => fail('on purpose')],
  ['rejects', async () => fail('on purpose')],
])('releases the lock if the callback %s', async (_, callback) => {
  await expect(locks.request(name, callback)).rejects.toThrow('on purpose');
  expect(state()).toBe('free');
});

test('releases the lock once, although the callback has released it', async () => {
  await locks.request(name, async (lock) => {
    lock.release();
    using own = await other.acquire();
    expect(own.released).toBe(false);
  });
  expect(state()).toBe('free');
});

test('closes the mutex after the last request', async () => {
  other.close();
  await Promise.all([locks.request(name, () => 1), locks.request(name, () => 2)]);
  expect(await eventually(() => !Mutex.exists(name))).toBe(true);
});

describe('with ifAvailable', () => {
  test('the callback gets the lock if it is free, and otherwise null', async () => {
    const seen: unknown[] = [];
    const callback = (lock: MutexLock | null): number => seen.push(lock && state());
    await locks.request(name, { ifAvailable: true }, callback);
    const held = await other.acquire();
    await locks.request(name, { ifAvailable: true }, callback);
    held.release();
    await locks.request(name, { ifAvailable: false }, callback);
    expect(seen).toEqual(['owned', null, 'owned']);
    expect(state()).toBe('free');
  });
});

describe('the callback is not called', () => {
  test('if the timeout passes', async () => {
    using _held = await other.acquire();
    for (const timeout of [0, 5]) {
      const error = await failureOf(() => locks.request(name, { timeout }, never));
      expect(error).toMatchObject({ name: 'Error', code: 'ERR_OPERATION_TIMEOUT', message: expect.stringContaining(name) });
    }
  });

  test('if the signal aborts', async () => {
    using _held = await other.acquire();
    const abort = new AbortController();
    const request = locks.request(name, { signal: abort.signal }, never);
    const rejected = expect(request).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    abort.abort('enough');
    await rejected;
    await expect(locks.request(name, { signal: abort.signal }, never)).rejects.toMatchObject({ cause: 'enough' });
  });

  test('after shutdown(), which also releases the locks of running callbacks', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const running = locks.request(name, async (lock) => {
      await promise;
      return lock.released;
    });
    const waiting = expect(locks.request(name, never)).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await eventually(() => pendingOperations().some(({ kind }) => kind === 'lock'));
    await shutdown();
    expect(state()).toBe('free');
    await waiting;
    resolve();
    await expect(running).resolves.toBe(true);
    await expect(locks.request(name, () => 1)).resolves.toBe(1);
  });

  test.each<[string, unknown[], string]>([
    ['without a name', ['', never], 'ERR_INVALID_ARG_VALUE'],
    ['with a name that is no string', [5, never], 'ERR_INVALID_ARG_TYPE'],
    ['without a callback', ['x'], 'ERR_INVALID_ARG_TYPE'],
    ['with options, without a callback', ['x', {}], 'ERR_INVALID_ARG_TYPE'],
    ['with an unknown option', ['x', { mode: 'shared' }, never], 'ERR_INVALID_ARG_VALUE'],
    ['with a timeout and ifAvailable', ['x', { timeout: 5, ifAvailable: true }, never], 'ERR_INVALID_ARG_VALUE'],
    ['with a negative timeout', ['x', { timeout: -5 }, never], 'ERR_OUT_OF_RANGE'],
  ])('%s', async (_, args, code) => {
    const { code: received } = await failureOf(() => Reflect.apply(locks.request, locks, args));
    expect(received).toBe(code);
    expect(pendingOperations()).toEqual([]);
  });
});

test('options may be undefined, and the function may be called without locks', async () => {
  const { request } = locks;
  await expect(request(name, undefined as LockOptions | undefined, () => 1)).resolves.toBe(1);
});

test('pendingOperations() has requests that wait and locks that are held', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const requests = [locks.request(name, () => promise), locks.request(name, () => {})];
  await eventually(() => pendingOperations().some(({ kind }) => kind === 'lock'));
  expect(pendingOperations()).toMatchObject([
    { kind: 'lock', name },
    { kind: 'acquire', name },
  ]);
  resolve();
  await Promise.all(requests);
  expect(pendingOperations()).toEqual([]);
});
