// RtwqBegin/EndRegisterWorkQueueWithMMCSS, RtwqBegin/EndUnregisterWorkQueueWithMMCSS, RtwqGetWorkQueueMMCSSClass and related
// functions.

import { type Begin, type Environment, fired, type Operation, rtworkqEnvironment } from '../internal/environment';
import { type Caller, rtwqError } from '../internal/errors';
import type { Outcome } from '../internal/native';
import { describe } from '../internal/observation';
import { type QueueState, queueState } from '../internal/queue-state';
import { owner } from '../internal/self';
import { withResolvers } from '../internal/with-resolvers';
import { startOperation, usePlatform } from '../platform/platform';
import { type MmcssInfo, type MmcssOptions, Registration, validateRegistration } from './registration';

/** A work queue's registration with MMCSS. It also ends when the queue closes, or when the queue is registered again. */
export interface QueueMmcssRegistration extends MmcssInfo, AsyncDisposable {
  /**
   * Ends the registration (`RtwqBeginUnregisterWorkQueueWithMMCSS`, `RtwqEndUnregisterWorkQueueWithMMCSS`).
   *
   * @returns a promise that resolves when the registration has ended; the same one every time. Rejects with an {@link RtwqError} if
   *   the call fails.
   */
  unregister(): Promise<void>;
}

/** Calls a Begin function; RTWorkQ's thread calls its End function. `name` is the middle part of both function names. */
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
  startOperation(rtworkqEnvironment(caller), operation, caller, native);
}

class QueueRegistration extends Registration implements QueueMmcssRegistration {
  readonly #environment: Environment;
  readonly #queue: QueueState;
  #ended: Promise<void> | undefined;

  constructor(environment: Environment, requested: MmcssInfo, taskId: number, queue: QueueState) {
    super(requested, taskId);
    this.#environment = environment;
    this.#queue = queue;
  }

  /** Attaches the registration to its queue. Call it only if the registration did not end while it was being made. */
  begin(): void {
    this.#queue.registration = this;
    this.#environment.dependents.add(this);
  }

  unregister(): Promise<void> {
    const own = owner(this, QueueRegistration, 'QueueMmcssRegistration', 'unregister');
    own.#ended ??= own.#unregister();
    return own.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.unregister();
  }

  /** The queue or the platform has ended, and the registration with it. */
  end(): void {
    this.#environment.dependents.delete(this);
    if (this.#queue.registration === this) this.#queue.registration = undefined;
  }

  async #unregister(): Promise<void> {
    const unregistering = withResolvers<number>();
    // The registration is over if the queue was closed, the platform was released, or the queue was registered again.
    const queue = this.#queue;
    const { open, registration, index } = queue;
    this.end();
    if (!open || registration !== this) return;
    begin(unregistering, 'Unregister', queue, this.unregister, (native, id) => native.unregisterQueueFromMmcss(id, index));
    await unregistering.promise;
  }
}

export async function registerQueue(
  queue: unknown,
  usageClass: string,
  options: MmcssOptions | undefined,
  caller: Caller,
): Promise<QueueMmcssRegistration> {
  const environment = rtworkqEnvironment(caller);
  const requested = validateRegistration(usageClass, options, 'RtwqBeginRegisterWorkQueueWithMMCSS', caller);
  // Before the queue is looked up: creating a promise runs async_hooks, which may close the queue.
  const registering = withResolvers<number>();
  const state = queueState(queue, 'this', 'RtwqBeginRegisterWorkQueueWithMMCSS', caller);
  const registrationInProgress = {
    ended: false,
    end() {
      this.ended = true;
    },
  };
  environment.dependents.add(registrationInProgress);
  try {
    begin(registering, 'Register', state, caller, (native, id) =>
      native.registerQueueWithMmcss(id, state.index, requested.usageClass, requested.taskId, requested.priority),
    );
    const registration = new QueueRegistration(environment, requested, await registering.promise, state);
    if (state.open && !registrationInProgress.ended) registration.begin();
    return registration;
  } finally {
    environment.dependents.delete(registrationInProgress);
  }
}

export function mmcssOf(queue: unknown, caller: Caller): MmcssInfo {
  const environment = rtworkqEnvironment(caller);
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
