// Allocates, locks and closes work queues; sets deadlines and joins file handles: src/node/queues.cc.

import type { NativeEnvironment, Outcome } from '../../internal/native';
import { failed } from '../windows/failures';
import type { WindowsFunction } from '../windows/functions';
import { Notice, OTHER } from '../windows/operations';
import type { Lock, Queue } from '../windows/queues';
import type { Context } from '../windows/world';

type Functions = Pick<
  NativeEnvironment,
  | 'allocateQueue'
  | 'allocateSerialQueue'
  | 'lockSharedQueue'
  | 'lockQueue'
  | 'closeQueue'
  | 'forgetQueue'
  | 'setLongRunning'
  | 'setDeadline'
  | 'joinQueue'
  | 'takeBack'
>;

const MULTITHREADED = 2;

/** A notice that holds the platform until it has completed. */
class ClosingNotice extends Notice {
  override complete(status: number): void {
    super.complete(status);
    this.channel.releaseHold(OTHER);
  }
}

export function queueFunctions(context: Context): Functions {
  const { channel, machine, out, rtworkq, requests, world } = context;
  const { failures } = machine;

  function add(name: WindowsFunction, make: () => Queue, target?: Lock): Outcome {
    const outcome = failures.call(name);
    if (outcome !== 0) return outcome;
    const queue = make();
    out[0] = context.addLock(queue, target);
    out[1] = queue.id;
    return 0;
  }

  function request(name: WindowsFunction, index: number, isDeadline: boolean): Outcome {
    const outcome = failures.call(name);
    if (outcome === 0) out[0] = requests.add({ lock: context.lock(index).hold(), isDeadline });
    return outcome;
  }

  return {
    allocateQueue: (type) => add('RtwqAllocateWorkQueue', () => rtworkq.allocate(type === MULTITHREADED)),
    allocateSerialQueue: (index) => {
      const target = context.lock(index);
      return add('RtwqAllocateSerialWorkQueue', () => rtworkq.allocate(false, target.queue), target);
    },
    lockSharedQueue: (usageClass, basePriority, taskId) => {
      const name = 'RtwqLockSharedWorkQueue';
      out[2] = 0;
      if (usageClass === '') return add(name, () => rtworkq.share(''));
      const outcome = failures.call(name);
      if (outcome !== 0) return outcome;
      const task = world.groups.join(usageClass, taskId);
      if (typeof task === 'string') return failed(name, task);
      const queue = rtworkq.share(`${task}`);
      // The group has one queue, which is its only member.
      if (queue.mmcss) world.groups.leave(task);
      queue.mmcss ??= { usageClass, taskId: task, priority: basePriority };
      out[0] = context.addLock(queue);
      out[1] = queue.id;
      out[2] = task;
      return 0;
    },
    lockQueue: (id) => {
      const queue = rtworkq.find(id);
      return queue ? add('RtwqLockWorkQueue', () => queue) : failed('RtwqLockWorkQueue', 'RTWQ_E_INVALID_WORKQUEUE');
    },
    closeQueue: (index, id) => {
      const notice = new ClosingNotice(channel, id);
      channel.addHold(OTHER);
      return channel.begin(notice, true, () => {
        const lock = context.removeLock(index);
        lock.notifyWhenUnlocked(notice);
        lock.release();
        return 0;
      });
    },
    forgetQueue: (index) => context.removeLock(index).release(),
    setLongRunning: () => failures.call('RtwqSetLongRunning'),
    setDeadline: (index, _deadline, preDeadline) =>
      request(preDeadline === undefined ? 'RtwqSetDeadline' : 'RtwqSetDeadline2', index, true),
    joinQueue: (index) => request('RtwqJoinWorkQueue', index, false),
    takeBack: (index) => {
      const { lock, isDeadline } = requests.remove(index);
      lock.release();
      return failures.call(isDeadline ? 'RtwqCancelDeadline' : 'RtwqUnjoinWorkQueue');
    },
  };
}
