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
import { implemented } from '../../support/implemented';
import { hasMmcss, mmcssTest } from '../../support/mmcss';
import { sleep } from '../../support/time';

afterEach(() => shutdown());

// Of queues and the platform; the classes of threads need no more than MMCSS.
const mmcss = hasMmcss && implemented(() => WorkQueue.standard.mmcss()) ? test : (test.skip as typeof test);
const unknownClass = expect.objectContaining({
  name: 'RtwqError',
  code: 'ERROR_INVALID_TASK_NAME',
  message: expect.stringContaining('Pro Audio'),
});

// A Windows without MMCSS may have none.
(hasMmcss || listMmcssClasses().length > 0 ? test : test.skip)('the classes of Windows are there', () => {
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

  mmcss('that asks for the task group of another class is told no, or gets it', async () => {
    await using queue = WorkQueue.allocate('standard');
    await using other = WorkQueue.allocate('standard');
    const taskId = await queue.registerWithMmcss('Audio');
    // Nothing says whether Windows allows it.
    const refusal = await other.registerWithMmcss('Games', { taskId }).then(() => undefined, Object);
    if (refusal) {
      expect(refusal).toMatchObject({ name: 'RtwqError' });
      expect(() => WorkQueue.lockShared('Games', { taskId })).toThrow(expect.objectContaining({ name: 'RtwqError' }));
      expect(() => joinMmcss('Games', { taskId })).toThrow(expect.objectContaining({ name: 'RtwqError' }));
      expect(other.mmcss().usageClass).toBe('');
    } else {
      console.warn('This Windows lets a task group have several classes.');
      expect(other.mmcss()).toMatchObject({ usageClass: 'Games', taskId });
    }
    expect(queue.mmcss()).toMatchObject({ usageClass: 'Audio', taskId });
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

  (listMmcssClasses().length > 0 ? test : test.skip)('of an unknown class is refused before RTWorkQ hears of it', async () => {
    await using queue = WorkQueue.allocate('standard');
    await expect(queue.registerWithMmcss('Nothing')).rejects.toEqual(unknownClass);
    expect(() => WorkQueue.lockShared('Nothing')).toThrow(unknownClass);
    expect(() => joinMmcss('Nothing')).toThrow(unknownClass);
    expect(() => registerPlatformWithMmcss('Nothing')).toThrow(unknownClass);
  });
});

describe('this thread', () => {
  mmcssTest('joins a class and leaves it', async () => {
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

  mmcss('joins twice or is told that it cannot, and joins again when it has left', () => {
    const membership = joinMmcss('Audio');
    expect(membership.taskId).toBeGreaterThan(0);
    try {
      // Windows has been seen to refuse it, and documents neither.
      joinMmcss('Games').leave();
      console.warn('This Windows lets a thread join two classes.');
    } catch (error) {
      expect(error).toMatchObject({ name: 'RtwqError', code: 'ERROR_THREAD_ALREADY_IN_TASK' });
    }
    membership.leave();
    joinMmcss('Games').leave();
  });
});

describe('the platform', () => {
  mmcss('registers the queues of the process', async () => {
    // Which queues these are, and whether at once, is nowhere said.
    const registered = (): WorkQueue[] => [WorkQueue.standard, WorkQueue.multithreaded].filter((queue) => queue.mmcss().usageClass !== '');
    expect(registered()).toEqual([]);
    const taskId = registerPlatformWithMmcss('Playback', { priority: 2 });
    expect(taskId).toBeGreaterThan(0);
    while (registered().length === 0) await sleep(1);
    for (const queue of registered()) expect(queue.mmcss()).toEqual({ usageClass: 'Playback', taskId, priority: 2 });
    if (registered().length < 2) console.warn('This Windows registers one of the queues 1 and 5 only, or one after the other.');
    unregisterPlatformFromMmcss();
    while (registered().length > 0) await sleep(1);
  });
});
