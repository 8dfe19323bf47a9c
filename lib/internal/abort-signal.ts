// The signals that users hand over. Node's own are used by what Node made of them, whatever a program has put in its place
// since; those of other realms and of polyfills by what they say they can do. A foreign signal's code may do anything, so
// there are three places for it: before anything native runs, right after the operation has started, and the next tick.

import { argumentTypeError, type Caller, getterOf } from './errors';

const { addEventListener, removeEventListener } = EventTarget.prototype;
const nativeAborted = getterOf(AbortSignal, 'aborted');
const nativeReason = getterOf(AbortSignal, 'reason');

// Without a prototype, which programs may have added options to.
const ONCE = Object.assign(Object.create(null) as object, { once: true });

/** What became of reading something of the user's that may throw. */
function attempt<T>(read: () => T): { value: T } | { error: unknown } {
  try {
    return { value: read() };
  } catch (error) {
    return { error };
  }
}

export interface SignalLink {
  /** Whether it had aborted when it was handed over. */
  readonly aborted: boolean;
  /** Why it has aborted; what reading that has thrown, where it does. */
  reason(): unknown;
  /** Calls `onAbort` when it aborts, until `unlisten()`. */
  listen(onAbort: () => void): void;
  unlisten(): void;
}

class NativeLink implements SignalLink {
  readonly #signal: AbortSignal;
  #onAbort: (() => void) | undefined;

  constructor(
    signal: AbortSignal,
    readonly aborted: boolean,
  ) {
    this.#signal = signal;
  }

  reason(): unknown {
    return Reflect.apply(nativeReason, this.#signal, []);
  }

  listen(onAbort: () => void): void {
    this.#onAbort = onAbort;
    Reflect.apply(addEventListener, this.#signal, ['abort', onAbort, ONCE]);
  }

  unlisten(): void {
    if (this.#onAbort) Reflect.apply(removeEventListener, this.#signal, ['abort', this.#onAbort]);
    this.#onAbort = undefined;
  }
}

class ForeignLink implements SignalLink {
  readonly #signal: AbortSignal;
  readonly #add: AbortSignal['addEventListener'];
  readonly #remove: AbortSignal['removeEventListener'];
  readonly #reason: unknown;
  #onAbort: (() => void) | undefined;

  constructor(
    signal: AbortSignal,
    readonly aborted: boolean,
    add: AbortSignal['addEventListener'],
    remove: AbortSignal['removeEventListener'],
  ) {
    this.#signal = signal;
    this.#add = add;
    this.#remove = remove;
    if (aborted) this.#reason = this.#readReason();
  }

  reason(): unknown {
    return this.aborted ? this.#reason : this.#readReason();
  }

  listen(onAbort: () => void): void {
    this.#onAbort = onAbort;
    Reflect.apply(this.#add, this.#signal, ['abort', onAbort, { once: true }]);
  }

  unlisten(): void {
    const onAbort = this.#onAbort;
    if (!onAbort) return;
    this.#onAbort = undefined;
    process.nextTick(() => Reflect.apply(this.#remove, this.#signal, ['abort', onAbort]));
  }

  #readReason(): unknown {
    const read = attempt(() => this.#signal.reason as unknown);
    return 'value' in read ? read.value : read.error;
  }
}

/** The link to a signal, whose properties are read here and now. */
export function validateSignal(value: unknown, name: string, caller: Caller): SignalLink | undefined {
  if (value === undefined) return undefined;
  const native = attempt(() => Reflect.apply(nativeAborted, value, []) as boolean);
  if ('value' in native) return new NativeLink(value as AbortSignal, native.value);
  if (typeof value === 'object' && value !== null) {
    const signal = value as AbortSignal;
    const { aborted, addEventListener: add, removeEventListener: remove } = signal;
    if (typeof aborted === 'boolean' && typeof add === 'function' && typeof remove === 'function') {
      return new ForeignLink(signal, aborted, add, remove);
    }
  }
  throw argumentTypeError(name, 'an instance of AbortSignal', value, caller);
}
