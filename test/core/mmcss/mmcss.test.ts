import { afterEach, describe, expect, test } from '@jest/globals';
import { listMmcssClasses, putWorkItem, registerPlatformWithMmcss, registerThreadWithMmcss, shutdown, startup, WorkQueue } from 'rtworkq';
import { classesTest, hasMmcss, mmcssTest, queueMmcssTest } from '../../support/mmcss';
import { sleep } from '../../support/time';

afterEach(() => shutdown());

const mmcss = queueMmcssTest();
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
    const registration = await queue.registerWithMmcss('Pro Audio', { priority: 1 });
    const { taskId } = registration;
    expect(taskId).toBeGreaterThan(0);
    expect(registration).toMatchObject({ usageClass: 'Pro Audio', priority: 1 });
    expect(queue.mmcss()).toEqual({ usageClass: 'Pro Audio', taskId, priority: 1 });
    await expect(queue.put()).resolves.toMatchObject({ status: 0 });
    const ended = registration.unregister();
    expect(registration.unregister()).toBe(ended);
    await ended;
    expect(queue.mmcss()).toMatchObject({ usageClass: '', taskId: 0 });
  });

  mmcss('is unregistered at the end of a scope, or ends its registration when it is closed', async () => {
    const queue = WorkQueue.allocate('standard');
    {
      await using _registration = await queue.registerWithMmcss('Audio');
      expect(queue.mmcss().usageClass).toBe('Audio');
    }
    expect(queue.mmcss().usageClass).toBe('');
    const registration = await queue.registerWithMmcss('Audio');
    await queue.close();
    await registration.unregister();
  });

  mmcss('joins the task group of another', async () => {
    await using first = WorkQueue.allocate('standard');
    await using second = WorkQueue.allocate('multithreaded');
    const { taskId } = await first.registerWithMmcss('Audio');
    await expect(second.registerWithMmcss('Audio', { taskId, priority: -2 })).resolves.toMatchObject({ taskId, priority: -2 });
    expect(second.mmcss()).toEqual({ usageClass: 'Audio', taskId, priority: -2 });
  });

  mmcss('that asks for the task group of another class is told no, or gets it', async () => {
    await using queue = WorkQueue.allocate('standard');
    await using other = WorkQueue.allocate('standard');
    const { taskId } = await queue.registerWithMmcss('Audio');
    // Nothing says whether Windows allows it.
    const refusal = await other.registerWithMmcss('Games', { taskId }).then(() => undefined, Object);
    if (refusal) {
      expect(refusal).toMatchObject({ name: 'RtwqError' });
      expect(() => WorkQueue.lockShared('Games', { taskId })).toThrow(expect.objectContaining({ name: 'RtwqError' }));
      expect(() => registerThreadWithMmcss('Games', { taskId })).toThrow(expect.objectContaining({ name: 'RtwqError' }));
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
    await expect(registered).resolves.toMatchObject({ usageClass: 'Audio' });
  });

  classesTest()('of an unknown class is refused before RTWorkQ hears of it', async () => {
    await using queue = WorkQueue.allocate('standard');
    await expect(queue.registerWithMmcss('Nothing')).rejects.toEqual(unknownClass);
    expect(() => WorkQueue.lockShared('Nothing')).toThrow(unknownClass);
    expect(() => registerThreadWithMmcss('Nothing')).toThrow(unknownClass);
    expect(() => registerPlatformWithMmcss('Nothing')).toThrow(unknownClass);
  });
});

describe('this thread', () => {
  mmcssTest('joins a class and leaves it', async () => {
    const registration = registerThreadWithMmcss('Audio', { priority: 1 });
    expect(registration).toMatchObject({ usageClass: 'Audio', priority: 1 });
    await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
    registration.unregister();
    registration.unregister();
    registerThreadWithMmcss('Audio')[Symbol.dispose]();
  });

  mmcss('joins the task group of a queue', async () => {
    await using queue = WorkQueue.lockShared('Capture');
    using registration = registerThreadWithMmcss('Capture', { taskId: queue.taskId });
    expect(registration.taskId).toBe(queue.taskId);
  });

  mmcss('joins twice or is told that it cannot, and joins again when it has left', () => {
    const registration = registerThreadWithMmcss('Audio');
    expect(registration.taskId).toBeGreaterThan(0);
    try {
      // Windows has been seen to refuse it, and documents neither.
      registerThreadWithMmcss('Games').unregister();
      console.warn('This Windows lets a thread join two classes.');
    } catch (error) {
      expect(error).toMatchObject({ name: 'RtwqError', code: 'ERROR_THREAD_ALREADY_IN_TASK' });
    }
    registration.unregister();
    registerThreadWithMmcss('Games').unregister();
  });
});

describe('registrations that overlap', () => {
  mmcss('of a queue: the newest counts', async () => {
    await using queue = WorkQueue.allocate('standard');
    const first = await queue.registerWithMmcss('Audio');
    const second = await queue.registerWithMmcss('Games');
    await first.unregister();
    expect(queue.mmcss()).toMatchObject({ usageClass: 'Games', taskId: second.taskId });
    await second.unregister();
    expect(queue.mmcss().usageClass).toBe('');
  });

  mmcss('of the platform: the newest counts', async () => {
    const first = registerPlatformWithMmcss('Playback');
    const second = registerPlatformWithMmcss('Audio');
    first.unregister();
    while (WorkQueue.multithreaded.mmcss().usageClass !== 'Audio') await sleep(1);
    second.unregister();
    while (WorkQueue.multithreaded.mmcss().usageClass !== '') await sleep(1);
  });

  mmcss('end with the last lease', async () => {
    const lease = startup();
    const registration = registerPlatformWithMmcss('Playback');
    lease.release();
    registration.unregister();
  });
});

describe('the platform', () => {
  mmcss('registers the queues of the process', async () => {
    // Which queues these are, and whether at once, is nowhere said.
    const registered = (): WorkQueue[] => [WorkQueue.standard, WorkQueue.multithreaded].filter((queue) => queue.mmcss().usageClass !== '');
    expect(registered()).toEqual([]);
    const registration = registerPlatformWithMmcss('Playback', { priority: 2 });
    const { taskId } = registration;
    expect(registration).toMatchObject({ usageClass: 'Playback', priority: 2 });
    expect(taskId).toBeGreaterThan(0);
    while (registered().length === 0) await sleep(1);
    for (const queue of registered()) expect(queue.mmcss()).toEqual({ usageClass: 'Playback', taskId, priority: 2 });
    if (registered().length < 2) console.warn('This Windows registers one of the queues 1 and 5 only, or one after the other.');
    registration.unregister();
    while (registered().length > 0) await sleep(1);
    registration.unregister();
    registerPlatformWithMmcss('Playback');
    while (registered().length === 0) await sleep(1);
    // With what else this thread has made of the platform.
    await shutdown();
    while (registered().length > 0) await sleep(1);
  });
});
