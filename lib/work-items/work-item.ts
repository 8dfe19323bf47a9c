// An operation as users see it: a promise that they can cancel.

import type { PendingWaits } from '../handles/handle-state';
import type { SignalLink } from '../internal/abort-signal';
import { close, type Environment, fired, started, waitsOn } from '../internal/environment';
import { type AbortError, abortError, type Caller, codedError, type Ended } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import { type Description, describe, type OperationKind } from '../internal/observation';
import { startOperation } from '../platform/platform';
import type { QueueState } from '../queues/queue-state';
import type { Results } from './results';

/**
 * The state of a work item.
 *
 * - `'pending'`: not settled yet; or it has fired, and this thread has not processed that yet;
 * - `'fired'`: RTWorkQ invoked the callback;
 * - `'cancelled'`: stopped by `cancel()`, `cancelWorkItem(key)`, an AbortSignal or the end of a `using` scope;
 * - `'closed'`: stopped by `shutdown()`, or because its work queue or its handle was closed.
 */
export type WorkItemState = 'pending' | 'fired' | 'cancelled' | 'closed';

/** The result of a work item. */
export interface WorkItemResult {
  /** The HRESULT of the async result, or the native work's return value, as an unsigned 32-bit number; 0 is `S_OK`. */
  readonly status: number;
  /** When RTWorkQ invoked the callback, before native work, in milliseconds on the clock of this thread's `performance.now()`. */
  readonly firedAt: number;
}

/** An addon function that starts a work item. The meaning of `argument` depends on the function. */
export type NativeStart = (id: number, queue: Index, ref: boolean, work: unknown, argument: number) => Outcome;

/** Per-kind details. */
export interface Details {
  /** Undefined for a work item that is part of another operation. */
  readonly kind?: OperationKind;
  /**
   * The sets of pending waits that hold the item while it is pending. Undefined for an item that only waits for its turn on the
   * queue.
   */
  readonly waitSets?: readonly (PendingWaits | undefined)[];
  /** The error for an early end, created at the start for the sake of its stack. */
  readonly aborted?: AbortError;
  /** Receives the results of {@link WorkItem}s that were put together. */
  readonly results?: Results;
}

/** The per-kind value of the completion. */
export const value = Symbol('value');

/** Resolving a promise with it looks up `then`, and must not find one that a program put on Object.prototype. */
class Single implements WorkItemResult {
  constructor(
    readonly status: number,
    readonly firedAt: number,
  ) {}

  static {
    // biome-ignore lint/suspicious/noThenProperty: it exists to be undefined.
    Object.defineProperties(Single.prototype, { then: { value: undefined }, constructor: { value: Object } });
  }
}

const ignore = (): void => {};

const NO_WAIT_SETS: NonNullable<Details['waitSets']> = [];
const NO_DETAILS: Details = {};

const KEY = Symbol('work items are made by the functions of this package');

/**
 * A work item of RTWorkQ, and the promise of its {@link WorkItemResult}.
 *
 * If anything ends it early, it rejects with an `AbortError` (`code: 'ABORT_ERR'`). The error's `cause` is the signal's reason, or
 * an {@link RtwqError}: `RTWQ_E_SHUTDOWN` for {@link shutdown}, `RTWQ_E_INVALID_WORKQUEUE` for {@link WorkQueue.close} and
 * `E_HANDLE` for {@link WaitHandle.close}. After `cancel()` there is no cause.
 *
 * A work item creates its promise lazily, on first use. So cancelling a work item that was never awaited causes no unhandled
 * rejection. If its promise was used and then dropped, it does, as with any promise.
 *
 * A work item is not an instance of `Promise`, so it cannot be cloned: `structuredClone` turns it into `{}`. Electron's
 * `contextBridge`, which clones promises, needs {@link WorkItem.completed | completed}.
 *
 * @example
 * ```ts
 * const item = scheduleWorkItem(1_000, { signal: AbortSignal.timeout(50) });
 * item.catch((error) => console.log(error.code, error.cause)).finally(() => console.log(item.state));
 * ```
 */
