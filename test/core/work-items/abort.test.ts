import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { addPeriodicCallback, putWorkItem, scheduleWorkItem, shutdown, type WorkItem, type WorkItemOptions } from 'rtworkq';
import { endedBy } from '../../support/errors';
import { spin, spinUntil } from '../../support/time';
import { loadWorkAddon } from '../../support/work-addon';

const starts = [
  ['scheduleWorkItem', (options: WorkItemOptions) => scheduleWorkItem(600_000, options)],
  ['putWorkItem', (options: WorkItemOptions) => putWorkItem(options)],
] as const;

describe.each(starts)('the AbortSignal of %s', (name, start) => {
  test('cancels the item before anything native runs if it has already aborted', async () => {
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    const item = start({ signal });
    expect(item.state).toBe('cancelled');
    expect(item.key).toBe(0n);
    expect(item.cancel()).toBe(false);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await expect(item.completed).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
  });

  test('cancels the item when it aborts, passes on the reason and keeps no listener', async () => {
    const controller = new AbortController();
    const item = start({ signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort('a reason of any type');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    // An item that was put may have fired before.
    if (name === 'scheduleWorkItem') {
      expect(item.state).toBe('cancelled');
      await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'a reason of any type' });
    }
    await item.then(undefined, () => {});
  });
});

test('an AbortSignal that never aborts keeps no listener after its items have fired', async () => {
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 100 }, (_, index) => scheduleWorkItem(index % 5, { signal })));
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a cancelled item keeps no listener on its AbortSignal', () => {
  const { signal } = new AbortController();
  const item = scheduleWorkItem(600_000, { signal });
  item.cancel();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('one AbortSignal cancels many items', async () => {
  const controller = new AbortController();
  const items = Array.from({ length: 200 }, () => scheduleWorkItem(600_000, { signal: controller.signal }));
  controller.abort();
  const outcomes = await Promise.allSettled(items);
  expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason.cause === controller.signal.reason)).toBe(true);
});

test('an abort after an item has fired changes nothing', async () => {
  const controller = new AbortController();
  const recorder = loadWorkAddon().makeRecorder(0, 0);
  const item = scheduleWorkItem(0, { signal: controller.signal, work: recorder.work });
  // The callback has run, but its result has not reached JavaScript.
  spinUntil(() => recorder.begun() > 0);
  controller.abort();
  await expect(item).resolves.toMatchObject({ status: 0 });
  expect(item.state).toBe('fired');
});

test('AbortSignal.timeout() cancels an item', async () => {
  const item = scheduleWorkItem(600_000, { signal: AbortSignal.timeout(20) });
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: { name: 'TimeoutError' } });
});

describe('a foreign signal whose removeEventListener() starts a work item', () => {
  /** A signal that acts whenever a listener is removed. */
  const signalThat = (act: () => void): AbortSignal =>
    ({ aborted: false, addEventListener: () => {}, removeEventListener: act }) as unknown as AbortSignal;

  test('does not keep shutdown() from ending', async () => {
    let started: WorkItem | undefined;
    const item = scheduleWorkItem(600_000, { signal: signalThat(() => (started = scheduleWorkItem(1))) });
    await shutdown();
    expect(item.state).toBe('closed');
    await expect(item.completed).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await new Promise(setImmediate);
    await expect(started).resolves.toMatchObject({ status: 0 });
  });

  test('does not let it fire early with the completion of another operation', async () => {
    for (let round = 0; round < 10; round++) {
      const beat = addPeriodicCallback(() => {});
      let started: WorkItem | undefined;
      let from = 0;
      const signal = signalThat(() => {
        beat.remove();
        from = performance.now();
        started = scheduleWorkItem(30);
      });
      const item = scheduleWorkItem(1, { signal });
      // Both fire before JavaScript is free.
      spin(30);
      await item;
      await new Promise(setImmediate);
      await expect(started).resolves.toMatchObject({ status: 0 });
      expect(performance.now() - from).toBeGreaterThanOrEqual(29);
    }
  });
});
