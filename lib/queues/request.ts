// What a work queue was asked for: a deadline, the binding of a file handle. It ends when it is taken back, with its queue,
// or with the platform, whatever comes first.

import { currentEnvironment, type Environment } from '../internal/environment';
import { type Caller, outcomeError, warn } from '../internal/errors';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import { usePlatform } from '../platform/platform';
import type { QueueState } from './queue-state';

export class Request {
  readonly #environment: Environment;
  readonly #queue: QueueState;
  #index: Index | undefined;

  /** Makes the request; its number is the first that the call gives. */
  constructor(queue: QueueState, caller: Caller, make: (native: NativeEnvironment) => Outcome) {
    const environment = currentEnvironment(caller);
    this.#environment = environment;
    this.#queue = queue;
    const start = (): Outcome => make(environment.native);
    usePlatform(environment, caller, start, (out) => {
      this.#index = out[0];
      // The queues of the process end with the platform when there is something to end.
      environment.dependents.add(queue);
      queue.requests.add(this);
    });
  }

  /** Whether it has not been taken back. */
  get pending(): boolean {
    return this.#index !== undefined;
  }

  /** Takes it back; false where that had happened before. */
  end(caller: Caller): boolean {
    const outcome = this.#takeBack();
    if (outcome) throw outcomeError(outcome, caller);
    return outcome !== undefined;
  }

  /** The same for ends that must not fail. */
  dispose(): void {
    warn(this.#takeBack(), this.dispose);
  }

  #takeBack(): Outcome | undefined {
    const index = this.#index;
    if (index === undefined) return undefined;
    this.#index = undefined;
    this.#queue.requests.delete(this);
    return this.#environment.native.takeBack(index);
  }
}
