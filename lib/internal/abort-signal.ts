// Abort signals from users. For Node's own signals we call Node's original methods, even if a program has replaced them since; for
// signals of other realms and polyfills, the methods that they bring.

import { addAbortListener } from 'node:events';
import { types } from 'node:util';
import { argumentTypeError, type Caller, getterOf } from './errors';
import { later } from './host';

const { addEventListener, removeEventListener } = EventTarget.prototype;
const nativeAborted = getterOf(AbortSignal, 'aborted');
const nativeReason = getterOf(AbortSignal, 'reason');

// For Node's own signals: the options with which Node itself listens, so that an abort counts even if another listener calls
// stopImmediatePropagation(). They have no prototype to which programs could have added options.
let nativeListenerOptions: object = { once: true };
addAbortListener(
  {
    aborted: false,
    addEventListener: (_type: string, _listener: unknown, options: object) => {
      nativeListenerOptions = options;
    },
    removeEventListener: () => {},
  } as unknown as AbortSignal,
  () => {},
);

export class SignalLink {
  /** Whether it had already aborted when it was passed in. */
  readonly aborted: boolean;
  readonly #signal: AbortSignal;
  readonly #isNative: boolean;
  readonly #add: AbortSignal['addEventListener'];
  readonly #remove: AbortSignal['removeEventListener'];
  #onAbort: (() => void) | undefined;

  /** Reads everything that is needed from the signal, except the reason. */
  constructor(signal: AbortSignal, isNative: boolean) {
    this.#signal = signal;
    this.#isNative = isNative;
    this.aborted = isNative ? Reflect.apply(nativeAborted, signal, []) : signal.aborted;
    this.#add = isNative ? addEventListener : signal.addEventListener;
    this.#remove = isNative ? removeEventListener : signal.removeEventListener;
  }

  get isUsable(): boolean {
    return typeof this.aborted === 'boolean' && typeof this.#add === 'function' && typeof this.#remove === 'function';
  }

  /** The abort reason. If reading it throws, the exception. */
  reason(): unknown {
    try {
      return this.#isNative ? Reflect.apply(nativeReason, this.#signal, []) : this.#signal.reason;
    } catch (error) {
      return error;
    }
  }

  /** Calls `onAbort` when it aborts, until `unlisten()`. */
  listen(onAbort: () => void): void {
    this.#onAbort = onAbort;
    Reflect.apply(this.#add, this.#signal, ['abort', onAbort, this.#isNative ? nativeListenerOptions : { once: true }]);
  }

  unlisten(): void {
    // A foreign signal's code may do anything, so do not run it in the middle of a batch of completions.
    if (this.#isNative) this.unlistenNow();
    else later(() => this.unlistenNow());
  }

  /** The same where no batch can be under way, as in a generator of the user's. */
  unlistenNow(): void {
    if (this.#onAbort) Reflect.apply(this.#remove, this.#signal, ['abort', this.#onAbort]);
  }
}

function isNative(value: unknown): boolean {
  // A proxy's traps would run whenever Node looks into the signal.
  if (types.isProxy(value)) return false;
  try {
    Reflect.apply(nativeAborted, value, []);
    return true;
  } catch {
    return false;
  }
}

/** Returns a link to the signal. Reads the signal's properties now, once. */
export function validateSignal(value: unknown, name: string, caller: Caller): SignalLink | undefined {
  if (value === undefined) return undefined;
  const link = typeof value === 'object' && value !== null ? new SignalLink(value as AbortSignal, isNative(value)) : undefined;
  if (!link?.isUsable) throw argumentTypeError(name, 'an instance of AbortSignal', value, caller);
  return link;
}
