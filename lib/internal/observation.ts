// Who looks at operations, and what they see: the diagnostics channels, tracing, and the monitors of lateness. While nobody
// looks, nothing is made or kept.
//
//   environment.ts, timers/timer.ts     begun() -> heard() -> ended()      in the middle of anything
//                                          |          |         |
//   subscribers, histograms                +----------+---------+----->    on the next tick
//
// Subscribers are the user's code, which may do anything; on the next tick, nothing of this package is under way.

import { channel } from 'node:diagnostics_channel';
import { now } from './clock';
import type { Caller } from './errors';
import { later } from './later';

/**
 * The function that an operation was started by. What a method of a {@link WorkQueue} has started has the name of the function
 * that does the same: `put()` is `'putWorkItem'`.
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
  | 'addPeriodicCallback'
  | 'periodicBeat'
  | 'registerWithMmcss'
  | 'unregister'
  | 'close'
  | 'shutdown'
  | 'setTimeout'
  | 'setInterval'
  | 'sleepUntil';

/** What is known of an operation. Times are on the clock of this thread's `performance.now()`. */
export interface OperationInfo {
  readonly kind: OperationKind;
  /** Whether it keeps the process alive, or did when it was started. */
  readonly ref: boolean;
  /** The id of the work queue that it runs on, where it does. */
  readonly queue?: number;
  /** Its {@link WorkItem.key}, where it has one. */
  readonly key?: bigint;
  /** When it is due, where that is known. */
  readonly dueAt?: number;
  /** When it was started, where that is known. */
  readonly startedAt?: number;
  /** Its kind, and below it the frames of who has started it, where that was traced. */
  readonly stack?: string;
}

/** What is published on `rtworkq:operation-end`. */
export interface OperationEnd {
  /** What was published when it started; the same object, where somebody had subscribed by then. */
  readonly operation: OperationInfo;
  /** As {@link WorkItemState} has it. */
  readonly outcome: 'fired' | 'cancelled' | 'closed';
  /** When this thread heard of it. */
  readonly endedAt: number;
  /** When it fired, where it has and that is known. */
  readonly firedAt?: number;
  /** The HRESULT that it fired with. */
  readonly status?: number;
  /** Who has ended it early: the reason of a signal, or an {@link RtwqError}. */
  readonly cause?: unknown;
}

export const describe = Symbol('describe');

/** What an operation knows of itself; what is kept for others is not shown. */
export interface Description extends Omit<OperationInfo, 'stack'> {
  /** How long it was meant to take, where it is due by that. */
  readonly delay?: number;
}

export interface Observable {
  /** Without it, or where it gives undefined, it is a part of another operation, or of the package. */
  [describe]?(): Description | undefined;
}

/** How an operation ended, besides what every end has. */
export type End = Omit<OperationEnd, 'operation' | 'endedAt'>;

const starts = channel('rtworkq:operation-start');
const ends = channel('rtworkq:operation-end');

class Trace {
  readonly #description: Description;
  readonly #origin: object | undefined;
  #info: OperationInfo | undefined;

  constructor({ delay, ...description }: Description, origin: object | undefined) {
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
      const { stack } = (this.#origin ?? {}) as { stack?: unknown };
      return typeof stack === 'string' ? stack : undefined;
    } catch {
      // A program may have an Error.prepareStackTrace of its own, which writes it down.
      return undefined;
    }
  }

  /** What subscribers are given, who may change it. */
  get info(): OperationInfo {
    if (!this.#info) {
      const { stack } = this;
      this.#info = stack === undefined ? { ...this.#description } : { ...this.#description, stack };
    }
    return this.#info;
  }
}

// By the methods as they are now: programs may change them.
const { captureStackTrace } = Error;
const traces = new WeakMap<object, Trace>();
const keep = traces.set.bind(traces);
const traceOf = traces.get.bind(traces);
const drop = traces.delete.bind(traces);
let everTraced = false;
let tracing = tracedFromTheStart();

function tracedFromTheStart(): boolean {
  try {
    return process.env['RTWORKQ_TRACE'] === '1';
  } catch {
    // Where reading the environment needs a permission.
    return false;
  }
}

/** Whether the frames of who starts an operation are kept. */
export function setTracing(enable: boolean): void {
  tracing = enable;
}

/** What hears of lateness, in milliseconds; `firing` is NaN where the operation was due at no known time. */
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

/** Whether somebody looks at starts. */
export const areStartsWatched = (): boolean => tracing || isMonitored() || starts.hasSubscribers || ends.hasSubscribers;

/** Whether somebody looks at ends, or something is kept that goes with them. */
export const areEndsWatched = (): boolean => everTraced || ends.hasSubscribers;

/** An operation has started; `caller` is the function of the package that the user has called for it. */
export function begun(operation: Observable, startedAt: number, caller: Caller): void {
  const description = operation[describe]?.();
  if (!description) return;
  everTraced = true;
  const trace = new Trace({ ...description, startedAt }, tracing ? origin(description.kind, caller) : undefined);
  keep(operation, trace);
  if (starts.hasSubscribers) later(() => starts.publish(trace.info));
}

/** Frames that are written down when somebody reads them, under the operation's kind. */
function origin(kind: OperationKind, caller: Caller): object {
  const holder = { name: kind, message: '' };
  captureStackTrace(holder, caller);
  return holder;
}

/** An operation is over. It is still as it was. */
export function ended(operation: Observable, end: End): void {
  const kept = traceOf(operation);
  drop(operation);
  if (!ends.hasSubscribers) return;
  const description = kept ? undefined : operation[describe]?.();
  const trace = description ? new Trace(description, undefined) : kept;
  if (!trace) return;
  const endedAt = now();
  later(() => ends.publish({ operation: trace.info, endedAt, ...end }));
}

// Pairs of numbers that nobody has been told yet.
let noted: number[] = [];

/** An operation that fired has come to JavaScript. */
export function heard(operation: Observable, firedAt: number, heardAt: number): void {
  if (operation[describe]?.()) note(firedAt - (traceOf(operation)?.dueAt ?? Number.NaN), heardAt - firedAt);
}

export function note(firing: number, delivery: number): void {
  // By index: programs may have changed the methods of arrays.
  if (noted.length === 0) later(tellListeners);
  noted[noted.length] = firing;
  noted[noted.length] = delivery;
}

function tellListeners(): void {
  const told = noted;
  noted = [];
  for (let index = 0; index < told.length; index += 2) {
    for (const listener of listeners) listener.record(told[index] as number, told[index + 1] as number);
  }
}

const sources: (() => Iterable<Observable>)[] = [];

/** Names what is pending in a part of the package. */
export function addSource(source: () => Iterable<Observable>): void {
  sources.push(source);
}

export interface Pending {
  readonly description: Description;
  readonly trace: Trace | undefined;
}

/** What is pending, as it is now. */
export function allPending(): Pending[] {
  const found: Pending[] = [];
  for (const source of sources) {
    for (const operation of source()) {
      const description = operation[describe]?.();
      if (description) found.push({ description, trace: traceOf(operation) });
    }
  }
  return found;
}
