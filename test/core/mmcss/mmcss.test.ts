import { afterEach, describe, expect, test } from '@jest/globals';
import { listMmcssClasses, putWorkItem, registerPlatformWithMmcss, registerThreadWithMmcss, shutdown, startup, WorkQueue } from 'rtworkq';
import { answerOf, expectOneOf, PATIENCE, REFUSED } from '../../support/answers';
import { classesTest, hasMmcss, mmcssTest, queueMmcssTest, registryClasses } from '../../support/mmcss';
import { comes } from '../../support/time';

afterEach(() => shutdown());

const mmcss = queueMmcssTest();
const unknownClass = expect.objectContaining({
  name: 'RtwqError',
  code: 'ERROR_INVALID_TASK_NAME',
  message: expect.stringContaining('Pro Audio'),
});

// A Windows without MMCSS may have none.
(hasMmcss || listMmcssClasses().length > 0 ? test : test.skip)('lists the classes in the registry', () => {
  const documented = ['Audio', 'Capture', 'Games', 'Playback', 'Pro Audio'];
  const classes = listMmcssClasses();
  expect([...classes].sort()).toEqual(registryClasses().sort());
  expectOneOf('MMCSS classes', classes, expect.arrayContaining(documented), expect.any(Array));
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
    await expect(second.registerWithMmcss('Audio', { taskId, priority: -1 })).resolves.toMatchObject({ taskId, priority: -1 });
    expect(second.mmcss()).toEqual({ usageClass: 'Audio', taskId, priority: -1 });
  });

  // Microsoft documents -1 to 2 for the priorities of threads; -2 is in its header only.
  mmcss('takes a priority of -2, or is refused', async () => {
    await using queue = WorkQueue.allocate('multithreaded');
    const answer = await answerOf(async () => {
      const registration = await queue.registerWithMmcss('Audio', { priority: -2 });
      expect(registration.priority).toBe(-2);
      return queue.mmcss().priority;
    });
    expectOneOf('an MMCSS priority of -2 for a queue', answer, -2, expect.any(Number), REFUSED);
  });

  mmcss('that asks for the task group of another class is told no, or gets it', async () => {
    await using queue = WorkQueue.allocate('standard');
    await using other = WorkQueue.allocate('standard');
    const { taskId } = await queue.registerWithMmcss('Audio');
    // Nothing says whether Windows allows it.
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

  mmcss('that is shared is registered from the beginning', async () => {
    await using queue = WorkQueue.lockShared('Playback', { basePriority: -1 });
    expect(queue.taskId).toBeGreaterThan(0);
    const { usageClass, taskId } = queue.mmcss();
    expectOneOf('the MMCSS class of a shared queue', usageClass, 'Playback', '');
    if (usageClass === 'Playback') expect(taskId).toBe(queue.taskId);
    await using same = WorkQueue.lockShared('Playback', { basePriority: -1, taskId: queue.taskId });
    expect(same.taskId).toBe(queue.taskId);
  });

  mmcss('may be closed and the platform shut down while it is being registered', async () => {
    const queue = WorkQueue.allocate('standard');
    const registered = queue.registerWithMmcss('Audio');
    const closing = queue.close();
    await shutdown();
    await closing;
    const answer = await answerOf(async () => (await registered).usageClass);
    expectOneOf('a queue that is closed while it is being registered with MMCSS', answer, 'Audio', REFUSED);
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

  mmcss('joins twice or is told that it cannot, and joins again when it has left', async () => {
    const registration = registerThreadWithMmcss('Audio');
    expect(registration.taskId).toBeGreaterThan(0);
    // Windows has been seen to refuse it, and documents neither.
    const answer = await answerOf(() => registerThreadWithMmcss('Games').unregister());
    const refused = 'refused by AvSetMmThreadCharacteristicsW: ERROR_THREAD_ALREADY_IN_TASK';
    expectOneOf('a thread that joins a second MMCSS class', answer, refused, REFUSED, undefined);
    registration.unregister();
    registerThreadWithMmcss('Games').unregister();
  });
});

describe('registrations that overlap', () => {
  mmcss('of a queue: the newest counts', async () => {
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

  mmcss('of the platform: the newest counts', async () => {
    const becomes = (usageClass: string): Promise<boolean> =>
      comes(() => WorkQueue.multithreaded.mmcss().usageClass === usageClass, PATIENCE);
    const first = registerPlatformWithMmcss('Playback');
    const answer = await answerOf(async () => {
      const second = registerPlatformWithMmcss('Audio');
      first.unregister();
      const counts = await becomes('Audio');
      second.unregister();
      return counts && (await becomes(''));
    });
    expectOneOf('a second MMCSS registration of the platform', answer, true, false, REFUSED);
    first.unregister();
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
    const comesToAny = (): Promise<boolean> => comes(() => registered().length > 0, PATIENCE);
    const leavesAll = (): Promise<boolean> => comes(() => registered().length === 0, PATIENCE);
    const seen = [await comesToAny()];
    for (const queue of registered()) expect(queue.mmcss()).toEqual({ usageClass: 'Playback', taskId, priority: 2 });
    const ids = registered().map(({ id }) => id);
    expectOneOf('queues that the platform registers with MMCSS', ids, [1, 5], [1], [5], []);
    registration.unregister();
    seen.push(await leavesAll());
    registration.unregister();
    registerPlatformWithMmcss('Playback');
    seen.push(await comesToAny());
    // With what else this thread has made of the platform.
    await shutdown();
    seen.push(await leavesAll());
    expectOneOf('MMCSS reaches the queues of the platform, and leaves them', seen, [true, true, true, true], expect.any(Array));
  });
});
