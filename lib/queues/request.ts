// A deadline or a joined file handle of a work queue. It ends when it is cancelled, when its queue closes, or with the platform,
// whichever comes first.

import { type Environment, rtworkqEnvironment } from '../internal/environment';
import { type Caller, outcomeError, warn } from '../internal/errors';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import type { QueueState } from '../internal/queue-state';
import { returning, self } from '../internal/self';
import { usePlatform } from '../platform/platform';

export class Request {
  readonly #environment: Environment;
  readonly #queue: QueueState;
  #index: Index | undefined;
  readonly [self]: () => this = returning(this);

  /** Makes the request. `make` puts its number first in `out`. */
  constructor(queue: QueueState, caller: Caller, make: (native: NativeEnvironment) => Outcome) {
    const environment = rtworkqEnvironment(caller);
    this.#environment = environment;
    this.#queue = queue;
    const start = (): Outcome => make(environment.native);
    usePlatform(environment, caller, start, (out) => {
      this.#index = out[0];
      // Also for the process-wide queues: with a request, they now have something to end with the platform.
      environment.dependents.add(queue);
      queue.requests.add(this);
    });
  }

  /** Whether the request is still active. */
  get pending(): boolean {
    return this.#index !== undefined;
  }

  /** Ends the request. Returns false if it had already ended. */
  end(caller: Caller): boolean {
    const outcome = this.#takeBack();
    if (outcome) throw outcomeError(outcome, caller);
    return outcome !== undefined;
  }

  /** Like end(), but emits a warning instead of throwing. */
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
