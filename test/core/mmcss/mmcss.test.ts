import { afterEach, describe, expect, test } from '@jest/globals';
import {
  joinMmcss,
  listMmcssClasses,
  putWorkItem,
  registerPlatformWithMmcss,
  shutdown,
  unregisterPlatformFromMmcss,
  WorkQueue,
} from 'rtworkq';
import { testIf } from '../../support/implemented';

afterEach(() => shutdown());

const mmcss = testIf(() => WorkQueue.standard.mmcss());
const unknownClass = expect.objectContaining({
  name: 'RtwqError',
  code: 'ERROR_INVALID_TASK_NAME',
  message: expect.stringContaining('Pro Audio'),
});

test('the classes of Windows are there', () => {
  expect(listMmcssClasses()).toEqual(expect.arrayContaining(['Audio', 'Capture', 'Games', 'Playback', 'Pro Audio']));
});

describe('a work queue', () => {
  mmcss('is registered, tells it, and is unregistered', async () => {
    await using queue = WorkQueue.allocate('standard');
    expect(queue.mmcss()).toMatchObject({ usageClass: '', taskId: 0 });
    const taskId = await queue.registerWithMmcss('Pro Audio', { priority: 1 });
    expect(taskId).toBeGreaterThan(0);
    expect(queue.mmcss()).toEqual({ usageClass: 'Pro Audio', taskId, priority: 1 });
    await expect(queue.put()).resolves.toMatchObject({ status: 0 });
    await queue.unregisterFromMmcss();
    expect(queue.mmcss()).toMatchObject({ usageClass: '', taskId: 0 });
  });

  mmcss('joins the task group of another', async () => {
    await using first = WorkQueue.allocate('standard');
    await using second = WorkQueue.allocate('multithreaded');
    const taskId = await first.registerWithMmcss('Audio');
    await expect(second.registerWithMmcss('Audio', { taskId, priority: -2 })).resolves.toBe(taskId);
    expect(second.mmcss()).toEqual({ usageClass: 'Audio', taskId, priority: -2 });
  });

  mmcss('does not join the task group of another class', async () => {
    await using queue = WorkQueue.allocate('standard');
    await using other = WorkQueue.allocate('standard');
    const taskId = await queue.registerWithMmcss('Audio');
    await expect(other.registerWithMmcss('Games', { taskId })).rejects.toMatchObject({ name: 'RtwqError' });
    expect(() => WorkQueue.lockShared('Games', { taskId })).toThrow(expect.objectContaining({ name: 'RtwqError' }));
    expect(() => joinMmcss('Games', { taskId })).toThrow(expect.objectContaining({ name: 'RtwqError' }));
    expect(other.mmcss().usageClass).toBe('');
  });

  mmcss('that is shared is registered from the beginning', async () => {
    await using queue = WorkQueue.lockShared('Playback', { basePriority: -1 });
    expect(queue.taskId).toBeGreaterThan(0);
    expect(queue.mmcss()).toMatchObject({ usageClass: 'Playback', taskId: queue.taskId });
    await using same = WorkQueue.lockShared('Playback', { basePriority: -1, taskId: queue.taskId });
    expect(same.taskId).toBe(queue.taskId);
  });

  mmcss('may be closed and the platform shut down while it is being registered', async () => {
    const queue = WorkQueue.allocate('standard');
    const registered = queue.registerWithMmcss('Audio');
    const closing = queue.close();
    await shutdown();
    await closing;
    await expect(registered).resolves.toBeGreaterThan(0);
  });

  test('of an unknown class is refused before RTWorkQ hears of it', async () => {
    await using queue = WorkQueue.allocate('standard');
    await expect(queue.registerWithMmcss('Nothing')).rejects.toEqual(unknownClass);
    expect(() => WorkQueue.lockShared('Nothing')).toThrow(unknownClass);
    expect(() => joinMmcss('Nothing')).toThrow(unknownClass);
    expect(() => registerPlatformWithMmcss('Nothing')).toThrow(unknownClass);
  });
});

describe('this thread', () => {
  test('joins a class and leaves it', async () => {
    const membership = joinMmcss('Audio', { priority: 1 });
    expect(membership.usageClass).toBe('Audio');
    await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
    membership.leave();
    membership.leave();
    joinMmcss('Audio')[Symbol.dispose]();
  });

  mmcss('joins the task group of a queue', async () => {
    await using queue = WorkQueue.lockShared('Capture');
    using membership = joinMmcss('Capture', { taskId: queue.taskId });
    expect(membership.taskId).toBe(queue.taskId);
  });

  mmcss('cannot join twice', () => {
    using membership = joinMmcss('Audio');
    expect(membership.taskId).toBeGreaterThan(0);
    expect(() => joinMmcss('Games')).toThrow(expect.objectContaining({ code: 'ERROR_THREAD_ALREADY_IN_TASK' }));
  });
});

describe('the platform', () => {
  mmcss('registers the queues of the process', () => {
    const taskId = registerPlatformWithMmcss('Playback', { priority: 2 });
    expect(taskId).toBeGreaterThan(0);
    for (const queue of [WorkQueue.standard, WorkQueue.multithreaded]) {
      expect(queue.mmcss()).toMatchObject({ usageClass: 'Playback', taskId, priority: 2 });
    }
    unregisterPlatformFromMmcss();
    expect(WorkQueue.standard.mmcss().usageClass).toBe('');
  });
});
