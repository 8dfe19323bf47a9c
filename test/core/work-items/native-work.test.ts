import { afterEach, describe, expect, test } from '@jest/globals';
import { invokeCallback, putWaitingWorkItem, putWorkItem, scheduleWorkItem, shutdown, WaitableEvent, WorkQueue } from 'rtworkq';
import { loadHelper } from '../../support/helper';
import { LIMIT, spinUntil } from '../../support/time';
import { loadWorkAddon } from '../../support/work-addon';

const addon = loadWorkAddon();

afterEach(() => shutdown());

describe('native work of another addon', () => {
  const S_FALSE = 1;
  test.each([
    ['put', () => putWorkItem],
    ['scheduled', () => (options: object) => scheduleWorkItem(5, options)],
    ['waited for', () => (options: object) => putWaitingWorkItem(WaitableEvent.create({ signaled: true }), options)],
    ['invoked', () => (options: object) => invokeCallback(options)],
  ])('runs on the queue when it is %s, and its result is the status', async (_, start) => {
    const recorder = addon.makeRecorder(3, S_FALSE);
    const { status, firedAt } = await start()({ work: recorder.work, queue: WorkQueue.multithreaded });
    expect(status).toBe(S_FALSE);
    const [call] = recorder.calls();
    expect(recorder.calls()).toHaveLength(1);
    expect(call?.thread).not.toBe(addon.currentThread());
    expect([call?.status, call?.index]).toEqual([0, 0]);
    expect(firedAt).toBeLessThanOrEqual(performance.now() - 2);
  });

  test('receives the status of the async result, and can return another', async () => {
    const recorder = addon.makeRecorder(0, 0x80004005);
    await expect(invokeCallback({ status: 0x8000ffff, work: recorder.work })).resolves.toMatchObject({ status: 0x80004005 });
    expect(recorder.calls()[0]?.status).toBe(0x8000ffff);
  });

  test('can be started again and again, even while it runs', async () => {
    const recorder = addon.makeRecorder(20, 0);
    await Promise.all(Array.from({ length: 20 }, () => WorkQueue.multithreaded.put({ work: recorder.work })));
    expect(recorder.calls()).toHaveLength(20);
  });

  test('does not run if it was cancelled before its turn', async () => {
    await using queue = WorkQueue.allocate('standard');
    const recorder = addon.makeRecorder(0, 0);
    const unblock = loadHelper().blockQueue(queue.id, LIMIT);
    const items = [queue.put({ work: recorder.work }), queue.schedule(5, { work: recorder.work })];
    for (const item of items) expect(item.cancel()).toBe(true);
    unblock();
    await queue.close();
    expect(recorder.calls()).toHaveLength(0);
  });

  test('cannot be cancelled once it runs', async () => {
    const recorder = addon.makeRecorder(100, 3);
    const item = WorkQueue.multithreaded.put({ work: recorder.work });
    spinUntil(() => recorder.begun() > 0);
    expect(item.cancel()).toBe(false);
    expect(item.state).toBe('pending');
    await expect(item).resolves.toMatchObject({ status: 3 });
  });

  test('delays shutdown() until it has run', async () => {
    const recorder = addon.makeRecorder(100, 0);
    const item = putWorkItem({ work: recorder.work });
    spinUntil(() => recorder.begun() > 0);
    await shutdown();
    expect(recorder.calls()).toHaveLength(1);
    await expect(item).resolves.toMatchObject({ status: 0 });
  });

  test.each([
    ['an impostor', () => addon.makeImpostor()],
    ['a function', () => () => {}],
    ['an object', () => ({})],
    ['null', () => null],
  ])('cannot be %s', (_, make) => {
    // biome-ignore lint/suspicious/noExplicitAny: wrong arguments on purpose.
    expect(() => putWorkItem({ work: make() as any })).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: expect.stringContaining('"options.work"') }),
    );
  });
});
