import { describe, expect, test } from '@jest/globals';
import { cancelWorkItem, putWorkItem, RtwqError, scheduleWorkItem, type WorkItem, WorkQueue } from 'rtworkq';
import { loadHelper } from '../../support/helper';
import { LIMIT, settled, sleep, spin, spinUntil } from '../../support/time';
import { loadWorkAddon } from '../../support/work-addon';

const abortError = expect.objectContaining({ name: 'AbortError', code: 'ABORT_ERR', message: 'The operation was aborted' });
const notFound = expect.objectContaining({ code: 'RTWQ_E_NOT_FOUND', hresult: 0xc00d36d5, syscall: 'RtwqCancelWorkItem' });

/** Counts how each item settles. */
function watch(item: WorkItem, counts: { fired: number; cancelled: number }): void {
  item.then(
    () => counts.fired++,
    () => counts.cancelled++,
  );
}

describe('cancel()', () => {
  test('cancels a pending item once', async () => {
    const queue = WorkQueue.allocate('standard');
    // So that it cannot fire before it is cancelled.
    const unblock = loadHelper().blockQueue(queue.id, LIMIT);
    const item = queue.schedule(5);
    expect(item.cancel()).toBe(true);
    expect(item.cancel()).toBe(false);
    expect(item.state).toBe('cancelled');
    await expect(item.completed).rejects.toEqual(abortError);
    unblock();
    // It would have fired by then.
    await queue.schedule(20);
    expect(item.state).toBe('cancelled');
    await queue.close();
  });

  test('rejects a promise that was obtained before', async () => {
    const item = scheduleWorkItem(600_000);
    const { completed } = item;
    item.cancel();
    await expect(completed).rejects.toEqual(abortError);
    await expect(completed.catch((error) => 'cause' in error)).resolves.toBe(false);
  });

  test('returns false for an item that has fired', async () => {
    const item = scheduleWorkItem(0);
    await item;
    expect(item.cancel()).toBe(false);
    expect(item.state).toBe('fired');
  });

  test('returns false for an item whose callback has run, even if its result has not reached JavaScript', async () => {
    const recorder = loadWorkAddon().makeRecorder(0, 0);
    const item = putWorkItem({ work: recorder.work });
    spinUntil(() => recorder.begun() > 0);
    expect(item.state).toBe('pending');
    expect(item.cancel()).toBe(false);
    await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test('can cancel an item that was put', async () => {
    const item = putWorkItem();
    const stopped = item.cancel();
    // Its callback may have been faster.
    if (stopped) await expect(item.completed).rejects.toEqual(abortError);
    else await expect(item.completed).resolves.toMatchObject({ status: 0 });
  });

  test('raced against firing, settles each item exactly once', async () => {
    const counts = { fired: 0, cancelled: 0 };
    let stopped = 0;
    const rounds = 4_000;
    const items: WorkItem[] = [];
    for (let round = 0; round < rounds; round++) {
      const item = round % 4 === 0 ? putWorkItem() : scheduleWorkItem(round % 2);
      items.push(item);
      watch(item, counts);
      if (round % 3 === 0) spin(Math.random() * 0.2);
      if (round % 7 === 0) await sleep(0);
      if (item.cancel()) stopped++;
      if (round % 500 === 0) await sleep(1);
    }
    await Promise.allSettled(items);
    expect(counts.fired + counts.cancelled).toBe(rounds);
    expect(counts.cancelled).toBe(stopped);
    // Both outcomes occurred.
    expect(counts.fired).toBeGreaterThan(0);
    expect(stopped).toBeGreaterThan(0);
  });

  test('is called at the end of a `using` scope', () => {
    const item = scheduleWorkItem(600_000);
    item[Symbol.dispose]();
    expect(item.state).toBe('cancelled');
    item[Symbol.dispose]();
  });
});

describe('cancelWorkItem(key)', () => {
  test('cancels the item, and throws RTWQ_E_NOT_FOUND the second time', async () => {
    const item = scheduleWorkItem(600_000);
    expect(cancelWorkItem(item.key)).toBeUndefined();
    await expect(item.completed).rejects.toEqual(abortError);
    expect(() => cancelWorkItem(item.key)).toThrow(notFound);
    expect(() => cancelWorkItem(item.key)).toThrow(RtwqError);
  });

  test('throws for an item that has fired, whether or not its result has reached JavaScript', async () => {
    const delivered = scheduleWorkItem(0);
    const { key } = delivered;
    await delivered;
    expect(() => cancelWorkItem(key)).toThrow(notFound);

    const recorder = loadWorkAddon().makeRecorder(0, 0);
    const undelivered = scheduleWorkItem(0, { work: recorder.work });
    const { key: undeliveredKey } = undelivered;
    spinUntil(() => recorder.begun() > 0);
    expect(() => cancelWorkItem(undeliveredKey)).toThrow(notFound);
    await expect(undelivered).resolves.toMatchObject({ status: 0 });
  });

  test.each([0n, 1n, 0x8000000000000000n, 2n ** 64n - 1n])('throws for the unknown key %p', (key) => {
    expect(() => cancelWorkItem(key)).toThrow(notFound);
  });

  test('raced against firing, settles each item exactly once', async () => {
    const counts = { fired: 0, cancelled: 0 };
    let stopped = 0;
    const rounds = 2_000;
    const items: WorkItem[] = [];
    for (let round = 0; round < rounds; round++) {
      const item = scheduleWorkItem(round % 2);
      items.push(item);
      watch(item, counts);
      const { key } = item;
      if (round % 3 === 0) spin(Math.random());
      try {
        cancelWorkItem(key);
        stopped++;
      } catch (error) {
        expect(error).toEqual(notFound);
      }
      if (round % 100 === 0) await sleep(1);
    }
    await Promise.allSettled(items);
    expect(counts).toEqual({ fired: rounds - stopped, cancelled: stopped });
  });

  test('leaves other items alone', async () => {
    const items = Array.from({ length: 50 }, (_, index) => scheduleWorkItem(index === 25 ? 600_000 : 20));
    cancelWorkItem(items[25]!.key);
    const states = await Promise.all(
      items.map((item) =>
        item.then(
          () => 'fired',
          () => 'cancelled',
        ),
      ),
    );
    expect(states.filter((state) => state === 'cancelled')).toHaveLength(1);
    expect(states[25]).toBe('cancelled');
  });
});

test('a scheduled item stays pending until it is cancelled', async () => {
  const item = scheduleWorkItem(600_000);
  expect(await settled(item)).toBe(false);
  item.cancel();
  expect(await settled(item)).toBe(true);
});
