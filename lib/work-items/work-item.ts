// An operation as users see it: a promise that they can cancel.

import type { SignalLink } from '../internal/abort-signal';
import { close, fired, started, waitsOn } from '../internal/environment';
import { type AbortError, abortError, type Caller, codedError, type Ended } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { NativeEnvironment, Outcome } from '../internal/native';
import { type Description, describe } from '../internal/observation';
import { owner, returning, self } from '../internal/self';
import { withResolvers } from '../internal/with-resolvers';
import { startOperation } from '../platform/platform';
import type { Launch } from './launch';

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

/** Why it ended early. The error is created on first use. */
class EarlyEnd {
  readonly #ended: Ended | undefined;
  readonly #aborted: AbortError | undefined;

  constructor(ended: Ended | undefined, { details }: Launch) {
    this.#ended = ended;
    this.#aborted = details.aborted;
  }

  error(): AbortError {
    return abortError(this.#ended, this.#aborted);
  }
}

function settlePromise<Result>({ resolve, reject }: PromiseWithResolvers<Result>, outcome: Result | EarlyEnd): void {
  if (outcome instanceof EarlyEnd) reject(outcome.error());
  else resolve(outcome);
}

const NAME = 'WorkItem';

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
  // Cleared when it settles, so that it keeps no user object alive.
  #launch: Launch | undefined;
  #ref: boolean;
  #state: WorkItemState = 'pending';
  #id = -1;
  #keyLow = 0;
  #keyHigh = 0;
  #key: bigint | undefined;
  #outcome: Result | EarlyEnd | undefined;
  #promise: PromiseWithResolvers<Result> | undefined;
  /** @internal */
  readonly [self]: () => this = returning(this);

  private constructor(key: symbol, launch: Launch) {
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', WorkItem);
    this.#launch = launch;
    this.#ref = launch.ref;
  }

