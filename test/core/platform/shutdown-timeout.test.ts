// shutdown() with a timeout, while RTWorkQ still holds something; and what it waits for.

import { afterEach, describe, expect, test } from '@jest/globals';
import { type PendingOperation, pendingOperations, putWorkItem, type ShutdownOptions, shutdown, WorkQueue } from 'rtworkq';
import { endedBy, expectRejections, failureOf } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { settled } from '../../support/time';

const helper = loadHelper();

// Much longer than any test: release() ends it.
const BLOCKED_MS = 600_000;

let release: (() => void) | undefined;
afterEach(async () => {
  release?.();
  release = undefined;
  await shutdown();
});

/** A queue that is busy until release(), with items behind what it does. */
function blockedQueue(): { queue: WorkQueue; rejected: Promise<void> } {
  const queue = WorkQueue.allocate('standard');
  release = helper.blockQueue(queue.id, BLOCKED_MS);
  const items = [queue.put().completed, queue.put().completed, queue.invoke().completed, queue.putMany(3).completed];
  return { queue, rejected: expectRejections(items, endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown')) };
}

const held = (kind: string) => ({ kind, ref: false, held: true });
const HELD = [held('putWorkItem'), held('putWorkItem'), held('putWorkItems'), held('invokeCallback'), held('close')];

const operationsOf = (error: Error): PendingOperation[] => (error as Error & { operations: PendingOperation[] }).operations;

describe('while a queue is busy', () => {
  test('shutdown() waits, and pendingOperations() lists what RTWorkQ holds', async () => {
    const { rejected } = blockedQueue();
    const before = pendingOperations();
    expect(before.filter((each) => 'held' in each)).toEqual([]);
    const over = shutdown();
    await rejected;
    expect(await settled(over)).toBe(false);
    expect(pendingOperations()).toEqual([{ kind: 'shutdown', ref: true }, ...HELD]);
    release?.();
    await over;
    expect(pendingOperations()).toEqual([]);
  });

  test.each([0, 1, 20])('shutdown({ timeout: %d }) rejects with that list, and a later one succeeds', async (timeout) => {
    const { rejected } = blockedQueue();
    const start = performance.now();
    const error = await failureOf(() => shutdown({ timeout }));
    expect(performance.now() - start).toBeGreaterThanOrEqual(timeout - 1);
    expect(error).toMatchObject({ name: 'Error', code: 'ERR_OPERATION_TIMEOUT' });
    expect(error.message).toBe(
      `The platform did not shut down within ${timeout} ms. ` +
        'It waits for putWorkItem, putWorkItem, putWorkItems, invokeCallback, close.',
    );
    expect(operationsOf(error)).toEqual([{ kind: 'shutdown', ref: true }, ...HELD]);
    await rejected;
    expect(pendingOperations()).toEqual([]);

    // Nothing is left of the first attempt.
    await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
    await expect(failureOf(() => shutdown({ timeout: 1 }))).resolves.toMatchObject({ code: 'ERR_OPERATION_TIMEOUT' });
    release?.();
    await shutdown({ timeout: 600_000 });
  });

  test('a shutdown() without a timeout goes on waiting', async () => {
    blockedQueue();
    const patient = shutdown();
    await expect(shutdown({ timeout: 1 })).rejects.toMatchObject({ code: 'ERR_OPERATION_TIMEOUT' });
    expect(await settled(patient)).toBe(false);
    release?.();
    await patient;
  });
});

describe('the timeout', () => {
  test.each([0, 1, Number.POSITIVE_INFINITY, 2 ** 53, undefined])('%p does not matter if nothing is pending', async (timeout) => {
    await putWorkItem();
    await expect(shutdown({ timeout })).resolves.toBeUndefined();
    await expect(shutdown({ timeout })).resolves.toBeUndefined();
  });

  test.each<[unknown, string]>([
    [{ timeout: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ timeout: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ timeout: '5' }, 'ERR_INVALID_ARG_TYPE'],
    [{ after: 5 }, 'ERR_INVALID_ARG_VALUE'],
    [5, 'ERR_INVALID_ARG_TYPE'],
  ])('%j throws, and ends nothing', async (options, code) => {
    const item = putWorkItem();
    expect(() => shutdown(options as ShutdownOptions)).toThrow(expect.objectContaining({ code }));
    await expect(item).resolves.toMatchObject({ status: 0 });
  });
});
