// Waits and alarms: src/node/waits.cc.

import type { NativeEnvironment, Outcome } from '../../internal/native';
import { Alarm } from '../windows/alarm';
import type { KernelObject, Waiter } from '../windows/objects';
import { checkDistinct, poll, Wait } from '../windows/waits';
import type { Context } from '../windows/world';
import { targetOf, targetsOf } from './targets';

type Functions = Pick<
  NativeEnvironment,
  'beginWait' | 'poll' | 'staysSignaled' | 'refuse' | 'endWaits' | 'openAlarm' | 'setAlarm' | 'restAlarm'
>;

const NAME = 'WaitForMultipleObjects';
const CALLER: Waiter = { canTake: () => false, take: () => {} };

export function waitFunctions(context: Context): Functions {
  const { channel, machine, out } = context;
  const { failures } = machine;

  function open(all: boolean, handles: Parameters<NativeEnvironment['poll']>[1]): KernelObject[] | Outcome {
    const objects = targetsOf(context, handles, NAME);
    if (typeof objects === 'number') return objects;
    return failures.call(NAME) || checkDistinct(all, objects) || objects;
  }

  return {
    beginWait: (id, ref, all, timeout, handles) => {
      const objects = open(all, handles);
      if (typeof objects === 'number') return objects;
      const wait = new Wait(channel, id, all, objects);
      return channel.begin(wait, ref, () => {
        const outcome = failures.call('_beginthreadex');
        if (outcome === 0) wait.begin(timeout);
        return outcome;
      });
    },
    poll: (all, handles) => {
      const objects = open(all, handles);
      if (typeof objects === 'number') return objects;
      out[0] = poll(CALLER, all, objects);
      return 0;
    },
    staysSignaled: (handle) => {
      const target = targetOf(context, handle, NAME);
      if (typeof target === 'number') return target;
      out[0] = target.staysSignaled ? 1 : 0;
      return 0;
    },
    refuse: () => channel.refuse(),
    endWaits: () => channel.endWaits(),
    openAlarm: (id, ref) => new Alarm(channel, id).open(ref),
    setAlarm: (id, due, period) => (channel.find(id) as Alarm).set(due, period),
    restAlarm: (id) => {
      (channel.find(id) as Alarm | undefined)?.off();
      return true;
    },
  };
}
