// A wait at the waiter, and its promise. It needs no RTWorkQ.dll. Ending it is a request: the waiter's thread answers whether it
// has taken a signal, and the promise settles by that answer.

import process from 'node:process';
import { type SignalLink, validateSignal } from '../internal/abort-signal';
import {
  type Answerable,
  close,
  currentEnvironment,
  type Environment,
  earlyEnd,
  endOf,
  fired,
  type Operation,
  started,
} from '../internal/environment';
import { type AbortError, abortError, abortErrorFrom, type Caller, check, type Ended, rtwqError } from '../internal/errors';
import { type PendingWaits, waitTarget } from '../internal/handle-state';
import { nextTurn, now } from '../internal/host';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import { areEndsWatched, areStartsWatched, type Description, describe, type End, type OperationKind } from '../internal/observation';
import { unwrapped } from '../internal/self';
import { validateBoolean, validateTimeout } from '../internal/validation';
import { withResolvers } from '../internal/with-resolvers';
import { readWait, type WaitOptions } from './wait-options';

/** The target that {@link waitForAny} found signaled. */
export interface SignaledTarget {
  /** Its index among the targets. */
  readonly index: number;
  /** When it was signaled, in milliseconds on the clock of this thread's `performance.now()`. */
  readonly firedAt: number;
}

/** A wait: what it is for, and its options, read but not checked. */
export interface Waiting extends WaitOptions {
  readonly kind: OperationKind;
  /** Checks what it is for. */
  check(caller: Caller): CheckedWait;
}

/** What a wait is for, once it has been checked. */
export interface CheckedWait {
  /** The sets of the pending waits for the same handles. */
  readonly waitSets: readonly (PendingWaits | undefined)[];
  /** `limit` is in milliseconds. The values of the completion are those of `beginWait`. */
  begin(native: NativeEnvironment, id: number, ref: boolean, limit: number): Outcome;
  /** Looks once, without waiting, and leaves the value in `out`. Without it, `begin` takes the limit 0 too. */
  poll?(native: NativeEnvironment): Outcome;
  /** What observers see besides the wait's kind. */
  readonly details?: Partial<Description>;
  /** Whether JavaScript may still have what the wait has taken. Default: it may. */
  isCurrent?(): boolean;
  /** Called when the wait has taken something, before anything else can run. */
  onTaken?(value: number, firedAt: number): void;
}

/** A wait for any or all of several handles; `name` is the argument that holds the target or targets. */
export function forHandles(given: readonly unknown[], name: 'target' | 'targets', all: boolean): Waiting['check'] {
  const targets: unknown[] = [];
  for (let index = 0; index < given.length; index++) targets[index] = unwrapped(given[index]);
  return (caller) => {
    const handles: (Index | bigint)[] = [];
    const waitSets: (PendingWaits | undefined)[] = [];
    for (let index = 0; index < targets.length; index++) {
      const { handle, waits } = waitTarget(targets[index], name === 'target' ? name : `targets[${index}]`, SYSCALL, caller);
      handles[index] = handle;
      waitSets[index] = waits;
    }
    return {
      waitSets,
      begin: (native, id, ref, limit) => native.beginWait(id, ref, all, limit, handles),
      poll: (native) => native.poll(all, handles),
    };
  };
}

export const SYSCALL = 'WaitForMultipleObjects';

// The values of a completion that are no index.
const TIMEOUT = -1;

/** While the process exits, no code can receive a signal any more. */
const isExiting = (): boolean => (process as { _exiting?: boolean })._exiting === true;

const EXITING: Ended = { by: 'the process is exiting', cause: undefined };

const exitListeners = new WeakMap<Environment, () => void>();

/** Gives back, if the process exits while waits are pending, what they have taken and JavaScript has not received. */
function endWaitsAtExit(environment: Environment): void {
  if (exitListeners.has(environment)) return;
  const endWaits = () => environment.native.endWaits();
  exitListeners.set(environment, endWaits);
  process.on('exit', endWaits);
}

/** Removes the listener, which keeps this copy of the package in memory. Later, because the next wait often follows at once. */
function leaveExit(environment: Environment): void {
  const endWaits = exitListeners.get(environment);
  if (!endWaits) return;
  nextTurn(() => {
    if (environment.waits.size > 0 || exitListeners.get(environment) !== endWaits) return;
    exitListeners.delete(environment);
    process.removeListener('exit', endWaits);
  }, false);
}

export class Wait implements Operation, Answerable {
  readonly #environment: Environment;
  readonly #kind: OperationKind;
  readonly #ref: boolean;
  readonly #aborted: AbortError;
  #signal: SignalLink | undefined;
  #checked: CheckedWait | undefined;
  #id = -1;
  #ended: Ended | undefined;
  #outcome: SignaledTarget | 'timeout' | undefined;
  #settled = false;
  // Nothing has the promise.
  #unheard = false;
  #callbacks: (() => void)[] = [];
  readonly #promise = withResolvers<void>();

