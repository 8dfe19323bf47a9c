// Who observes operations, and what they see: diagnostics channels, tracing, lateness monitors. Without observers, nothing is
// created or stored.
//
//   environment.ts, timers/timers.ts    begun() -> delivered() -> ended()      in the middle of anything
//                                          |            |           |
//   subscribers, histograms                +------------+-----------+----->    on the next tick
//
// Subscribers are user code, which may do anything. On the next tick, nothing of this package is in progress.

import { channel } from 'node:diagnostics_channel';
import { type Caller, captureFrames } from './frames';
import { later, now } from './host';

/**
 * The function that started an operation.
 *
 * Methods of a {@link WorkQueue} count as the function that does the same: `put()` is `'putWorkItem'`. `locks.request()` counts as
 * `'acquire'`. A {@link MutexLock} that is held is a `'lock'`.
 */
export type OperationKind =
  | 'scheduleWorkItem'
  | 'putWorkItem'
  | 'putWorkItems'
  | 'invokeCallback'
  | 'putWaitingWorkItem'
  | 'waitFor'
  | 'waitForAny'
  | 'waitForAll'
  | 'waitForProcessExit'
  | 'signals'
  | 'acquire'
  | 'lock'
  | 'addPeriodicCallback'
  | 'periodicBeat'
  | 'registerWithMmcss'
  | 'unregister'
  | 'close'
  | 'shutdown'
  | 'setTimeout'
  | 'setInterval'
  | 'sleepUntil';

/** Information about an operation. Times are on the clock of this thread's `performance.now()`. */
export interface OperationInfo {
  readonly kind: OperationKind;
  /** Whether it keeps the process alive, or did when it was started. */
  readonly ref: boolean;
  /** The id of the work queue on which it runs, if it has one. */
  readonly queue?: number;
  /** Its {@link WorkItem.key}, if it has one. */
  readonly key?: bigint;
  /** The name of the mutex, if it is about one that has a name. */
  readonly name?: string;
  /** When it is due, if known. */
  readonly dueAt?: number;
  /** When it was started, if known. */
  readonly startedAt?: number;
  /** Its kind, and the stack of its start, if it was traced. */
  readonly stack?: string;
}

/** The message on `rtworkq:operation-end`. */
export interface OperationEnd {
  /** The message of its start; the same object, if there were subscribers at that time. */
  readonly operation: OperationInfo;
  /** As in {@link WorkItemState}; `'timeout'` for a wait whose timeout passed; `'released'` for a lock. */
  readonly outcome: 'fired' | 'timeout' | 'cancelled' | 'closed' | 'released';
  /** When this thread processed the end. */
  readonly endedAt: number;
  /** When it fired, if it did and that is known. */
  readonly firedAt?: number;
  /** The HRESULT that it fired with. */
  readonly status?: number;
  /** Why it was ended early: the reason of a signal, or an {@link RtwqError}. */
  readonly cause?: unknown;
}

export const describe = Symbol('describe');

/** What an operation knows about itself. */
export interface Description extends Omit<OperationInfo, 'stack'> {
  /** Whether it has ended, although RTWorkQ still holds it. */
  readonly held?: true;
  /** Its delay, if that determines when it is due. */
  readonly delay?: number;
}

export interface Observable {
  /** If it is missing or returns undefined, the operation is part of another one, or of the package, and is not shown. */
  [describe]?(): Description | undefined;
}

/** How an operation ended, apart from what every end has. */
export type End = Omit<OperationEnd, 'operation' | 'endedAt'>;

const starts = channel('rtworkq:operation-start');
const ends = channel('rtworkq:operation-end');

class Trace {
  readonly #description: Description;
  readonly #origin: Origin;
  #info: OperationInfo | undefined;

  constructor({ delay, ...description }: Description, origin: Origin) {
    const { startedAt } = description;
    this.#description = delay === undefined || startedAt === undefined ? description : { ...description, dueAt: startedAt + delay };
    this.#origin = origin;
  }

  get startedAt(): number | undefined {
    return this.#description.startedAt;
  }

  get dueAt(): number | undefined {
    return this.#description.dueAt;
  }

  get stack(): string | undefined {
    try {
      const stack = this.#origin?.stack;
      return typeof stack === 'string' ? stack : undefined;
    } catch {
      // A program's own Error.prepareStackTrace may have run, and thrown.
      return undefined;
    }
  }

