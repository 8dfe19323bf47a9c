// The objects behind the handles that lib/ passes for a wait.

import type { Index, Outcome } from '../../internal/native';
import { failed } from '../windows/failures';
import type { WindowsFunction } from '../windows/functions';
import { isMutex } from '../windows/handles';
import type { KernelObject } from '../windows/objects';
import { noHandle } from '../windows/operations';
import type { Context } from '../windows/world';

/** Returns the object, or the outcome of a wait that cannot have it. */
export function targetOf({ handles }: Context, handle: Index | bigint, name: WindowsFunction): KernelObject | Outcome {
  const object = handles.find(handle);
  if (!object) return noHandle(name);
  // The thread that waits would own it.
  return isMutex(object) ? failed(name, 'ERROR_NOT_SUPPORTED') : object;
}

export function targetsOf(context: Context, handles: readonly (Index | bigint)[], name: WindowsFunction): KernelObject[] | Outcome {
  const objects: KernelObject[] = [];
  for (const handle of handles) {
    const target = targetOf(context, handle, name);
    if (typeof target === 'number') return target;
    objects.push(target);
  }
  return objects;
}
