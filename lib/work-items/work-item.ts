// One operation as its user sees it: a promise that can be cancelled.

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
 * - `'pending'`: not settled yet; or it has fired, and this thread does not know of it yet;
 * - `'fired'`: RTWorkQ invoked the callback;
 * - `'cancelled'`: stopped by `cancel()`, `cancelWorkItem(key)`, an AbortSignal or the end of a `using` scope;
 * - `'closed'`: stopped by `shutdown()`, or by the closing of its work queue or of the handle that it waits for.
 */
export type WorkItemState = 'pending' | 'fired' | 'cancelled' | 'closed';

/** What a work item resolves to. */
export interface WorkItemResult {
  /**
   * The HRESULT that the async result carried, or that the native work returned, as an unsigned 32-bit number; 0 is `S_OK`.
   */
  readonly status: number;
  /** When RTWorkQ invoked the callback, before native work, in milliseconds on the clock of this thread's `performance.now()`. */
  readonly firedAt: number;
}

/** The addon's function that starts a work item, which takes a number of its own besides. */
export type NativeStart = (id: number, queue: Index, ref: boolean, work: unknown, argument: number) => Outcome;

/** What work items have not in common. */
export interface Details {
  /** Undefined for one that is a part of another operation. */
  readonly kind?: OperationKind;
  /** Where it stands while it is pending: at the handles that it waits for. Undefined where it waits for its turn only. */
  readonly at?: readonly (PendingWaits | undefined)[];
  /** The error of an early end, made ahead. */
  readonly aborted?: AbortError;
  /** Where the results of many go. */
  readonly results?: Results;
}

/** What the kind of operation has said besides its result. */
export const value = Symbol('value');

/** A promise that is resolved with it asks for its `then`, and shall find none before Object.prototype's. */
class Single implements WorkItemResult {
  constructor(
    readonly status: number,
    readonly firedAt: number,
  ) {}

  static {
    // biome-ignore lint/suspicious/noThenProperty: it is there to be undefined.
    Object.defineProperties(Single.prototype, { then: { value: undefined }, constructor: { value: Object } });
  }
}

const ignore = (): void => {};

const NOWHERE: NonNullable<Details['at']> = [];
const OVER: Details = {};

const KEY = Symbol('work items are made by the functions of this package');

/**
 * A work item that RTWorkQ has been given, and the promise of its {@link WorkItemResult}. Whatever ends it early, it rejects
 * with an `AbortError` (`code: 'ABORT_ERR'`). Its `cause` says who did: it is the reason of the signal, or an
 * {@link RtwqError}, `RTWQ_E_SHUTDOWN` for {@link shutdown}, `RTWQ_E_INVALID_WORKQUEUE` for {@link WorkQueue.close} and
 * `E_HANDLE` for {@link WaitHandle.close}; `cancel()` gives none.
 *
 * The promise is made when somebody first asks for it. So a work item that is cancelled and that nobody awaits is not an
 * unhandled rejection; one whose promise was asked for and then dropped is, as with any promise. It is made by this class and
 * not by `Promise`: what clones, as `structuredClone` and Electron's `contextBridge` do, needs
 * {@link WorkItem.completed | completed}.
 *
 * @example
 * ```ts
 * const item = scheduleWorkItem(1_000, { signal: AbortSignal.timeout(50) });
 * item.catch((error) => console.log(error.code, error.cause)).finally(() => console.log(item.state));
 * ```
 */
export class WorkItem<Result = WorkItemResult> implements Promise<Result>, Disposable {
  // These three until it has settled: nothing of the user's is kept longer.
  #environment: Environment | undefined;
  #signal: SignalLink | undefined;
  #work: unknown;
  readonly #queue: QueueState;
  readonly #native: NativeStart;
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
  // The cause of the error that it rejects with.
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
    this.#native = native;
    this.#argument = argument;
    this.#details = details;
  }

  static {
    showAs(WorkItem, 'WorkItem', (item) => ({ state: item.#state, key: item.#readKey(), ref: item.#ref }));
  }

  /**
   * @internal Starts a work item by a function of the addon, unless its signal has aborted; throws where that fails, with a
   * stack that starts at `caller`'s caller, and nothing is left then.
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
   * The promise behind the work item, the same one every time. Awaiting it takes a little less than awaiting the work item,
   * which only matters for hundreds of thousands a second.
   */
  get completed(): Promise<Result> {
    if (this.#promise) return this.#promise;
    let resolve: (result: Result) => void = ignore;
    let reject: (error: Error) => void = ignore;
    const made = new Promise<Result>((toResult, toError) => {
      resolve = toResult;
      reject = toError;
    });
    // Unless a hook of async_hooks, which hears of the new promise, has asked for it too.
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
   * The RTWQWORKITEM_KEY that `RtwqScheduleWorkItem` or `RtwqPutWaitingWorkItem` gave, for {@link cancelWorkItem} on the
   * same thread; `0n` where Windows gives none: for work items that were put or invoked, and for those whose signal had
   * aborted.
   */
  get key(): bigint {
    if (this.#key === undefined) {
      this.#key = this.#readKey();
      if (this.#key !== 0n) this.#environment?.keys.set(this.#key, this);
    }
    return this.#key;
  }

  /** What has become of the work item. */
  get state(): WorkItemState {
    return this.#state;
  }

  /**
   * Cancels the work item (`RtwqCancelWorkItem`, where it has a key).
   *
   * @returns true when this call is what stopped it; false when it had been settled, or its callback had begun.
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

  /** Makes the work item keep the process alive while it is pending, as it does unless told otherwise. */
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

  // biome-ignore lint/suspicious/noThenProperty: it is a promise, and has what promises have.
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
    // Signed, so that they are small integers to the engine.
    this.#keyLow = (out[0] as number) | 0;
    this.#keyHigh = (out[1] as number) | 0;
    const at = this.#details.at ?? NOWHERE;
    for (let index = 0; index < at.length; index++) at[index]?.add(this);
  }

  /** @internal */
  [fired](status: number, firedAt: number, said: number): void {
    this.#value = said;
    const { results } = this.#details;
    const result = results && this.#environment ? results.take(this.#environment, said) : new Single(status, firedAt);
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
    return this.#queue === queue && this.#details.at !== undefined;
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

  // No function for each work item: there are hundreds of thousands a second.
  static #begin<Result>(_native: NativeEnvironment, id: number, item: WorkItem<Result>): Outcome {
    const start = item.#native;
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
    const at = details.at ?? NOWHERE;
    for (let index = 0; index < at.length; index++) at[index]?.delete(this);
    if (result) {
      this.#details = OVER;
      this.#resolve?.(result);
    } else {
      this.#reject?.(abortError(ended, details.aborted));
    }
    // Last: a program may have replaced removeEventListener before this package was loaded.
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
