// MMCSS for queues, the platform and threads: src/node/mmcss.cc.

import type { NativeEnvironment, Outcome } from '../../internal/native';
import { failed } from '../windows/failures';
import { MmcssChange, type ThreadTask } from '../windows/mmcss';
import type { Queue, QueueMmcss } from '../windows/queues';
import type { Context } from '../windows/world';

type Functions = Pick<
  NativeEnvironment,
  | 'registerQueueWithMmcss'
  | 'unregisterQueueFromMmcss'
  | 'mmcss'
  | 'registerPlatformWithMmcss'
  | 'unregisterPlatformFromMmcss'
  | 'registerThreadWithMmcss'
  | 'unregisterThreadFromMmcss'
  | 'registerTimersWithMmcss'
  | 'unregisterTimersFromMmcss'
>;

const SET = 'AvSetMmThreadCharacteristicsW';
const REVERT = 'AvRevertMmThreadCharacteristics';

export function mmcssFunctions(context: Context): Functions {
  const { channel, machine, out, threadTasks, timersLeases, world } = context;
  const { failures } = machine;
  const { groups } = world;
  // Of the process-wide queues.
  let platform: QueueMmcss | undefined;

  function leave(queue: Queue): void {
    if (queue.mmcss) groups.leave(queue.mmcss.taskId);
    queue.mmcss = undefined;
  }

  function unregisterPlatform(): void {
    if (platform) groups.leave(platform.taskId);
    platform = undefined;
  }

  /** Joins a task group, for a thread. */
  function join(usageClass: string, taskId: number, priority: number): ThreadTask | Outcome {
    const outcome = failures.call(SET);
    if (outcome !== 0) return outcome;
    const task = groups.join(usageClass, taskId);
    if (typeof task === 'string') return failed(SET, task);
    const refused = failures.call('AvSetMmThreadPriority');
    if (refused === 0) return { usageClass, taskId: task, priority, leases: 1 };
    groups.leave(task);
    return refused;
  }

  /** The registration of the timers' threads, while there is one. */
  function timersTask(usageClass: string, taskId: number, priority: number): ThreadTask | Outcome {
    const [current] = timersLeases.values();
    if (!current) return join(usageClass, taskId, priority);
    const isSame = current.usageClass === usageClass && current.priority === priority && (taskId === 0 || taskId === current.taskId);
    if (!isSame) return failed(SET, 'ERROR_BUSY');
    current.leases++;
    return current;
  }

  function revert(task: ThreadTask): Outcome {
    if (--task.leases > 0) return 0;
    groups.leave(task.taskId);
    return failures.call(REVERT);
  }

  return {
    registerQueueWithMmcss: (id, index, usageClass, taskId, priority) => {
      const lock = context.lock(index);
      const change = new MmcssChange(channel, id, lock, 'RtwqEndRegisterWorkQueueWithMMCSS');
      return channel.begin(change, true, () =>
        change.begin('RtwqBeginRegisterWorkQueueWithMMCSS', () => {
          const task = groups.join(usageClass, taskId);
          if (typeof task === 'number') {
            leave(lock.queue);
            lock.queue.mmcss = { usageClass, taskId: task, priority };
          }
          return task;
        }),
      );
    },
    unregisterQueueFromMmcss: (id, index) => {
      const lock = context.lock(index);
      const change = new MmcssChange(channel, id, lock, 'RtwqEndUnregisterWorkQueueWithMMCSS');
      return channel.begin(change, true, () =>
        change.begin('RtwqBeginUnregisterWorkQueueWithMMCSS', () => {
          leave(lock.queue);
          return 0;
        }),
      );
    },
    mmcss: (index) => {
      const { queue } = context.lock(index);
      const mmcss = queue.mmcss ?? (context.isSystem(index) ? platform : undefined);
      const outcome = failures.call('RtwqGetWorkQueueMMCSSClass');
      if (outcome !== 0 || !mmcss) return outcome || '';
      const more = failures.call('RtwqGetWorkQueueMMCSSTaskId', 'RtwqGetWorkQueueMMCSSPriority');
      if (more !== 0) return more;
      out[0] = mmcss.taskId;
      out[1] = mmcss.priority;
      return mmcss.usageClass;
    },
    registerPlatformWithMmcss: (usageClass, taskId, priority) => {
      const outcome = failures.call('RtwqRegisterPlatformWithMMCSS');
      if (outcome !== 0) return outcome;
      const task = groups.join(usageClass, taskId);
      if (typeof task === 'string') return failed('RtwqRegisterPlatformWithMMCSS', task);
      unregisterPlatform();
      platform = { usageClass, taskId: task, priority };
      out[0] = task;
      return 0;
    },
    unregisterPlatformFromMmcss: () => {
      if (!platform) return 0;
      unregisterPlatform();
      return failures.call('RtwqUnregisterPlatformFromMMCSS');
    },
    registerThreadWithMmcss: (usageClass, taskId, priority) => {
      if (threadTasks.values().length > 0) return failed(SET, 'ERROR_THREAD_ALREADY_IN_TASK');
      const task = join(usageClass, taskId, priority);
      if (typeof task === 'number') return task;
      out[0] = threadTasks.add(task);
      out[1] = task.taskId;
      return 0;
    },
    unregisterThreadFromMmcss: (index) => revert(threadTasks.remove(index)),
    registerTimersWithMmcss: (usageClass, taskId, priority) => {
      const task = timersTask(usageClass, taskId, priority);
      if (typeof task === 'number') return task;
      out[0] = timersLeases.add(task);
      out[1] = task.taskId;
      return 0;
    },
    unregisterTimersFromMmcss: (index) => revert(timersLeases.remove(index)),
  };
}