  /** The object that subscribers get. They may change it. */
  get info(): OperationInfo {
    if (!this.#info) {
      const { stack } = this;
      this.#info = stack === undefined ? { ...this.#description } : { ...this.#description, stack };
    }
    return this.#info;
  }
}

// Captured at load: programs may replace these methods.
const traces = new WeakMap<object, Trace>();
const setTrace = traces.set.bind(traces);
const getTrace = traces.get.bind(traces);
const deleteTrace = traces.delete.bind(traces);
let everTraced = false;
let tracing = tracedFromTheStart();

function tracedFromTheStart(): boolean {
  try {
    return process.env['RTWORKQ_TRACE'] === '1';
  } catch {
    // Reading the environment may need a permission.
    return false;
  }
}

/** Sets whether operations record the stack of their start. */
export function setTracing(enable: boolean): void {
  tracing = enable;
}

/** Receives lateness, in milliseconds; `firing` is NaN if the operation was not due at a known time. */
export interface Listener {
  record(firing: number, delivery: number): void;
}

let listeners: readonly Listener[] = [];

export function addListener(listener: Listener): void {
  listeners = [...listeners, listener];
}

export function removeListener(listener: Listener): void {
  listeners = listeners.filter((each) => each !== listener);
}

/** Whether lateness is measured. */
export const isMonitored = (): boolean => listeners.length > 0;

/** Whether anyone observes starts. */
export const areStartsWatched = (): boolean => tracing || isMonitored() || starts.hasSubscribers || ends.hasSubscribers;

/** Whether anyone observes ends, or traces may be stored that end with their operation. */
export const areEndsWatched = (): boolean => everTraced || ends.hasSubscribers;

/** An operation has started; `caller` is the package's function that the user called, or an earlier {@link origin}. */
export function begun(operation: Observable, startedAt: number, caller: Caller | Origin): void {
  const description = operation[describe]?.();
  if (!description) return;
  everTraced = true;
  const from = typeof caller === 'function' ? origin(description.kind, caller) : caller;
  const trace = new Trace({ ...description, startedAt }, from);
  setTrace(operation, trace);
  if (starts.hasSubscribers) later(() => starts.publish(trace.info));
}

/** Where an operation was started; undefined if that was not traced. */
export type Origin = { readonly name: OperationKind; readonly message: string; readonly stack?: unknown } | undefined;

/** If tracing is on, captures a stack with the operation's kind as its first line. It is formatted when it is first read. */
export function origin(kind: OperationKind, caller: Caller): Origin {
  if (!tracing) return undefined;
  const holder: NonNullable<Origin> = { name: kind, message: '' };
  captureFrames(holder, caller);
  return holder;
}

/** An operation is over. Its state is still unchanged, so that it can describe itself. */
export function ended(operation: Observable, end: End): void {
  const kept = getTrace(operation);
  deleteTrace(operation);
  if (!ends.hasSubscribers) return;
  const description = kept ? undefined : operation[describe]?.();
  const trace = description ? new Trace(description, undefined) : kept;
  if (!trace) return;
  const endedAt = now();
  later(() => ends.publish({ operation: trace.info, endedAt, ...end }));
}

// Pairs of firing and delivery that listeners have not received yet.
let unreported: number[] = [];

/** An operation's completion has reached JavaScript. */
export function delivered(operation: Observable, firedAt: number, deliveredAt: number): void {
  if (operation[describe]?.()) recordLateness(firedAt - (getTrace(operation)?.dueAt ?? Number.NaN), deliveredAt - firedAt);
}

export function recordLateness(firing: number, delivery: number): void {
  // By index: programs may have changed array methods.
  if (unreported.length === 0) later(notifyListeners);
  unreported[unreported.length] = firing;
  unreported[unreported.length] = delivery;
}

function notifyListeners(): void {
  const pairs = unreported;
  unreported = [];
  for (let index = 0; index < pairs.length; index += 2) {
    for (const listener of listeners) listener.record(pairs[index] as number, pairs[index + 1] as number);
  }
}

const sources: (() => Iterable<Observable>)[] = [];

/** Registers a source of pending operations. */
export function addSource(source: () => Iterable<Observable>): void {
  sources.push(source);
}

export interface Pending {
  readonly description: Description;
  readonly trace: Trace | undefined;
}

/** Returns the operations that are pending now. */
export function allPending(): Pending[] {
  const found: Pending[] = [];
  for (const source of sources) {
    for (const operation of source()) {
      const description = operation[describe]?.();
      if (description) found.push({ description, trace: getTrace(operation) });
    }
  }
  return found;
}
