// The signals that users hand over. Node's own are used by what Node made of them, whatever a program has put in its place
// since; those of other realms and of polyfills by what they say they can do.

import { addAbortListener } from 'node:events';
import { types } from 'node:util';
import { argumentTypeError, type Caller, getterOf } from './errors';
import { later } from './later';

const { addEventListener, removeEventListener } = EventTarget.prototype;
const nativeAborted = getterOf(AbortSignal, 'aborted');
const nativeReason = getterOf(AbortSignal, 'reason');

// For Node's own: the options that Node itself listens with, by which it hears of an abort whatever another listener stops. They
// have no prototype, which programs may have added options to.
let onceForNode: object = { once: true };
addAbortListener(
  {
    aborted: false,
    addEventListener: (_type: string, _listener: unknown, options: object) => {
      onceForNode = options;
    },
    removeEventListener: () => {},
  } as unknown as AbortSignal,
  () => {},
);

export class SignalLink {
  /** Whether it had aborted when it was handed over. */
  readonly aborted: boolean;
  readonly #signal: AbortSignal;
  readonly #isNative: boolean;
  readonly #add: AbortSignal['addEventListener'];
  readonly #remove: AbortSignal['removeEventListener'];
  #onAbort: (() => void) | undefined;

  /** Reads all that is needed of it, but for the reason. */
  constructor(signal: AbortSignal, isNative: boolean) {
    this.#signal = signal;
    this.#isNative = isNative;
    this.aborted = isNative ? Reflect.apply(nativeAborted, signal, []) : signal.aborted;
    this.#add = isNative ? addEventListener : signal.addEventListener;
    this.#remove = isNative ? removeEventListener : signal.removeEventListener;
  }

  get canBeUsed(): boolean {
    return typeof this.aborted === 'boolean' && typeof this.#add === 'function' && typeof this.#remove === 'function';
  }

  /** Why it has aborted; what reading that has thrown, where it does. */
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
    Reflect.apply(this.#add, this.#signal, ['abort', onAbort, this.#isNative ? onceForNode : { once: true }]);
  }

  unlisten(): void {
    if (!this.#onAbort) return;
    const remove = (): void => Reflect.apply(this.#remove, this.#signal, ['abort', this.#onAbort]);
    // A foreign signal's code may do anything, so it is not run in the middle of a batch of completions.
    if (this.#isNative) remove();
    else later(remove);
  }
}

function isNative(value: unknown): boolean {
  // Its traps would run wherever Node looks into the signal.
  if (types.isProxy(value)) return false;
  try {
    Reflect.apply(nativeAborted, value, []);
    return true;
  } catch {
    return false;
  }
}

/** The link to a signal, whose properties are read here and now. */
export function validateSignal(value: unknown, name: string, caller: Caller): SignalLink | undefined {
  if (value === undefined) return undefined;
  const link = typeof value === 'object' && value !== null ? new SignalLink(value as AbortSignal, isNative(value)) : undefined;
  if (!link?.canBeUsed) throw argumentTypeError(name, 'an instance of AbortSignal', value, caller);
  return link;
}
