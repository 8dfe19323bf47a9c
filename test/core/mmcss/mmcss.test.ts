import { afterEach, describe, expect, test } from '@jest/globals';
import { listMmcssClasses, putWorkItem, registerPlatformWithMmcss, registerThreadWithMmcss, shutdown, startup, WorkQueue } from 'rtworkq';
import { answerOf, expectOneOf, PATIENCE, REFUSED } from '../../support/answers';
import { classesTest, hasMmcss, mmcssTest, queueMmcssTest, registryClasses } from '../../support/mmcss';
import { eventually } from '../../support/time';

afterEach(() => shutdown());

const mmcss = queueMmcssTest();
const unknownClass = expect.objectContaining({
  name: 'RtwqError',
  code: 'ERROR_INVALID_TASK_NAME',
  message: expect.stringContaining('Pro Audio'),
});

// Without MMCSS, Windows may have no classes.
(hasMmcss || listMmcssClasses().length > 0 ? test : test.skip)('listMmcssClasses() lists the classes in the registry', () => {
  const documented = ['Audio', 'Capture', 'Games', 'Playback', 'Pro Audio'];
  const classes = listMmcssClasses();
  expect([...classes].sort()).toEqual(registryClasses().sort());
  expectOneOf('MMCSS classes', classes, expect.arrayContaining(documented), expect.any(Array));
});

