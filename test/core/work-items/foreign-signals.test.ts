// Signals that are none of Node's: what they say is heeded, what they do harms nobody.

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

test('one that has aborted is obeyed', async () => {
  const { signal } = foreignSignal({ aborted: () => true, reason: () => 'so' });
  const item = scheduleWorkItem(600_000, { signal });
  expect(item.state).toBe('cancelled');
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'so' });
});

test('one whose reason throws is obeyed when it had aborted', async () => {
  const { signal } = foreignSignal({ aborted: () => true, reason: throwing });
  await expect(scheduleWorkItem(600_000, { signal }).completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: thrown });
});

test('one whose reason throws is obeyed when it aborts', async () => {
  const { signal, listeners, abort } = foreignSignal({ reason: throwing });
  const item = scheduleWorkItem(600_000, { signal });
  abort();
  expect(item.state).toBe('cancelled');
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: thrown });
  await new Promise(setImmediate);
  expect(listeners.size).toBe(0);
});

test('one whose addEventListener throws leaves nothing', async () => {
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
  // A draining queue waits for whatever is left.
  await queue.close({ drain: true });
  await shutdown();
});

test('one that aborts while it is listened to', async () => {
  const { signal, listeners } = foreignSignal({ add: (listener) => listener() });
  const item = scheduleWorkItem(600_000, { signal });
  expect(item.state).toBe('cancelled');
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR' });
  await new Promise(setImmediate);
  expect(listeners.size).toBe(0);
});

describe('one whose addEventListener ends something', () => {
  test('the platform', async () => {
    let down: Promise<void> | undefined;
    const { signal, listeners } = foreignSignal({ add: () => (down = shutdown()) });
    const item = scheduleWorkItem(600_000, { signal });
    expect(item.state).toBe('closed');
    await down;
    await expect(item.completed).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await new Promise(setImmediate);
    expect(listeners.size).toBe(0);
  });

  test('the queue', async () => {
    const queue = WorkQueue.allocate('standard');
    let closed: Promise<void> | undefined;
    const { signal } = foreignSignal({ add: () => (closed = queue.close()) });
    const item = queue.schedule(600_000, { signal });
    await closed;
    await expect(item.completed).rejects.toEqual(endedBy('RTWQ_E_INVALID_WORKQUEUE', 'RtwqUnlockWorkQueue'));
  });

  test('the handle', async () => {
    using event = WaitableEvent.create();
    const { signal } = foreignSignal({ add: () => event.close() });
    const item = putWaitingWorkItem(event, { signal });
    expect(item.state).toBe('closed');
    await expect(item.completed).rejects.toEqual(endedBy('E_HANDLE', 'CloseHandle'));
  });
});

test('a proxy of a signal of Node is heeded', async () => {
  const controller = new AbortController();
  const item = scheduleWorkItem(600_000, { signal: new Proxy(controller.signal, {}) });
  controller.abort('so');
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'so' });
  await new Promise(setImmediate);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});
