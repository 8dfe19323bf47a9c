// Signals that are not Node's own: they cancel work items, and their code does no harm.

import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { putWaitingWorkItem, putWorkItem, scheduleWorkItem, shutdown, WaitableEvent, type WorkItem, WorkQueue } from 'rtworkq';
import { endedBy } from '../../support/errors';
import { foreignSignal } from '../../support/hostile';

const thrown = new Error('thrown on purpose');
const throwing = (): never => {
  throw thrown;
};

afterEach(() => shutdown());

test('a foreign signal that has already aborted cancels the item', async () => {
  const { signal } = foreignSignal({ aborted: () => true, reason: () => 'so' });
  const item = scheduleWorkItem(600_000, { signal });
  expect(item.state).toBe('cancelled');
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'so' });
});

test('a foreign signal that has already aborted cancels the item even if its reason throws', async () => {
  const { signal } = foreignSignal({ aborted: () => true, reason: throwing });
  await expect(scheduleWorkItem(600_000, { signal }).completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: thrown });
});

test('a foreign signal that aborts cancels the item even if its reason throws', async () => {
  const { signal, listeners, abort } = foreignSignal({ reason: throwing });
  const item = scheduleWorkItem(600_000, { signal });
  abort();
  expect(item.state).toBe('cancelled');
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: thrown });
  await new Promise(setImmediate);
  expect(listeners.size).toBe(0);
});

test('a foreign signal whose addEventListener() throws leaves nothing pending', async () => {
  const items: (() => WorkItem)[] = [];
  const queue = WorkQueue.allocate('standard');
  using event = WaitableEvent.create();
  const { signal } = foreignSignal({ add: throwing });
  items.push(
    () => scheduleWorkItem(600_000, { signal }),
    () => putWorkItem({ signal }),
    () => queue.schedule(600_000, { signal }),
    () => putWaitingWorkItem(event, { signal, queue }),
  );
  for (const start of items) expect(start).toThrow(thrown);
  // A draining queue would wait for anything that is left.
  await queue.close({ drain: true });
  await shutdown();
});

test('a foreign signal that aborts in addEventListener() cancels the item', async () => {
  const { signal, listeners } = foreignSignal({ add: (listener) => listener() });
  const item = scheduleWorkItem(600_000, { signal });
  expect(item.state).toBe('cancelled');
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR' });
  await new Promise(setImmediate);
  expect(listeners.size).toBe(0);
});

describe('a work item is closed if addEventListener() of its foreign signal', () => {
  test('shuts down the platform', async () => {
    let down: Promise<void> | undefined;
    const { signal, listeners } = foreignSignal({ add: () => (down = shutdown()) });
    const item = scheduleWorkItem(600_000, { signal });
    expect(item.state).toBe('closed');
    await down;
    await expect(item.completed).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await new Promise(setImmediate);
    expect(listeners.size).toBe(0);
  });

  test('closes its queue', async () => {
    const queue = WorkQueue.allocate('standard');
    let closed: Promise<void> | undefined;
    const { signal } = foreignSignal({ add: () => (closed = queue.close()) });
    const item = queue.schedule(600_000, { signal });
    await closed;
    await expect(item.completed).rejects.toEqual(endedBy('RTWQ_E_INVALID_WORKQUEUE', 'RtwqUnlockWorkQueue'));
  });

  test('closes its handle', async () => {
    using event = WaitableEvent.create();
    const { signal } = foreignSignal({ add: () => event.close() });
    const item = putWaitingWorkItem(event, { signal });
    expect(item.state).toBe('closed');
    await expect(item.completed).rejects.toEqual(endedBy('E_HANDLE', 'CloseHandle'));
  });
});

test("a Proxy of one of Node's signals cancels the item", async () => {
  const controller = new AbortController();
  const item = scheduleWorkItem(600_000, { signal: new Proxy(controller.signal, {}) });
  controller.abort('so');
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'so' });
  await new Promise(setImmediate);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});
