// Events of Windows.

import { validateSignal } from '../internal/abort-signal';
import { currentEnvironment } from '../internal/environment';
import { codedError } from '../internal/errors';
import { optional, readOptions, validateBoolean, validateName } from '../internal/validation';
import { wait } from '../work-items/start';
import type { WorkItem, WorkItemResult } from '../work-items/work-item';
import { callHandle, KEY, type Opened, openHandle, WaitHandle } from './wait-handle';

/** Options of {@link Event.create}. */
export interface EventOptions {
  /** The name by which other threads and processes open it. Without one only native code of this process can share it. */
  name?: string | undefined;
  /** Whether it stays set until it is reset, instead of letting one wait through and resetting itself. Default: `false`. */
  manualReset?: boolean | undefined;
  /** Whether it is set from the beginning. Default: `false`. */
  signaled?: boolean | undefined;
}

/** Options of {@link Event.signals}. */
export interface SignalsOptions {
  /** Ends the iteration with an `AbortError` when it aborts. */
  signal?: AbortSignal | undefined;
  /** Whether a pending wait keeps the process alive. Default: `true`. */
  ref?: boolean | undefined;
}

/**
 * An event of Windows: set or not set. Not the DOM's.
 *
 * @example
 * ```ts
 * using ready = Event.create({ name: 'Local\\my-app-ready' });
 * await waitFor(ready, { timeout: 1_000 }); // 'signaled' or 'timeout'
 * ```
 */
export class Event extends WaitHandle {
  /** Whether it stays set until it is reset. */
  readonly manualReset: boolean;
  /** Whether {@link Event.create} made the event, rather than found one of that name. */
  readonly isNew: boolean;

  private constructor(key: symbol, opened: Opened) {
    super(key, opened);
    this.isNew = opened.out[1] === 1;
    this.manualReset = opened.out[2] === 1;
  }

  /**
   * Makes an event, or opens the one that has the name (`CreateEventW`): {@link Event.isNew} tells which. An event that
   * exists keeps its kind and its state.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for options that do not fit.
   * @throws {@link RtwqError} when Windows refuses: `E_ACCESSDENIED`; `E_HANDLE` where another kind of object has the name.
   */
  static create(options?: EventOptions): Event {
    const caller = Event.create;
    currentEnvironment(caller);
    const given = readOptions(options, ({ name, manualReset, signaled }) => ({ name, manualReset, signaled }), caller);
    const name = optional(given.name, undefined, (value) => validateName(value, 'options.name', caller));
    const manualReset = validateBoolean(given.manualReset, 'options.manualReset', false, caller);
    const signaled = validateBoolean(given.signaled, 'options.signaled', false, caller);
    return new Event(
      KEY,
      openHandle(caller, (native) => native.createEvent(name, manualReset, signaled)),
    );
  }

  /**
   * Opens an event by its name (`OpenEventW`).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for what is no name.
   * @throws {@link RtwqError} `ERROR_FILE_NOT_FOUND` where there is none; `E_ACCESSDENIED`; `E_HANDLE` where another kind of
   *   object has the name.
   */
  static open(name: string): Event {
    const caller = Event.open;
    currentEnvironment(caller);
    validateName(name, 'name', caller);
    return new Event(
      KEY,
      openHandle(caller, (native) => native.openEvent(name)),
    );
  }

  /**
   * Sets it (`SetEvent`): lets one wait through, all of them where it is reset by hand.
   *
   * @throws {@link RtwqError} when Windows refuses; `E_HANDLE` for a closed handle.
   */
  set(): void {
    callHandle(this, 'SetEvent', this.set, (native, index) => native.setEvent(index));
  }

  /**
   * Resets it (`ResetEvent`).
   *
   * @throws {@link RtwqError} when Windows refuses; `E_HANDLE` for a closed handle.
   */
  reset(): void {
    callHandle(this, 'ResetEvent', this.reset, (native, index) => native.resetEvent(index));
  }

  /**
   * The times that the event is set, one after the other, for as long as somebody asks. Sets that come closer together than
   * the loop runs are one, as always with events; count with a {@link Semaphore}. Ends when the event is closed.
   *
   * @throws TypeError `ERR_INVALID_STATE` for an event that is reset by hand, which would never stop.
   * @example
   * ```ts
   * for await (const { firedAt } of event.signals({ signal })) console.log(firedAt);
   * ```
   */
  signals(options?: SignalsOptions): AsyncIterableIterator<WorkItemResult> {
    const caller = this.signals;
    const given = readOptions(options, ({ signal, ref }) => ({ signal, ref }), caller);
    validateSignal(given.signal, 'options.signal', caller);
    validateBoolean(given.ref, 'options.ref', true, caller);
    if (this.manualReset) {
      const message = 'An event that is reset by hand stays set: iterating over it would never stop.';
      throw codedError(TypeError, 'ERR_INVALID_STATE', message, caller);
    }
    return new Signals(this, given);
  }

  /** {@link Event.signals} without options. */
  [Symbol.asyncIterator](): AsyncIterableIterator<WorkItemResult> {
    return this.signals();
  }
}

class Signals implements AsyncIterableIterator<WorkItemResult, undefined> {
  readonly #event: Event;
  readonly #options: SignalsOptions;
  readonly #waits = new Set<WorkItem>();
  #ended = false;

  constructor(event: Event, options: SignalsOptions) {
    this.#event = event;
    this.#options = options;
  }

  async next(): Promise<IteratorResult<WorkItemResult, undefined>> {
    if (this.#ended || this.#event.closed) return this.return();
    const item = wait(this.#event, this.#options, this.next);
    this.#waits.add(item);
    try {
      return { done: false, value: await item };
    } catch (error) {
      // Cancelled by return() or close(): the end, not a failure.
      if (this.#ended || this.#event.closed) return this.return();
      this.#ended = true;
      throw error;
    } finally {
      this.#waits.delete(item);
    }
  }

  async return(): Promise<IteratorResult<WorkItemResult, undefined>> {
    this.#ended = true;
    for (const item of this.#waits) item.cancel();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