describe('a work queue', () => {
  mmcss('registers with a class, reports it in mmcss(), and unregisters', async () => {
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

  mmcss('unregisters at the end of a scope, and when it is closed', async () => {
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

  mmcss("joins another queue's task group", async () => {
    await using first = WorkQueue.allocate('standard');
    await using second = WorkQueue.allocate('multithreaded');
    const { taskId } = await first.registerWithMmcss('Audio');
    await expect(second.registerWithMmcss('Audio', { taskId, priority: -1 })).resolves.toMatchObject({ taskId, priority: -1 });
    expect(second.mmcss()).toEqual({ usageClass: 'Audio', taskId, priority: -1 });
  });

  // Microsoft documents thread priorities from -1 to 2; -2 is only in its header.
  mmcss('accepts a priority of -2, or Windows rejects it', async () => {
    await using queue = WorkQueue.allocate('multithreaded');
    const answer = await answerOf(async () => {
      const registration = await queue.registerWithMmcss('Audio', { priority: -2 });
      expect(registration.priority).toBe(-2);
      return queue.mmcss().priority;
    });
    expectOneOf('an MMCSS priority of -2 for a queue', answer, -2, expect.any(Number), REFUSED);
  });

  mmcss('joins the task group of another class, or Windows rejects it', async () => {
    await using queue = WorkQueue.allocate('standard');
    await using other = WorkQueue.allocate('standard');
    const { taskId } = await queue.registerWithMmcss('Audio');
    // Windows does not document whether this is allowed.
    const answer = await answerOf(async () => (await other.registerWithMmcss('Games', { taskId })).usageClass);
    expectOneOf('a task group of MMCSS with two classes', answer, REFUSED, 'Games');
    if (answer !== 'Games') {
      expect(() => WorkQueue.lockShared('Games', { taskId })).toThrow(expect.objectContaining({ name: 'RtwqError' }));
      expect(() => registerThreadWithMmcss('Games', { taskId })).toThrow(expect.objectContaining({ name: 'RtwqError' }));
      expect(other.mmcss().usageClass).toBe('');
    } else {
      expect(other.mmcss()).toMatchObject({ usageClass: 'Games', taskId });
    }
    expect(queue.mmcss()).toMatchObject({ usageClass: 'Audio', taskId });
  });

  mmcss('is registered from the start if it is shared', async () => {
    await using queue = WorkQueue.lockShared('Playback', { basePriority: -1 });
    expect(queue.taskId).toBeGreaterThan(0);
    const { usageClass, taskId } = queue.mmcss();
    expectOneOf('the MMCSS class of a shared queue', usageClass, 'Playback', '');
    if (usageClass === 'Playback') expect(taskId).toBe(queue.taskId);
    await using same = WorkQueue.lockShared('Playback', { basePriority: -1, taskId: queue.taskId });
    expect(same.taskId).toBe(queue.taskId);
  });

  mmcss('can be closed, and the platform shut down, while it is being registered', async () => {
    const queue = WorkQueue.allocate('standard');
    const registered = queue.registerWithMmcss('Audio');
    const closing = queue.close();
    await shutdown();
    await closing;
    const answer = await answerOf(async () => (await registered).usageClass);
    expectOneOf('a queue that is closed while it is being registered with MMCSS', answer, 'Audio', REFUSED);
  });

  classesTest()('rejects an unknown class without calling RTWorkQ, as do lockShared(), threads and the platform', async () => {
    await using queue = WorkQueue.allocate('standard');
    await expect(queue.registerWithMmcss('Nothing')).rejects.toEqual(unknownClass);
    expect(() => WorkQueue.lockShared('Nothing')).toThrow(unknownClass);
    expect(() => registerThreadWithMmcss('Nothing')).toThrow(unknownClass);
    expect(() => registerPlatformWithMmcss('Nothing')).toThrow(unknownClass);
  });
});

describe('the JavaScript thread', () => {
  mmcssTest('joins an MMCSS class and leaves it', async () => {
    const registration = registerThreadWithMmcss('Audio', { priority: 1 });
    expect(registration).toMatchObject({ usageClass: 'Audio', priority: 1 });
    await expect(putWorkItem()).resolves.toMatchObject({ status: 0 });
    registration.unregister();
    registration.unregister();
    registerThreadWithMmcss('Audio')[Symbol.dispose]();
  });

  mmcss("joins a queue's task group", async () => {
    await using queue = WorkQueue.lockShared('Capture');
    using registration = registerThreadWithMmcss('Capture', { taskId: queue.taskId });
    expect(registration.taskId).toBe(queue.taskId);
  });

  mmcss('joins a second class or gets an error, and can join another one after it has left', async () => {
    const registration = registerThreadWithMmcss('Audio');
    expect(registration.taskId).toBeGreaterThan(0);
    // Windows has been seen to reject the second one, and documents neither outcome.
    const answer = await answerOf(() => registerThreadWithMmcss('Games').unregister());
    const refused = 'refused by AvSetMmThreadCharacteristicsW: ERROR_THREAD_ALREADY_IN_TASK';
    expectOneOf('a thread that joins a second MMCSS class', answer, refused, REFUSED, undefined);
    registration.unregister();
    registerThreadWithMmcss('Games').unregister();
  });
});

describe('overlapping MMCSS registrations', () => {
  mmcss('of a queue: the newest one applies', async () => {
    await using queue = WorkQueue.allocate('standard');
    const first = await queue.registerWithMmcss('Audio');
    const answer = await answerOf(async () => {
      const second = await queue.registerWithMmcss('Games');
      await first.unregister();
      const { usageClass, taskId } = queue.mmcss();
      await second.unregister();
      return [usageClass, taskId === second.taskId, queue.mmcss().usageClass];
    });
    const anything = [expect.any(String), expect.any(Boolean), expect.any(String)];
    expectOneOf('a second MMCSS registration of a queue', answer, ['Games', true, ''], anything, REFUSED);
    await first.unregister();
  });

  mmcss('of the platform: the newest one applies', async () => {
    const becomes = (usageClass: string): Promise<boolean> =>
      eventually(() => WorkQueue.multithreaded.mmcss().usageClass === usageClass, PATIENCE);
    const first = registerPlatformWithMmcss('Playback');
    const answer = await answerOf(async () => {
      const second = registerPlatformWithMmcss('Audio');
      first.unregister();
      const applies = await becomes('Audio');
      second.unregister();
      return applies && (await becomes(''));
    });
    expectOneOf('a second MMCSS registration of the platform', answer, true, false, REFUSED);
    first.unregister();
  });

  mmcss('end with the last platform lease, after which unregister() is harmless', async () => {
    const lease = startup();
    const registration = registerPlatformWithMmcss('Playback');
    lease.release();
    registration.unregister();
  });
});

describe('the platform', () => {
  mmcss("registers the process's own queues with MMCSS, and unregisters them", async () => {
    // Windows does not document which queues these are, or how soon they are registered.
    const registered = (): WorkQueue[] => [WorkQueue.standard, WorkQueue.multithreaded].filter((queue) => queue.mmcss().usageClass !== '');
    expect(registered()).toEqual([]);
    const registration = registerPlatformWithMmcss('Playback', { priority: 2 });
    const { taskId } = registration;
    expect(registration).toMatchObject({ usageClass: 'Playback', priority: 2 });
    expect(taskId).toBeGreaterThan(0);
    const someRegister = (): Promise<boolean> => eventually(() => registered().length > 0, PATIENCE);
    const allUnregister = (): Promise<boolean> => eventually(() => registered().length === 0, PATIENCE);
    const seen = [await someRegister()];
    for (const queue of registered()) expect(queue.mmcss()).toEqual({ usageClass: 'Playback', taskId, priority: 2 });
    const ids = registered().map(({ id }) => id);
    expectOneOf('queues that the platform registers with MMCSS', ids, [1, 5], [1], [5], []);
    registration.unregister();
    seen.push(await allUnregister());
    registration.unregister();
    registerPlatformWithMmcss('Playback');
    seen.push(await someRegister());
    // Ends the registration too.
    await shutdown();
    seen.push(await allUnregister());
    expectOneOf("the platform's MMCSS registration reaches its queues and leaves them", seen, [true, true, true, true], expect.any(Array));
  });
});
