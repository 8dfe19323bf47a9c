import { afterEach, describe, expect, test } from '@jest/globals';
import { isSupported, putWorkItem, scheduleWorkItem, shutdown, startup, supportStatus, WorkQueue } from 'rtworkq';
import { endedBy } from '../../support/errors';
import { loadHelper } from '../../support/helper';
import { LIMIT, settled, sleep } from '../../support/time';

const closed = endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown');

afterEach(() => shutdown());

describe('supportStatus', () => {
  test('reports which RTWorkQ.dll is used', () => {
    expect(isSupported()).toBe(true);
    const status = supportStatus();
    if (!status.supported) throw new Error(status.reason);
    // A 32-bit program gets the file in SysWOW64 under either name.
    expect(status.dll.path).toMatch(/\\(system32|syswow64)\\rtworkq\.dll$/i);
    expect(status.dll.version).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });
});

describe('shutdown', () => {
  test('closes pending work items', async () => {
    const items = [scheduleWorkItem(600_000), scheduleWorkItem(600_000), scheduleWorkItem(600_000, { ref: false })];
    const awaited = items[0]!.completed;
    await shutdown();
    expect(items.map((item) => item.state)).toEqual(['closed', 'closed', 'closed']);
    await expect(awaited).rejects.toEqual(closed);
    for (const item of items) {
      expect(item.cancel()).toBe(false);
      await expect(item.completed).rejects.toEqual(closed);
    }
  });

  test('lets work items that have fired resolve', async () => {
    const item = putWorkItem();
    const other = putWorkItem();
    await other;
    await shutdown();
    await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test('is harmless when repeated, and when nothing has been started', async () => {
    await Promise.all([shutdown(), shutdown(), shutdown()]);
    await shutdown();
  });

  test('can be followed by a new start, 50 times in a row', async () => {
    for (let round = 0; round < 50; round++) {
      const item = scheduleWorkItem(600_000);
      await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
      await shutdown();
      expect(item.state).toBe('closed');
    }
  });

  test('waits until RTWorkQ has released the work items', async () => {
    await putWorkItem();
    const unblock = loadHelper().blockQueue(WorkQueue.standard.id, LIMIT);
    const item = putWorkItem();
    const down = shutdown();
    expect(item.state).toBe('closed');
    expect(await settled(down)).toBe(false);
    // Its callback cannot be revoked: it waits on the queue until the other code has finished.
    await sleep(100);
    expect(await settled(down)).toBe(false);
    unblock();
    await down;
  });

  test('is called off by a new start while it waits', async () => {
    await putWorkItem();
    const unblock = loadHelper().blockQueue(WorkQueue.standard.id, LIMIT);
    putWorkItem();
    const down = shutdown();
    const item = scheduleWorkItem(1);
    unblock();
    await down;
    await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test('closes only items that were started before it', async () => {
    const before = scheduleWorkItem(600_000);
    const down = shutdown();
    const after = scheduleWorkItem(10);
    await expect(before.completed).rejects.toEqual(closed);
    await expect(after).resolves.toMatchObject({ status: 0 });
    await down;
  });
});

describe('startup', () => {
  test('returns a lease that can be released more than once', async () => {
    const lease = startup();
    await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
    lease.release();
    lease.release();
    lease[Symbol.dispose]();
  });

  test('returns leases that nest', async () => {
    const [first, second] = [startup(), startup()];
    first.release();
    await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
    second.release();
    await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
  });

  test('returns a lease whose release leaves pending items alone', async () => {
    const lease = startup();
    const item = scheduleWorkItem(50);
    lease.release();
    await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test('returns a lease that shutdown() makes void: its release does not end a later lease', async () => {
    const old = startup();
    await shutdown();
    const lease = startup();
    old.release();
    const item = scheduleWorkItem(20);
    await sleep(1);
    await expect(item).resolves.toMatchObject({ status: 0 });
    lease.release();
  });
});
