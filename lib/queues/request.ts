// What a work queue was asked for: a deadline, the binding of a file handle. It ends when it is taken back, with its queue,
// or with the platform, whatever comes first.

import type { Environment } from '../internal/environment';
import { type Caller, check, outcomeError } from '../internal/errors';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import { currentEnvironment, usePlatform } from '../platform/platform';
import type { QueueState } from './queue-state';

export class Request {
  readonly queue: QueueState;
  readonly #environment: Environment;
  #index: Index | undefined;

  /** Makes the request; its number is the first that the call gives. */
  constructor(queue: QueueState, caller: Caller, make: (native: NativeEnvironment) => Outcome) {
    this.#environment = currentEnvironment(caller);
    this.queue = queue;
    usePlatform(() => check(make(this.#environment.native), caller));
    this.#index = this.#environment.out[0];
    this.#environment.requests.add(this);
  }

  /** Takes it back; false where that had happened before. */
  end(caller: Caller): boolean {
    const outcome = this.#takeBack();
    if (outcome) throw outcomeError(outcome, caller);
    return outcome !== undefined;
  }

  /** The same for ends that must not fail. */
  dispose(): void {
    const outcome = this.#takeBack();
    if (outcome) process.emitWarning(outcomeError(outcome, this.dispose));
  }

  #takeBack(): Outcome | undefined {
    const index = this.#index;
    if (index === undefined) return undefined;
    this.#index = undefined;
    this.#environment.requests.delete(this);
    return this.#environment.native.takeBack(index);
  }
}