  static {
    showAs(WorkItem, NAME, (item) => ({ state: item.#state, key: item.#readKey(), ref: item.#ref }));
  }

  /**
   * @internal Starts a work item, unless its signal has aborted. If that fails, it throws with a stack that starts at `caller`'s
   *   caller, and leaves nothing behind.
   */
  static start<Result = WorkItemResult>(launch: Launch, caller: Caller): WorkItem<Result> {
    const item = new WorkItem<Result>(KEY, launch);
    const { signal } = launch;
    if (signal?.aborted) {
      item.#settle('cancelled', new EarlyEnd({ cause: signal.reason() }, launch));
      return item;
    }
    startOperation(launch.environment, item, caller, WorkItem.#begin);
    if (signal && item.#launch) item.#listen(signal);
    return item;
  }

  /**
   * The promise behind the work item, the same one every time.
   *
   * Awaiting it is slightly cheaper than awaiting the work item, which only matters at hundreds of thousands a second.
   */
  get completed(): Promise<Result> {
    const item = owner(this, WorkItem, NAME, 'completed');
    if (!item.#promise) {
      const made = withResolvers<Result>();
      // Creating the promise runs async_hooks, which may have asked for it too.
      if (!item.#promise) {
        item.#promise = made;
        if (item.#outcome) settlePromise(made, item.#outcome);
      }
    }
    return item.#promise.promise;
  }

  /**
   * The item's RTWQWORKITEM_KEY, for {@link cancelWorkItem} on the same thread.
   *
   * `RtwqScheduleWorkItem` and `RtwqPutWaitingWorkItem` return one. It is `0n` for work items that were put or invoked, for which
   * Windows has no key, and for those whose signal had already aborted.
   */
  get key(): bigint {
    const item = owner(this, WorkItem, NAME, 'key');
    if (item.#key === undefined) {
      item.#key = item.#readKey();
      if (item.#key !== 0n) item.#launch?.environment.keys.set(item.#key, item);
    }
    return item.#key;
  }

  /** The current state. */
  get state(): WorkItemState {
    return owner(this, WorkItem, NAME, 'state').#state;
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
    return owner(this, WorkItem, NAME, 'cancel').#stop('cancelled');
  }

  /** Cancels the work item at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.cancel();
  }

  /** Makes the work item keep the process alive while it is pending, as it does by default. */
  ref(): this {
    owner(this, WorkItem, NAME, 'ref').#setRef(true);
    return this;
  }

  /** Lets the process end while the work item is pending. */
  unref(): this {
    owner(this, WorkItem, NAME, 'unref').#setRef(false);
    return this;
  }

  /** Whether the work item keeps the process alive while it is pending. */
  hasRef(): boolean {
    return owner(this, WorkItem, NAME, 'hasRef').#ref;
  }

  // biome-ignore lint/suspicious/noThenProperty: a work item is a promise.
  then<Fulfilled = Result, Rejected = never>(
    onFulfilled?: ((result: Result) => Fulfilled | PromiseLike<Fulfilled>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise's own declaration.
    onRejected?: ((reason: any) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return owner(this, WorkItem, NAME, 'then').completed.then(onFulfilled, onRejected);
  }

  catch<Rejected = never>(
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise's own declaration.
    onRejected?: ((reason: any) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Result | Rejected> {
    return owner(this, WorkItem, NAME, 'catch').completed.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<Result> {
    return owner(this, WorkItem, NAME, 'finally').completed.finally(onFinally);
  }

  get [Symbol.toStringTag](): string {
    return NAME;
  }

  /** @internal */
  [started](id: number): void {
    const launch = this.#launch;
    if (!launch || this.#id >= 0) return;
    const { out } = launch.environment;
    this.#id = id;
    // Signed, so that V8 stores them as small integers.
    this.#keyLow = (out[0] as number) | 0;
    this.#keyHigh = (out[1] as number) | 0;
    launch.details.waits?.add(this);
  }

  /** @internal */
  [fired](status: number, firedAt: number, resultsIndex: number): void {
    const launch = this.#launch;
    if (!launch) return;
    const { environment, details } = launch;
    const result = details.results ? details.results.take(environment, resultsIndex) : new Single(status, firedAt);
    this.#settle('fired', result as Result);
  }

  /** @internal */
  [close](ended: Ended): void {
    this.#stop('closed', ended);
  }

  /** @internal */
  [waitsOn](queue: object): boolean {
    return this.#launch?.queue === queue && this.#launch.kind.waits;
  }

  /** @internal */
  [describe](): Description | undefined {
    if (!this.#launch) return undefined;
    const { kind, queue, delay } = this.#launch;
    const key = this.#readKey();
    return {
      kind: kind.name,
      ref: this.#ref,
      queue: queue.id,
      ...(key !== 0n && { key }),
      ...(kind.name === 'scheduleWorkItem' && { delay }),
    };
  }

  static #begin<Result>(_native: NativeEnvironment, id: number, item: WorkItem<Result>): Outcome {
    const launch = item.#launch as Launch;
    return launch.kind.begin(id, launch);
  }

  #readKey(): bigint {
    return (BigInt(this.#keyHigh >>> 0) << 32n) | BigInt(this.#keyLow >>> 0);
  }

  #setRef(ref: boolean): void {
    this.#ref = ref;
    this.#launch?.environment.native.setRef(this.#id, ref);
  }

  #stop(state: 'cancelled' | 'closed', ended?: Ended): boolean {
    const launch = this.#launch;
    if (!launch?.environment.stop(this.#id, state === 'closed', ended)) return false;
    this.#settle(state, new EarlyEnd(ended, launch));
    return true;
  }

  #settle(state: WorkItemState, outcome: Result | EarlyEnd): void {
    const launch = this.#launch;
    if (!launch) return;
    const { keys } = launch.environment;
    this.#launch = undefined;
    this.#state = state;
    this.#outcome = outcome;
    if (this.#key !== undefined && keys.get(this.#key) === this) keys.delete(this.#key);
    launch.details.waits?.delete(this);
    if (this.#promise) settlePromise(this.#promise, outcome);
    // Last, because it may run user code: a program may have replaced removeEventListener before this package was loaded.
    launch.signal?.unlisten();
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
