// Mutexes: src/node/mutexes.cc.

import type { NativeEnvironment } from '../../internal/native';
import { failed } from '../windows/failures';
import { Acquisition, Mutex } from '../windows/mutexes';
import { MutexObject } from '../windows/objects';
import type { Context } from '../windows/world';
import { addHandle } from './handles';

type Functions = Pick<NativeEnvironment, 'createMutex' | 'openMutex' | 'mutexExists' | 'acquireMutex' | 'releaseMutex' | 'endMutex'>;

export function mutexFunctions(context: Context): Functions {
  const { machine, channel, out, handles, world } = context;
  const { failures } = machine;

  function mutexOf(index: number): Mutex {
    const handle = handles.get(index);
    handle.mutex ??= new Mutex(handle.object as MutexObject);
    return handle.mutex;
  }

  return {
    createMutex: (name) =>
      addHandle(context, 'CreateMutexExW', () => world.namespace.create(MutexObject, name, () => new MutexObject(machine))),
    openMutex: (name) => addHandle(context, 'OpenMutexW', () => world.namespace.open(MutexObject, name)),
    mutexExists: (name) => {
      const outcome = failures.call('OpenMutexW');
      if (outcome !== 0) return outcome;
      const found = world.namespace.open(MutexObject, name);
      out[0] = 'object' in found ? 1 : 0;
      return 'object' in found || found.code === 'ERROR_FILE_NOT_FOUND' ? 0 : failed('OpenMutexW', found.code);
    },
    acquireMutex: (id, ref, index, timeout) => {
      const acquisition = new Acquisition(channel, id, mutexOf(index));
      return channel.begin(acquisition, ref, () => {
        const outcome = failures.call('_beginthreadex');
        if (outcome === 0) acquisition.begin(timeout);
        return outcome;
      });
    },
    releaseMutex: (index) => {
      const released = mutexOf(index).release();
      return released || failures.call('ReleaseMutex');
    },
    endMutex: (index) => mutexOf(index).end(),
  };
}
