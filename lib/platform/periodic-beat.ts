// RTWorkQ's periodic callbacks, for `for await`.

import { validateSignal } from '../internal/abort-signal';
import { rtworkqEnvironment } from '../internal/environment';
import { type AbortError, abortError, abortErrorFrom, type Ended } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { type Occurrences, Repetition } from '../internal/repetition';
import { validateBoolean } from '../internal/validation';
import { withResolvers } from '../internal/with-resolvers';
import { Periodic, type PeriodicOptions, type PeriodicTick, readPeriodic } from './periodic-callback';

interface Waiter extends PromiseWithResolvers<PeriodicTick | undefined> {
  readonly aborted: AbortError;
}

/** Counts the beats that have not been taken yet. Adds its callback at the first `next()`. */
class Beat extends Repetition<PeriodicTick> {
  readonly #options: PeriodicOptions;
  readonly #waiters: Waiter[] = [];
  #periodic: Periodic | undefined;
  #tick: PeriodicTick | undefined;
  #ended: Ended | undefined;

  static {
    showAs(Beat, 'PeriodicBeat', (beat) => ({ over: beat.over }));
  }

  constructor(options: PeriodicOptions) {
    super();
    this.#options = options;
  }

  protected take(): Promise<PeriodicTick | undefined> {
    const waiter = { ...withResolvers<PeriodicTick | undefined>(), aborted: abortErrorFrom(this.next) };
    this.#waiters.push(waiter);
    this.#periodic ??= new Periodic(
      'periodicBeat',
      (tick) => this.#onTick(tick),
      this.#options,
      this.next,
      (ended) => this.#onEnd(ended),
    );
    // A foreign signal runs user code when we listen to it, which may have ended the loop.
    if (this.over) this.end();
    this.#deliver();
    return waiter.promise;
  }

  protected end(): void {
    this.#periodic?.remove();
    this.#deliver();
  }

  #onTick({ firedAt, missed }: PeriodicTick): void {
    this.#tick = { firedAt, missed: this.#tick ? this.#tick.missed + missed + 1 : missed };
    this.#deliver();
  }

  #onEnd(ended: Ended | undefined): void {
    this.#ended = ended;
    this.#deliver();
  }

  /** Settles pending `next()` calls, if there is something to settle them with. */
  #deliver(): void {
    if (this.over) {
      for (const { resolve } of this.#waiters.splice(0)) resolve(undefined);
    } else if (this.#ended) {
      for (const { reject, aborted } of this.#waiters.splice(0)) reject(abortError(this.#ended, aborted));
    } else if (this.#tick && this.#waiters.length > 0) {
      this.#waiters.shift()?.resolve(this.#tick);
      this.#tick = undefined;
    }
  }
}

/**
 * Iterates over the beats of RTWorkQ's periodic callbacks (see {@link addPeriodicCallback}).
 *
 * The callback is added at the first `next()`, and removed when the loop is left.
 *
 * @param options `signal` ends it with an `AbortError`, `ref: false` lets the process end while it waits.
 * @returns an iterator over the beats. {@link shutdown} also ends it with an `AbortError`.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid options. If adding the callback fails, the
 *   loop throws an {@link RtwqError}.
 * @example
 * ```ts
 * for await (const { firedAt, missed } of periodicBeat({ signal: AbortSignal.timeout(1_000) })) console.log(firedAt, missed);
 * ```
 */
export function periodicBeat(options?: PeriodicOptions): Occurrences<PeriodicTick> {
  const caller = periodicBeat;
  rtworkqEnvironment(caller);
  const given = readPeriodic(options, caller);
  validateSignal(given.signal, 'options.signal', caller);
  validateBoolean(given.ref, 'options.ref', true, caller);
  return new Beat(given);
}
