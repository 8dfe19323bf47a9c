// A handle's signals, for `for await`.

import { validateSignal } from '../internal/abort-signal';
import { currentEnvironment, type Environment } from '../internal/environment';
import { abortError, abortErrorFrom, argumentTypeError, type Caller, codedError, type Ended } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import { type Occurrence, type Occurrences, Repetition } from '../internal/repetition';
import { validateBoolean } from '../internal/validation';
import type { QueueState } from '../queues/queue-state';
import type { WorkQueue } from '../queues/work-queue';
import { type Given, resolveWaitQueue, waitGiven } from '../work-items/start';
import type { WorkItem } from '../work-items/work-item';
import { isHandle } from './handle-state';
import type { WaitHandle } from './wait-handle';

/** Options of the methods that iterate over a handle's signals. */
export interface SignalsOptions {
  /** Ends the iteration with an `AbortError` when it aborts. */
  signal?: AbortSignal | undefined;
  /** Whether a pending wait keeps the process alive. Default: `true`. */
  ref?: boolean | undefined;
  /** The work queue on which the waits end. Default: {@link WorkQueue.standard}. */
  queue?: WorkQueue | undefined;
}

const read = optionsReader(({ signal, ref, queue }: SignalsOptions): SignalsOptions => ({ signal, ref, queue }));

/** Counts the signals missed between the previous one taken and the one taken at `firedAt`; undefined if that is unknown. */
export type Missed = (firedAt: number) => number | undefined;

/**
 * Iterates over the signals of a handle of the class `kind`. `missed` returns the counter, or undefined if the handle stays
 * signaled.
 */
export function signalsOf<T extends WaitHandle>(
  handle: T,
  kind: { readonly prototype: T },
  missed: () => Missed | undefined,
  options: SignalsOptions | undefined,
  caller: Caller,
): Occurrences {
  const environment = currentEnvironment(caller);
  if (!isHandle(handle, kind)) throw argumentTypeError('this', 'an instance of the class that the method belongs to', handle, caller);
  const given = read(options, caller);
  validateSignal(given.signal, 'options.signal', caller);
  validateBoolean(given.ref, 'options.ref', true, caller);
  const queue = resolveWaitQueue(given.queue, undefined, caller);
  const counted = missed();
  if (counted) return new Signals(handle, counted, given, environment, queue);
  const message = 'A manual-reset object stays signaled, so iterating over it would never stop.';
  throw codedError(TypeError, 'ERR_INVALID_STATE', message, caller);
}

class Signals extends Repetition<Occurrence> {
  readonly #handle: WaitHandle;
  readonly #missed: Missed;
  readonly #given: Given;
  readonly #waits = new Set<WorkItem>();
  readonly #environment: Environment;
  readonly #queue: QueueState;
  // The latest shutdown() when the iteration began; undefined before.
  #shutDown: Ended | undefined;

  static {
    showAs(Signals, 'Signals', ({ over }) => ({ over }));
  }

  constructor(handle: WaitHandle, missed: Missed, options: SignalsOptions, environment: Environment, queue: QueueState) {
    super();
    this.#environment = environment;
    this.#queue = queue;
    this.#handle = handle;
    this.#missed = missed;
    this.#given = { ...options, work: undefined, priority: undefined };
  }

  protected async take(): Promise<Occurrence | undefined> {
    if (this.#handle.closed) return undefined;
    const ended = this.#endedBetween();
    if (ended) throw abortError(ended, abortErrorFrom(this.next));
    const item = waitGiven(this.#handle, this.#given, 'signals', this.next);
    this.#waits.add(item);
    // A foreign signal runs user code when we listen to it, which may have ended the loop.
    if (this.over) item.cancel();
    try {
      const { firedAt } = await item;
      return { firedAt, missed: this.#missed(firedAt) };
    } catch (error) {
      // The loop's end, not a failure.
      if (item.state === 'closed' && this.#handle.closed) return undefined;
      throw error;
    } finally {
      this.#waits.delete(item);
    }
  }

  protected end(): void {
    for (const item of this.#waits) item.cancel();
  }

  /** What ended the iteration while it was not waiting. */
  #endedBetween(): Ended | undefined {
    const { shutDown } = this.#environment;
    this.#shutDown ??= shutDown;
    return shutDown === this.#shutDown ? this.#queue.ended : shutDown;
  }
}
