// RtwqBegin/EndRegisterWorkQueueWithMMCSS, RtwqBegin/EndUnregisterWorkQueueWithMMCSS, RtwqGetWorkQueueMMCSSClass and its like.

import { currentEnvironment, fired, type Operation } from '../internal/environment';
import { type Caller, rtwqError } from '../internal/errors';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import { startOperation, usePlatform } from '../platform/platform';
import { queueState } from '../queues/queue-state';
import { type MmcssInfo, type MmcssOptions, Registration, readWish } from './registration';

/** A registration with MMCSS of a work queue. It ends with the queue too. */
export interface QueueMmcssRegistration extends MmcssInfo, AsyncDisposable {
  /**
   * Ends it (`RtwqBeginUnregisterWorkQueueWithMMCSS`, `RtwqEndUnregisterWorkQueueWithMMCSS`).
   *
   * @returns a promise that resolves when it has ended; the same one every time. Rejects with an {@link RtwqError} where RTWorkQ
   *   refuses.
   */
  unregister(): Promise<void>;
}

/** A Begin whose End RTWorkQ's thread calls, by the middle of their names. */
function change(
  queue: object,
  name: 'Register' | 'Unregister',
  caller: Caller,
  begin: (native: NativeEnvironment, id: number, index: Index) => Outcome,
): Promise<number> {
  const environment = currentEnvironment(caller);
  const syscall = (step: 'Begin' | 'End'): string => `Rtwq${step}${name}WorkQueueWithMMCSS`;
  // The queue is resolved in there: the hooks of async_hooks hear of the promise first.
  return new Promise((resolve, reject) => {
    const { index } = queueState(queue, 'this', syscall('Begin'), caller);
    const operation: Operation = {
      [fired]: (status, _firedAt, taskId) => (status < 2 ** 31 ? resolve(taskId) : reject(rtwqError(status, syscall('End'), caller))),
    };
    startOperation(environment, operation, caller, (native, id) => begin(native, id, index));
  });
}

class QueueRegistration extends Registration implements QueueMmcssRegistration {
  readonly #queue: { readonly closed: boolean };
  #ended: Promise<void> | undefined;

  constructor(wish: MmcssInfo, taskId: number, queue: { readonly closed: boolean }) {
    super(wish, taskId);
    this.#queue = queue;
  }

  unregister(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.unregister();
  }

  async #end(): Promise<void> {
    if (this.#queue.closed) return;
    await change(this.#queue, 'Unregister', this.unregister, (native, id, index) => native.unregisterQueueFromMmcss(id, index));
  }
}

export async function registerQueue(
  queue: { readonly closed: boolean },
  usageClass: string,
  options: MmcssOptions | undefined,
  caller: Caller,
): Promise<QueueMmcssRegistration> {
  currentEnvironment(caller);
  const wish = readWish(usageClass, options, 'RtwqBeginRegisterWorkQueueWithMMCSS', caller);
  const taskId = await change(queue, 'Register', caller, (native, id, index) =>
    native.registerQueueWithMmcss(id, index, wish.usageClass, wish.taskId, wish.priority),
  );
  return new QueueRegistration(wish, taskId, queue);
}

export function mmcssOf(queue: object, caller: Caller): MmcssInfo {
  const environment = currentEnvironment(caller);
  const { index } = queueState(queue, 'this', 'RtwqGetWorkQueueMMCSSClass', caller);
  let usageClass = '';
  const ask = (): Outcome => {
    const answer = environment.native.mmcss(index);
    if (typeof answer === 'number') return answer;
    usageClass = answer;
    return 0;
  };
  return usePlatform(environment, caller, ask, (out) => {
    const [taskId = 0, priority = 0] = usageClass === '' ? [] : out;
    return { usageClass, taskId, priority };
  });
}
