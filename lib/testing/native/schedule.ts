// Starts and stops work items: src/node/schedule.cc.

import type { NativeEnvironment, Outcome } from '../../internal/native';
import { workOf } from '../windows/work';
import { HOLDS, WorkItem, WorkItems } from '../windows/work-items';
import type { Context } from '../windows/world';
import { targetOf } from './targets';

type Functions = Pick<NativeEnvironment, 'schedule' | 'put' | 'putMany' | 'takeResults' | 'invoke' | 'wait' | 'stop' | 'setRef'>;

export function workItemFunctions(context: Context): Functions {
  const { channel, results, out, rtworkq } = context;

  function begin(kind: keyof typeof HOLDS, id: number, queue: number, ref: boolean, work: unknown, start: (item: WorkItem) => Outcome) {
    const item = new WorkItem(channel, id, HOLDS[kind], context.lock(queue), workOf(work));
    const outcome = channel.begin(item, ref, () => start(item));
    out[0] = Number(item.key & 0xffffffffn);
    out[1] = Number(item.key >> 32n);
    return outcome;
  }

  return {
    schedule: (id, queue, ref, work, milliseconds) =>
      begin('schedule', id, queue, ref, work, (item) => WorkItem.schedule(item, milliseconds, rtworkq.nextKey())),
    put: (id, queue, ref, work, priority) => begin('put', id, queue, ref, work, (item) => WorkItem.put(item, priority)),
    invoke: (id, queue, ref, work, status) => begin('invoke', id, queue, ref, work, (item) => WorkItem.invoke(item, status)),
    wait: (id, queue, ref, work, priority, handle) => {
      const target = targetOf(context, handle, 'RtwqPutWaitingWorkItem');
      if (typeof target === 'number') return target;
      return begin('wait', id, queue, ref, work, (item) => WorkItem.wait(item, target, priority, rtworkq.nextKey()));
    },
    putMany: (id, queue, ref, work, priority, count) => {
      const items = new WorkItems(channel, id, context.lock(queue), workOf(work), (kept) => results.add(kept));
      out[0] = out[1] = 0;
      return channel.begin(items, ref, () => items.put(count, priority));
    },
    takeResults: (index, status, firedAt, offset) => {
      const taken = results.remove(index);
      status.set(taken.status);
      firedAt.set(taken.firedAt.map((time) => time + offset));
    },
    stop: (id) => channel.stop(id),
    setRef: (id, ref) => channel.setRef(id, ref),
  };
}
