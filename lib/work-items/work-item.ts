// One operation as its user sees it: a thenable that settles once.

import { type Begin, type Closing, close, type Environment, fired, waitsOn } from '../internal/environment';
import { AbortError, type Caller, codedError, rtwqError } from '../internal/errors';
import type { QueueState } from '../queues/queue-state';

/**
 * - `'pending'`: not settled yet, as far as this thread has been told;
 * - `'fired'`: RTWorkQ invoked the callback;
 * - `'cancelled'`: stopped by `cancel()`, `cancelWorkItem(key)`, an AbortSignal, the end of a `using` scope or the closing of
 *   the handle that it waits for;
 * - `'closed'`: stopped by `shutdown()` or by the end of its work queue.
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

/** What every work item has; made by start.ts. */
export interface WorkItemSetup {
  environment: Environment;
  /** The work queue that its callback runs on. */
  queue: QueueState;
  /** Native work to run there. */
  work: unknown;
  /** Is told when it has settled. */
  settled: ((item: WorkItem) => void) | undefined;
  ref: boolean;
  signal: AbortSignal | undefined;
}

const KEY = Symbol('work items are made by the functions of this package');

/**
 * A work item that RTWorkQ has been given. Await it, or its {@link WorkItem.completed | completed}, for the
 * {@link WorkItemResult}; a cancelled one rejects with an `AbortError` (`code: 'ABORT_ERR'`), one that `shutdown()` has
 * closed with an {@link RtwqError} (`code: 'RTWQ_E_SHUTDOWN'`), one whose queue was closed with another
 * (`'RTWQ_E_INVALID_WORKQUEUE'`).
 *
 * The promise is made when somebody first asks for it. So a work item that is cancelled and that nobody awaits is not an
 * unhandled rejection; one whose promise was asked for and then dropped is, as with any promise.
 */
export class WorkItem implements PromiseLike<WorkItemResult>, Disposable {
  readonly #setup: WorkItemSetup;
  #state: WorkItemState = 'pending';
  #ref: boolean;
  #slot = -1;
  #keyLow = 0;
  #keyHigh = 0;
  #key: bigint | undefined;
  #result: WorkItemResult | undefined;
  // The signal's reason, or why it was closed.
  #reason: unknown;
  #aborted = false;
  #onAbort: (() => void) | undefined;
  #promise: Promise<WorkItemResult> | undefined;
  #resolve: ((result: WorkItemResult) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  private constructor(key: symbol, setup: WorkItemSetup) {
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', WorkItem);
    this.#setup = setup;
    this.#ref = setup.ref;
  }

  /** @internal A work item whose signal had aborted: nothing native runs for it. */
  static aborted(setup: WorkItemSetup): WorkItem {
    const item = new WorkItem(KEY, setup);
    item.#abort();
    return item;
  }

  /**
   * @internal Starts the operation; throws where that fails, with a stack that starts at `caller`'s caller, and nothing is
   * left then.
   */
  static start(setup: WorkItemSetup, caller: Caller, begin: Begin): WorkItem {
    const { environment, signal } = setup;
    const item = new WorkItem(KEY, setup);
    item.#slot = environment.start(item, caller, begin);
    item.#keyLow = environment.out[0] as number;
    item.#keyHigh = environment.out[1] as number;
    if (signal) item.#listen(signal);
    return item;
  }

  /**
   * The promise behind the work item, the same one every time. Awaiting it takes a little less than awaiting the work item,
   * which only matters for hundreds of thousands a second.
   */
  get completed(): Promise<WorkItemResult> {
    this.#promise ??= new Promise((resolve, reject) => {
      if (this.#state === 'pending') {
        this.#resolve = resolve;
        this.#reject = reject;
      } else if (this.#result) {
        resolve(this.#result);
      } else {
        reject(this.#failure());
      }
    });
    return this.#promise;
  }

  /**
   * The RTWQWORKITEM_KEY that `RtwqScheduleWorkItem` or `RtwqPutWaitingWorkItem` gave, for {@link cancelWorkItem} on the
   * same thread; `0n` where Windows gives none: for work items that were put or invoked, and for those whose signal had
   * aborted.
   */
  get key(): bigint {
    if (this.#key === undefined) {
      this.#key = (BigInt(this.#keyHigh) << 32n) | BigInt(this.#keyLow);
      if (this.#state === 'pending' && this.#key !== 0n) this.#setup.environment.keys.set(this.#key, this);
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

  // A thenable on purpose: `await item` is what it is for.
  // biome-ignore lint/suspicious/noThenProperty: see above.
  then<Fulfilled = WorkItemResult, Rejected = never>(
    onFulfilled?: ((result: WorkItemResult) => Fulfilled | PromiseLike<Fulfilled>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise's own declaration.
    onRejected?: ((reason: any) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.completed.then(onFulfilled, onRejected);
  }

  /** @internal */
  [fired](status: number, firedAt: number): void {
    this.#settle('fired', { status, firedAt });
  }

  /** @internal */
  [close](closing: Closing): void {
    this.#reason = closing;
    this.#stop('closed');
  }

  /** @internal Whether it may stay pending for any time on that queue, rather than for its turn. */
  [waitsOn](queue: object): boolean {
    return this.#setup.queue === queue && (this.#keyLow !== 0 || this.#keyHigh !== 0);
  }

  #setRef(ref: boolean): this {
    this.#ref = ref;
    if (this.#state === 'pending') this.#setup.environment.native.setRef(this.#slot, ref);
    return this;
  }

  #stop(state: 'cancelled' | 'closed'): boolean {
    if (this.#state !== 'pending' || !this.#setup.environment.stop(this.#slot, state === 'closed')) return false;
    this.#settle(state);
    return true;
  }

  #abort(): void {
    if (this.#state !== 'pending') return;
    this.#reason = this.#setup.signal?.reason;
    this.#aborted = true;
    if (this.#slot < 0) this.#settle('cancelled');
    else this.#stop('cancelled');
  }

  #settle(state: WorkItemState, result?: WorkItemResult): void {
    this.#state = state;
    this.#result = result;
    if (result) this.#resolve?.(result);
    else this.#reject?.(this.#failure());
    if (this.#key !== undefined && this.#setup.environment.keys.get(this.#key) === this) this.#setup.environment.keys.delete(this.#key);
    if (this.#onAbort) this.#unlisten(this.#onAbort);
    this.#setup.settled?.(this);
  }

  #listen(signal: AbortSignal): void {
    this.#onAbort = () => this.#abort();
    try {
      signal.addEventListener('abort', this.#onAbort, { once: true });
    } catch (error) {
      this.#stop('cancelled');
      throw error;
    }
  }

  #unlisten(onAbort: () => void): void {
    const { signal } = this.#setup;
    this.#onAbort = undefined;
    const remove = (): void => signal?.removeEventListener('abort', onAbort);
    // A foreign signal's code may do anything, so it is not run in the middle of a batch of completions.
    if (signal instanceof AbortSignal) remove();
    else process.nextTick(remove);
  }

  #failure(): Error {
    if (this.#state === 'closed') {
      const { code, syscall, detail } = this.#reason as Closing;
      return rtwqError(code, syscall, this.#failure, detail);
    }
    return new AbortError(this.#aborted ? { cause: this.#reason } : undefined);
  }
}