export class WorkItem<Result = WorkItemResult> implements Promise<Result>, Disposable {
  // These three are cleared when it settles, so that it keeps no user object alive.
  #environment: Environment | undefined;
  #signal: SignalLink | undefined;
  #work: unknown;
  readonly #queue: QueueState;
  readonly #nativeStart: NativeStart;
  readonly #argument: number;
  #details: Details;
  #ref: boolean;
  #state: WorkItemState = 'pending';
  #id = -1;
  #keyLow = 0;
  #keyHigh = 0;
  #key: bigint | undefined;
  #result: Result | undefined;
  #value = 0;
  // Why it was ended early.
  #ended: Ended | undefined;
  #promise: Promise<Result> | undefined;
  #resolve: ((result: Result) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  private constructor(
    key: symbol,
    environment: Environment,
    queue: QueueState,
    signal: SignalLink | undefined,
    ref: boolean,
    work: unknown,
    native: NativeStart,
    argument: number,
    details: Details,
  ) {
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', WorkItem);
    this.#environment = environment;
    this.#queue = queue;
    this.#signal = signal;
    this.#ref = ref;
    this.#work = work;
    this.#nativeStart = native;
    this.#argument = argument;
    this.#details = details;
  }

  static {
    showAs(WorkItem, 'WorkItem', (item) => ({ state: item.#state, key: item.#readKey(), ref: item.#ref }));
  }

  /**
   * @internal Starts a work item with an addon function, unless its signal has aborted. If that fails, it throws with a stack that
   *   starts at `caller`'s caller, and leaves nothing behind.
   */
  static start<Result = WorkItemResult>(
    environment: Environment,
    queue: QueueState,
    signal: SignalLink | undefined,
    { ref = true, work }: { readonly ref?: boolean | undefined; readonly work?: unknown },
    native: NativeStart,
    argument: number,
    details: Details,
    caller: Caller,
  ): WorkItem<Result> {
    const item = new WorkItem<Result>(KEY, environment, queue, signal, ref, work, native, argument, details);
    if (signal?.aborted) {
      item.#settle('cancelled', undefined, { cause: signal.reason() });
      return item;
    }
    startOperation(environment, item, caller, WorkItem.#begin);
    if (signal && item.#environment) item.#listen(signal);
    return item;
  }

  /**
   * The promise behind the work item, the same one every time.
   *
   * Awaiting it is slightly cheaper than awaiting the work item, which only matters at hundreds of thousands a second.
   */
  get completed(): Promise<Result> {
    if (this.#promise) return this.#promise;
    let resolve: (result: Result) => void = ignore;
    let reject: (error: Error) => void = ignore;
    const made = new Promise<Result>((toResult, toError) => {
      resolve = toResult;
      reject = toError;
    });
    // Creating the promise runs async_hooks, which may have asked for it too.
    this.#promise ??= made;
    if (this.#promise !== made) return this.#promise;
    if (this.#state === 'pending') {
      this.#resolve = resolve;
      this.#reject = reject;
    } else if (this.#result) {
      resolve(this.#result);
    } else {
      reject(abortError(this.#ended, this.#details.aborted));
    }
    return made;
  }

  /**
   * The item's RTWQWORKITEM_KEY, for {@link cancelWorkItem} on the same thread.
   *
   * `RtwqScheduleWorkItem` and `RtwqPutWaitingWorkItem` return one. It is `0n` for work items that were put or invoked, for which
   * Windows has no key, and for those whose signal had already aborted.
   */
  get key(): bigint {
    if (this.#key === undefined) {
      this.#key = this.#readKey();
      if (this.#key !== 0n) this.#environment?.keys.set(this.#key, this);
    }
    return this.#key;
  }

  /** The current state. */
  get state(): WorkItemState {
    return this.#state;
  }

  /**
   * Cancels the work item (`RtwqCancelWorkItem`, if it has a key).
   *
   * @returns true if this call cancelled the item; false if it had already settled or its callback had started.
   * @example
   * ```ts
   * const item = scheduleWorkItem(1_000);
   * item.cancel(); // true
   * ```
   */
  cancel(): boolean {
    return this.#stop('cancelled');
  }

  /** Cancels the work item at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.cancel();
  }

  /** Makes the work item keep the process alive while it is pending, as it does by default. */
  ref(): this {
    return this.#setRef(true);
  }

  /** Lets the process end while the work item is pending. */
  unref(): this {
    return this.#setRef(false);
  }

  /** Whether the work item keeps the process alive while it is pending. */
  hasRef(): boolean {
    return this.#ref;
  }

  // biome-ignore lint/suspicious/noThenProperty: a work item is a promise.
  then<Fulfilled = Result, Rejected = never>(
    onFulfilled?: ((result: Result) => Fulfilled | PromiseLike<Fulfilled>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise's own declaration.
    onRejected?: ((reason: any) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.completed.then(onFulfilled, onRejected);
  }

  catch<Rejected = never>(
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise's own declaration.
    onRejected?: ((reason: any) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Result | Rejected> {
    return this.completed.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<Result> {
    return this.completed.finally(onFinally);
  }

  get [Symbol.toStringTag](): string {
    return 'WorkItem';
  }

  /** @internal */
  [started](id: number): void {
    if (!this.#environment || this.#id >= 0) return;
    const { out } = this.#environment;
    this.#id = id;
    // Signed, so that V8 stores them as small integers.
    this.#keyLow = (out[0] as number) | 0;
    this.#keyHigh = (out[1] as number) | 0;
    const waitSets = this.#details.waitSets ?? NO_WAIT_SETS;
    for (let index = 0; index < waitSets.length; index++) waitSets[index]?.add(this);
  }

  /** @internal */
  [fired](status: number, firedAt: number, kindValue: number): void {
    this.#value = kindValue;
    const { results } = this.#details;
    const result = results && this.#environment ? results.take(this.#environment, kindValue) : new Single(status, firedAt);
    this.#settle('fired', result as Result);
  }

  /** @internal */
  [close](ended: Ended): void {
    this.#stop('closed', ended);
  }

  /** @internal */
  get [value](): number {
    return this.#value;
  }

  /** @internal */
  [waitsOn](queue: object): boolean {
    return this.#queue === queue && this.#details.waitSets !== undefined;
  }

  /** @internal */
  [describe](): Description | undefined {
    const { kind } = this.#details;
    if (!kind) return undefined;
    const key = this.#readKey();
    return {
      kind,
      ref: this.#ref,
      queue: this.#queue.id,
      ...(key !== 0n && { key }),
      ...(kind === 'scheduleWorkItem' && { delay: this.#argument }),
    };
  }

  // Static, to avoid a closure per work item: there are hundreds of thousands a second.
  static #begin<Result>(_native: NativeEnvironment, id: number, item: WorkItem<Result>): Outcome {
    const start = item.#nativeStart;
    return start(id, item.#queue.index, item.#ref, item.#work, item.#argument);
  }

  #readKey(): bigint {
    return (BigInt(this.#keyHigh >>> 0) << 32n) | BigInt(this.#keyLow >>> 0);
  }

  #setRef(ref: boolean): this {
    this.#ref = ref;
    this.#environment?.native.setRef(this.#id, ref);
    return this;
  }

  #stop(state: 'cancelled' | 'closed', ended?: Ended): boolean {
    if (!this.#environment?.stop(this.#id, state === 'closed', ended)) return false;
    this.#settle(state, undefined, ended);
    return true;
  }

  #settle(state: WorkItemState, result: Result | undefined, ended?: Ended): void {
    const environment = this.#environment;
    if (!environment) return;
    const signal = this.#signal;
    const details = this.#details;
    this.#environment = this.#signal = this.#work = undefined;
    this.#state = state;
    this.#result = result;
    this.#ended = ended;
    if (this.#key !== undefined && environment.keys.get(this.#key) === this) environment.keys.delete(this.#key);
    const waitSets = details.waitSets ?? NO_WAIT_SETS;
    for (let index = 0; index < waitSets.length; index++) waitSets[index]?.delete(this);
    if (result) {
      this.#details = NO_DETAILS;
      this.#resolve?.(result);
    } else {
      this.#reject?.(abortError(ended, details.aborted));
    }
    // Last, because it may run user code: a program may have replaced removeEventListener before this package was loaded.
    signal?.unlisten();
  }

  #listen(signal: SignalLink): void {
    try {
      signal.listen(() => this.#stop('cancelled', { cause: signal.reason() }));
    } catch (error) {
      this.cancel();
      throw error;
    }
  }
}
