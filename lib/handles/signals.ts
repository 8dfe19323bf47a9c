// A handle's signals, for `for await`.

import { validateSignal } from '../internal/abort-signal';
import { currentEnvironment, type Environment } from '../internal/environment';
import { abortError, abortErrorFrom, argumentTypeError, type Caller, check, codedError, type Ended } from '../internal/errors';
import { isHandle } from '../internal/handle-state';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import { type Occurrence, type Occurrences, Repetition } from '../internal/repetition';
import { unwrapped } from '../internal/self';
import { validateBoolean, validateHandle } from '../internal/validation';
import { NO_QUEUE } from './wait-options';
import { forHandles, Wait } from './waiting';

/** Options of the methods that iterate over a handle's signals. */
export interface SignalsOptions {
  /** Ends the iteration with an `AbortError` when it aborts. */
  signal?: AbortSignal | undefined;
  /** Whether a pending wait keeps the process alive. Default: `true`. */
  ref?: boolean | undefined;
}

const read = optionsReader(({ signal, ref }: SignalsOptions): SignalsOptions => ({ signal, ref }), NO_QUEUE);

/** A handle, as far as a loop over its signals needs it. */
interface Signaling {
  readonly closed: boolean;
}

/** The method `signals` of a handle's class, which the function `signals` calls too. It gets the function that the user called. */
export const iterate = Symbol('iterate');

/** Counts the signals missed between the previous one taken and the one taken at `firedAt`; undefined if that is unknown. */
export type Missed = (firedAt: number) => number | undefined;

/**
 * Iterates over the signals of a handle of the class `kind`. `missed` returns the counter, or undefined if the handle stays
 * signaled.
 */
export function signalsOf<T extends Signaling>(
  given: T,
  kind: { readonly prototype: T },
  missed: (handle: T) => Missed | undefined,
  options: SignalsOptions | undefined,
  caller: Caller,
): Occurrences {
  const environment = currentEnvironment(caller);
  const handle = unwrapped(given) as T;
  if (!isHandle(handle, kind)) throw argumentTypeError('this', 'an instance of the class that the method belongs to', handle, caller);
  const checked = readChecked(options, caller);
  return new Signals(handle, handle, missed(handle) ?? staysSignaled(caller), checked, environment);
}

// A raw HANDLE is its user's: nothing here closes it.
const OPEN: Signaling = { closed: false };

/** Iterates over the signals of a raw HANDLE. */
export function signalsOfRaw(target: unknown, options: SignalsOptions | undefined, caller: Caller): Occurrences {
  const environment = currentEnvironment(caller);
  const given = readChecked(options, caller);
  const handle = validateHandle(target, 'target', caller);
  check(environment.native.staysSignaled(handle), caller);
  if (environment.out[0] === 1) staysSignaled(caller);
  return new Signals(handle, OPEN, () => undefined, given, environment);
}

function readChecked(options: SignalsOptions | undefined, caller: Caller): SignalsOptions {
  const given = read(options, caller);
  validateSignal(given.signal, 'options.signal', caller);
  validateBoolean(given.ref, 'options.ref', true, caller);
  return given;
}

function staysSignaled(caller: Caller): never {
  const message = 'A manual-reset object stays signaled, so iterating over it would never stop.';
  throw codedError(TypeError, 'ERR_INVALID_STATE', message, caller);
}

class Signals extends Repetition<Occurrence> {
  readonly #target: unknown;
  readonly #handle: Signaling;
  readonly #missed: Missed;
  readonly #given: SignalsOptions;
  readonly #waits = new Set<Wait>();
  readonly #environment: Environment;
  // The latest shutdown() when the iteration began; undefined before.
  #shutDown: Ended | undefined;

  static {
    showAs(Signals, 'Signals', ({ over }) => ({ over }));
  }

  constructor(target: unknown, handle: Signaling, missed: Missed, options: SignalsOptions, environment: Environment) {
    super();
    this.#environment = environment;
    this.#target = target;
    this.#handle = handle;
    this.#missed = missed;
    this.#given = options;
  }

  protected async take(): Promise<Occurrence | undefined> {
    if (this.#handle.closed) return undefined;
    const ended = this.#endedBetween();
    if (ended) throw abortError(ended, abortErrorFrom(this.next));
    const wait = new Wait({ ...this.#given, kind: 'signals', check: forHandles([this.#target], 'target', false) }, this.next);
    this.#waits.add(wait);
    // A foreign signal runs user code when we listen to it, which may have ended the loop.
    if (this.over) wait.end();
    try {
      const taken = await wait.result();
      if (taken === 'timeout') return undefined;
      return { firedAt: taken.firedAt, missed: this.#missed(taken.firedAt) };
    } catch (error) {
      // The loop's end, not a failure.
      if (wait.ended?.by && this.#handle.closed) return undefined;
      throw error;
    } finally {
      this.#waits.delete(wait);
    }
  }

  protected end(): void {
    for (const wait of this.#waits) wait.end();
  }

  /** What ended the iteration while it was not waiting. */
  #endedBetween(): Ended | undefined {
    const { shutDown } = this.#environment;
    this.#shutDown ??= shutDown;
    return shutDown === this.#shutDown ? undefined : shutDown;
  }
}
