// The beat of RTWorkQ's periodic callbacks, for `for await`.

import { validateSignal } from '../internal/abort-signal';
import { currentEnvironment } from '../internal/environment';
import { type AbortError, abortError, abortErrorFrom, type Ended } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { type Occurrences, Repetition } from '../internal/repetition';
import { validateBoolean } from '../internal/validation';
import { Periodic, type PeriodicOptions, type PeriodicTick, readPeriodic } from './periodic-callback';

interface Asking extends PromiseWithResolvers<PeriodicTick | undefined> {
  readonly aborted: AbortError;
}

/** Counts the beats that nobody has asked for yet; adds its callback when somebody first asks. */
class Beat extends Repetition<PeriodicTick> {
  readonly #options: PeriodicOptions;
  readonly #asking: Asking[] = [];
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
    const asking = { ...Promise.withResolvers<PeriodicTick | undefined>(), aborted: abortErrorFrom(this.next) };
    this.#asking.push(asking);
    this.#periodic ??= new Periodic(
      'periodicBeat',
      (tick) => this.#onTick(tick),
      this.#options,
      this.next,
      (ended) => this.#onEnd(ended),
    );
    // What its signal has done meanwhile.
    if (this.over) this.end();
    this.#give();
    return asking.promise;
  }

  protected end(): void {
    this.#periodic?.remove();
    this.#give();
  }

  #onTick({ firedAt, missed }: PeriodicTick): void {
    this.#tick = { firedAt, missed: this.#tick ? this.#tick.missed + missed + 1 : missed };
    this.#give();
  }

  #onEnd(ended: Ended | undefined): void {
    this.#ended = ended;
    this.#give();
  }

  /** Tells those who ask what there is to tell. */
  #give(): void {
    if (this.over) {
      for (const { resolve } of this.#asking.splice(0)) resolve(undefined);
    } else if (this.#ended) {
      for (const { reject, aborted } of this.#asking.splice(0)) reject(abortError(this.#ended, aborted));
    } else if (this.#tick && this.#asking.length > 0) {
      this.#asking.shift()?.resolve(this.#tick);
      this.#tick = undefined;
    }
  }
}

/**
 * The beat of RTWorkQ's periodic callbacks, as {@link addPeriodicCallback} has it, for `for await`. It begins when it is first
 * asked for, and is removed when the loop is left.
 *
 * @param options `signal` ends it with an `AbortError`, `ref: false` lets the process end while it waits.
 * @returns an iterator of the beats. {@link shutdown} ends it with an `AbortError` too.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for options that do not fit. What RTWorkQ refuses is
 *   heard in the loop: {@link RtwqError}.
 * @example
 * ```ts
 * for await (const { firedAt, missed } of periodicBeat({ signal: AbortSignal.timeout(1_000) })) console.log(firedAt, missed);
 * ```
 */
export function periodicBeat(options?: PeriodicOptions): Occurrences<PeriodicTick> {
  const caller = periodicBeat;
  currentEnvironment(caller);
  const given = readPeriodic(options, caller);
  validateSignal(given.signal, 'options.signal', caller);
  validateBoolean(given.ref, 'options.ref', true, caller);
  return new Beat(given);
}