  /** Checks everything, and starts the wait. If that fails, it throws and leaves nothing behind. */
  constructor({ kind, check, timeout, signal, ref }: Waiting, caller: Caller) {
    const environment = currentEnvironment(caller);
    this.#environment = environment;
    this.#kind = kind;
    this.#signal = validateSignal(signal, 'options.signal', caller);
    this.#ref = validateBoolean(ref, 'options.ref', true, caller);
    this.#aborted = abortErrorFrom(caller);
    const limit = validateTimeout(timeout, 'options.timeout', caller);
    const checked = check(caller);
    this.#checked = checked;
    if (this.#signal?.aborted) {
      this.#settle({ cause: this.#signal.reason() });
    } else if (isExiting()) {
      this.#settle(EXITING);
    } else if (limit === 0 && checked.poll) {
      this.#poll(checked.poll, caller);
    } else {
      environment.start(this, caller, (native, id) => checked.begin(native, id, this.#ref, limit));
      endWaitsAtExit(environment);
      if (this.#signal && !this.#settled) this.#listen(this.#signal);
    }
  }

  /** Why it was asked to end, if it was. */
  get ended(): Ended | undefined {
    return this.#ended;
  }

  /** Resolves when it has a result, and rejects if it ended without one. */
  async result(): Promise<SignaledTarget | 'timeout'> {
    await this.#promise.promise;
    return this.#outcome as SignaledTarget | 'timeout';
  }

  /** Asks the waiter to end it. */
  end(ended?: Ended): void {
    if (this.#settled || this.#ended) return;
    this.#ended = ended ?? { cause: undefined };
    if (this.#id >= 0) this.#environment.native.stop(this.#id, ended?.by !== undefined);
  }

  whenSettled(callback: () => void): void {
    this.#callbacks[this.#callbacks.length] = callback;
    this.#environment.native.setRef(this.#id, true);
  }

  [started](id: number): void {
    this.#id = id;
    this.#environment.waits.add(this);
    const { waitSets } = this.#checked as CheckedWait;
    for (let index = 0; index < waitSets.length; index++) waitSets[index]?.add(this);
  }

  [fired](status: number, firedAt: number, value: number): void {
    if (status >= 2 ** 31) this.#fail(rtwqError(status, SYSCALL, this[fired]));
    else if (value >= 0) this.#take(value, firedAt);
    else if (value === TIMEOUT) this.#settle(undefined, 'timeout');
    else this.#settle(this.#ended);
  }

  [endOf](status: number, firedAt: number, value: number): End {
    if (status !== 0 || (value >= 0 && this.#isReceived())) return { outcome: 'fired', status, firedAt };
    return value === TIMEOUT ? { outcome: 'timeout' } : earlyEnd(this.#ended);
  }

  [close](ended: Ended): void {
    this.end(ended);
  }

  [describe](): Description {
    return { kind: this.#kind, ref: this.#ref, ...this.#checked?.details };
  }

  /** Whether what it has taken can be received. */
  #isReceived(): boolean {
    return !this.#unheard && (this.#checked?.isCurrent?.() ?? true);
  }

  #take(value: number, firedAt: number): void {
    if (!this.#isReceived()) {
      this.#environment.native.refuse();
      this.#settle(this.#ended);
      return;
    }
    this.#checked?.onTaken?.(value, firedAt);
    this.#settle(undefined, { index: value, firedAt });
  }

  #poll(poll: NonNullable<CheckedWait['poll']>, caller: Caller): void {
    const isWatched = areStartsWatched() || areEndsWatched();
    const startedAt = isWatched ? now() : 0;
    check(poll(this.#environment.native), caller);
    const index = this.#environment.out[0] as number;
    const firedAt = now();
    if (isWatched) this.#environment.reportInstant(this, caller, startedAt, this[endOf](0, firedAt, index));
    this[fired](0, firedAt, index);
  }

  #listen(signal: SignalLink): void {
    try {
      signal.listen(() => this.end({ cause: signal.reason() }));
    } catch (error) {
      // The caller gets the exception instead of the promise.
      this.#promise.promise.catch(() => {});
      this.#unheard = true;
      this.end();
      throw error;
    }
  }

  #settle(ended: Ended | undefined, outcome?: SignaledTarget | 'timeout'): void {
    this.#outcome = outcome;
    if (outcome) this.#leave(this.#promise.resolve);
    else this.#fail(abortError(ended, this.#aborted));
  }

  #fail(error: Error): void {
    this.#leave(() => this.#promise.reject(error));
  }

  /** It is no longer pending. `settle` settles the promise. */
  #leave(settle: () => void): void {
    const signal = this.#signal;
    const { waitSets } = this.#checked as CheckedWait;
    const callbacks = this.#callbacks;
    this.#settled = true;
    this.#signal = undefined;
    this.#checked = undefined;
    this.#callbacks = [];
    const { waits } = this.#environment;
    waits.delete(this);
    if (waits.size === 0) leaveExit(this.#environment);
    for (let index = 0; index < waitSets.length; index++) waitSets[index]?.delete(this);
    settle();
    for (let index = 0; index < callbacks.length; index++) callbacks[index]?.();
    // Last, because it may run user code: a program may have replaced removeEventListener before this package was loaded.
    signal?.unlisten();
  }
}

/** The wait of waitFor and of a handle's method `wait`. */
export async function waitForOne(target: unknown, options: WaitOptions | undefined, caller: Caller): Promise<'signaled' | 'timeout'> {
  currentEnvironment(caller);
  const wait = new Wait({ ...readWait(options, caller), kind: 'waitFor', check: forHandles([target], 'target', false) }, caller);
  return (await wait.result()) === 'timeout' ? 'timeout' : 'signaled';
}
