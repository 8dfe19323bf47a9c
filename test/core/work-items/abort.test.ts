import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { addPeriodicCallback, putWorkItem, scheduleWorkItem, shutdown, type WorkItem, type WorkItemOptions } from 'rtworkq';
import { endedBy } from '../../support/errors';
import { spin, spinUntil } from '../../support/time';
import { loadWorkAddon } from '../../support/work-addon';

const starts = [
  ['scheduleWorkItem', (options: WorkItemOptions) => scheduleWorkItem(10_000, options)],
  ['putWorkItem', (options: WorkItemOptions) => putWorkItem(options)],
] as const;

describe.each(starts)('the signal of %s', (name, start) => {
  test('had aborted already: nothing native runs', async () => {
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    const item = start({ signal });
    expect(item.state).toBe('cancelled');
    expect(item.key).toBe(0n);
    expect(item.cancel()).toBe(false);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await expect(item.completed).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
  });

  test('aborts later: cancels, keeps the cause, leaves no listener', async () => {
    const controller = new AbortController();
    const item = start({ signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort('a reason of any type');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    // What was put may have fired before.
    if (name === 'scheduleWorkItem') {
      expect(item.state).toBe('cancelled');
      await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'a reason of any type' });
    }
    await item.then(undefined, () => {});
  });
});

test('a signal that never aborts keeps no listener', async () => {
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 100 }, (_, index) => scheduleWorkItem(index % 5, { signal })));
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a cancelled item keeps no listener', () => {
  const { signal } = new AbortController();
  const item = scheduleWorkItem(10_000, { signal });
  item.cancel();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('one signal cancels many items', async () => {
  const controller = new AbortController();
  const items = Array.from({ length: 200 }, () => scheduleWorkItem(10_000, { signal: controller.signal }));
  controller.abort();
  const outcomes = await Promise.allSettled(items);
  expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason.cause === controller.signal.reason)).toBe(true);
});

test('an abort after firing changes nothing', async () => {
  const controller = new AbortController();
  const recorder = loadWorkAddon().makeRecorder(0, 0);
  const item = scheduleWorkItem(0, { signal: controller.signal, work: recorder.work });
  // The callback has run, JavaScript has not heard of it.
  spinUntil(() => recorder.begun() > 0);
  controller.abort();
  await expect(item).resolves.toMatchObject({ status: 0 });
  expect(item.state).toBe('fired');
});

test('AbortSignal.timeout() works', async () => {
  const item = scheduleWorkItem(10_000, { signal: AbortSignal.timeout(20) });
  await expect(item.completed).rejects.toMatchObject({ code: 'ABORT_ERR', cause: { name: 'TimeoutError' } });
});

describe('a foreign signal whose code starts something', () => {
  /** Does something whenever a listener is taken off. */
  const signalThat = (does: () => void): AbortSignal =>
    ({ aborted: false, addEventListener: () => {}, removeEventListener: does }) as unknown as AbortSignal;

  test('does not keep a shutdown() from ending', async () => {
    let started: WorkItem | undefined;
    const item = scheduleWorkItem(10_000, { signal: signalThat(() => (started = scheduleWorkItem(1))) });
    await shutdown();
    expect(item.state).toBe('closed');
    await expect(item.completed).rejects.toEqual(endedBy('RTWQ_E_SHUTDOWN', 'RtwqShutdown'));
    await new Promise(setImmediate);
    await expect(started).resolves.toMatchObject({ status: 0 });
  });

  test('gets no completion that was meant for another', async () => {
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
      // Both fire before JavaScript hears of either.
      spin(30);
      await item;
      await new Promise(setImmediate);
      await expect(started).resolves.toMatchObject({ status: 0 });
      expect(performance.now() - from).toBeGreaterThanOrEqual(29);
    }
  });
});
