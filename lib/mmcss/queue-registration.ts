// RtwqBegin/EndRegisterWorkQueueWithMMCSS, RtwqBegin/EndUnregisterWorkQueueWithMMCSS, RtwqGetWorkQueueMMCSSClass and its like.

import { type Begin, currentEnvironment, type Environment, fired, type Operation } from '../internal/environment';
import { type Caller, rtwqError } from '../internal/errors';
import type { Outcome } from '../internal/native';
import { describe } from '../internal/observation';
import { startOperation, usePlatform } from '../platform/platform';
import { type QueueState, queueState } from '../queues/queue-state';
import { type MmcssInfo, type MmcssOptions, Registration, readWish } from './registration';

/** A registration with MMCSS of a work queue. It ends with the queue too, and where the queue is registered again. */
export interface QueueMmcssRegistration extends MmcssInfo, AsyncDisposable {
  /**
   * Ends it (`RtwqBeginUnregisterWorkQueueWithMMCSS`, `RtwqEndUnregisterWorkQueueWithMMCSS`).
   *
   * @returns a promise that resolves when it has ended; the same one every time. Rejects with an {@link RtwqError} where RTWorkQ
   *   refuses.
   */
  unregister(): Promise<void>;
}

/** Begins a Begin whose End RTWorkQ's thread calls, by the middle of their names. */
function begin(
  { resolve, reject }: PromiseWithResolvers<number>,
  name: 'Register' | 'Unregister',
  queue: QueueState,
  caller: Caller,
  native: Begin,
): void {
  const syscall = `RtwqEnd${name}WorkQueueWithMMCSS`;
  const operation: Operation = {
    [describe]: () => ({ kind: name === 'Register' ? 'registerWithMmcss' : 'unregister', ref: true, queue: queue.id }),
    [fired]: (status, _firedAt, taskId) => (status < 2 ** 31 ? resolve(taskId) : reject(rtwqError(status, syscall, caller))),
  };
  startOperation(currentEnvironment(caller), operation, caller, native);
}

class QueueRegistration extends Registration implements QueueMmcssRegistration {
  readonly #environment: Environment;
  readonly #queue: QueueState;
  #ended: Promise<void> | undefined;

  constructor(environment: Environment, wish: MmcssInfo, taskId: number, queue: QueueState) {
    super(wish, taskId);
    this.#environment = environment;
    this.#queue = queue;
  }

  /** It has not ended while it was made. */
  begin(): void {
    this.#queue.registration = this;
    this.#environment.dependents.add(this);
  }

  unregister(): Promise<void> {
    this.#ended ??= this.#unregister();
    return this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.unregister();
  }

  /** The platform ends, and the registration with it. */
  end(): void {
    this.#environment.dependents.delete(this);
    if (this.#queue.registration === this) this.#queue.registration = undefined;
  }

  async #unregister(): Promise<void> {
    const unregistering = Promise.withResolvers<number>();
    // It is over where its queue is, where the platform was given back, or where the queue has been registered anew.
    const queue = this.#queue;
    const { open, registration, index } = queue;
    this.end();
    if (!open || registration !== this) return;
    begin(unregistering, 'Unregister', queue, this.unregister, (native, id) => native.unregisterQueueFromMmcss(id, index));
    await unregistering.promise;
  }
}

export async function registerQueue(
  queue: object,
  usageClass: string,
  options: MmcssOptions | undefined,
  caller: Caller,
): Promise<QueueMmcssRegistration> {
  const environment = currentEnvironment(caller);
  const wish = readWish(usageClass, options, 'RtwqBeginRegisterWorkQueueWithMMCSS', caller);
  // Before the queue is resolved: the hooks of async_hooks hear of it.
  const registering = Promise.withResolvers<number>();
  const state = queueState(queue, 'this', 'RtwqBeginRegisterWorkQueueWithMMCSS', caller);
  const underWay = {
    ended: false,
    end() {
      this.ended = true;
    },
  };
  environment.dependents.add(underWay);
  try {
    begin(registering, 'Register', state, caller, (native, id) =>
      native.registerQueueWithMmcss(id, state.index, wish.usageClass, wish.taskId, wish.priority),
    );
    const registration = new QueueRegistration(environment, wish, await registering.promise, state);
    if (state.open && !underWay.ended) registration.begin();
    return registration;
  } finally {
    environment.dependents.delete(underWay);
  }
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
    const registered = usageClass !== '';
    return { usageClass, taskId: registered ? (out[0] as number) : 0, priority: registered ? (out[1] as number) : 0 };
  });
}
