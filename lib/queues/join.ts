// RtwqJoinWorkQueue, RtwqUnjoinWorkQueue.

import { requireAddon } from '../internal/binding';
import { argumentValueError, type Caller } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { queueState } from '../internal/queue-state';
import { owner } from '../internal/self';
import { validateHandle } from '../internal/validation';
import { Request } from './request';

/**
 * A file handle whose completions run on a work queue. It ends with the queue, so keep the {@link WorkQueue} for as long as you
 * need it.
 */
export interface JoinedHandle extends Disposable {
  /**
   * Removes the handle from the queue (`RtwqUnjoinWorkQueue`).
   *
   * @returns false if it had already been removed.
   * @throws {@link RtwqError} if the call fails.
   */
  unjoin(): boolean;
}

class QueueJoin extends Request implements JoinedHandle {
  static {
    showAs(QueueJoin, 'JoinedHandle', ({ pending }) => ({ joined: pending }));
  }

  unjoin(): boolean {
    const own = owner(this, QueueJoin, 'JoinedHandle', 'unjoin');
    return own.end(own.unjoin);
  }

  [Symbol.dispose](): void {
    owner(this, QueueJoin, 'JoinedHandle', 'unjoin').dispose();
  }
}

export function joinHandle(queue: unknown, given: bigint, caller: Caller): JoinedHandle {
  const { isLibuvHandle } = requireAddon(caller);
  const handle = validateHandle(given, 'handle', caller);
  if (isLibuvHandle(handle)) {
    throw argumentValueError('handle', 'belongs to Node, which would no longer receive its completions', handle, caller);
  }
  const state = queueState(queue, 'this', 'RtwqJoinWorkQueue', caller);
  return new QueueJoin(state, caller, (native) => native.joinQueue(state.index, handle));
}
