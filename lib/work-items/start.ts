// Starts work items: the code shared by the functions of schedule.ts and wait.ts and the methods of a work queue.
//
// Each function reads the options, checks them, looks up the handle and the queue, and then calls the addon. No user code may run
// after the look-up: getters that run before it may have closed anything.

import { type SignalLink, validateSignal } from '../internal/abort-signal';
import { requireAddon } from '../internal/binding';
import { rtworkqEnvironment } from '../internal/environment';
import { abortErrorFrom, argumentTypeError, type Caller, rtwqError } from '../internal/errors';
import { waitTarget } from '../internal/handle-state';
import type { Index } from '../internal/native';
import { optionsReader } from '../internal/options';
import { LONG_FUNCTION, type QueueState, queueState, STANDARD } from '../internal/queue-state';
import { unwrapped } from '../internal/self';
import { validateBoolean, validateDelay, validateInteger, validateUnsigned } from '../internal/validation';
import { type Kind, Launch } from './launch';
import { Results, type WorkItemsResult } from './results';
import { WorkItem } from './work-item';

declare const nativeWork: unique symbol;

/**
 * Native work from another addon, made with `include/rtworkq_work.h`.
 *
 * It is a function that runs on a thread of the work queue. Its return value becomes the work item's
 * {@link WorkItemResult.status | status}.
 */
export interface NativeWork {
  readonly [nativeWork]: never;
}

/** Options common to the functions that start a work item on a given work queue. */
export interface QueuedOptions {
  /** Cancels the work item when it aborts; the rejection's `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Whether the pending work item keeps the process alive. Default: `true`. */
  ref?: boolean | undefined;
  /** Native work to run on the queue's thread; the work item fires when it returns. */
  work?: NativeWork | undefined;
}

/** The priority among the work items waiting on the queue: -1, 0 or 1. Default: `0`. */
export interface PriorityOptions {
  priority?: number | undefined;
}

/** The status that a work item of {@link invokeCallback} carries. */
export interface StatusOptions {
  /** The HRESULT of the async result, as an unsigned 32-bit number. Default: `0` (`S_OK`). */
  status?: number | undefined;
}

/** All options that the functions here know; each caller's types are narrower. */
interface AllOptions extends QueuedOptions, PriorityOptions, StatusOptions {
  queue?: unknown;
}

/** Options that have been read, once, but not checked. */
type Given = { readonly [Name in keyof AllOptions]: AllOptions[Name] };

// For a function, and for the method of a queue, which takes no `queue` option.
const readSchedule = optionsReader(({ queue, signal, ref, work }: AllOptions): Given => ({ queue: unwrapped(queue), signal, ref, work }));
const readScheduleOn = optionsReader(({ signal, ref, work }: AllOptions): Given => ({ signal, ref, work }));
const readPut = optionsReader(
  ({ queue, signal, ref, work, priority }: AllOptions): Given => ({ queue: unwrapped(queue), signal, ref, work, priority }),
);
const readPutOn = optionsReader(({ signal, ref, work, priority }: AllOptions): Given => ({ signal, ref, work, priority }));
const readInvoke = optionsReader(
  ({ queue, signal, ref, work, status }: AllOptions): Given => ({ queue: unwrapped(queue), signal, ref, work, status }),
);
const readInvokeOn = optionsReader(({ signal, ref, work, status }: AllOptions): Given => ({ signal, ref, work, status }));

function validateWork(work: unknown, caller: Caller): void {
  if (requireAddon(caller).isNativeWork(work)) return;
  throw argumentTypeError('options.work', 'native work created with rtworkq_create_work() from rtworkq_work.h', work, caller);
}

const validatePriority = (priority: unknown, caller: Caller): number =>
  priority === undefined ? 0 : validateInteger(priority, 'options.priority', -1, 1, caller);

/** Checks the options that all functions share, except the queue, and reads the signal. */
function check({ signal, ref, work }: Given, caller: Caller): SignalLink | undefined {
  const link = validateSignal(signal, 'options.signal', caller);
  validateBoolean(ref, 'options.ref', true, caller);
  if (work !== undefined) validateWork(work, caller);
  return link;
}

/** The queue whose method was called, or the one in the options. */
const resolveQueue = (queue: unknown, on: unknown, syscall: string, caller: Caller): QueueState =>
  on ? queueState(on, 'this', syscall, caller) : queue === undefined ? STANDARD : queueState(queue, 'options.queue', syscall, caller);

const SCHEDULE: Kind = {
  name: 'scheduleWorkItem',
  waits: true,
  begin: (id, { environment, queue, ref, work, delay }) => environment.native.schedule(id, queue.index, ref, work, delay),
};
const PUT: Kind = {
  name: 'putWorkItem',
  waits: false,
  begin: (id, { environment, queue, ref, work, priority }) => environment.native.put(id, queue.index, ref, work, priority),
};
const PUT_MANY: Kind = {
  name: 'putWorkItems',
  waits: false,
  begin: (id, { environment, queue, ref, work, priority, details }) =>
    environment.native.putMany(id, queue.index, ref, work, priority, (details.results as Results).count),
};
const INVOKE: Kind = {
  name: 'invokeCallback',
  waits: false,
  begin: (id, { environment, queue, ref, work, status }) => environment.native.invoke(id, queue.index, ref, work, status),
};
const WAIT: Kind = {
  name: 'putWaitingWorkItem',
  waits: true,
  begin: (id, { environment, queue, ref, work, priority, details }) =>
    environment.native.wait(id, queue.index, ref, work, priority, details.handle as Index | bigint),
};

/** RtwqScheduleWorkItem. */
export function schedule(milliseconds: number, options: AllOptions | undefined, caller: Caller, on?: unknown): WorkItem {
  const environment = rtworkqEnvironment(caller);
  const delay = validateDelay(milliseconds, 'milliseconds', caller);
  const given = (on ? readScheduleOn : readSchedule)(options, caller);
  const signal = check(given, caller);
  const queue = resolveQueue(given.queue, on, 'RtwqScheduleWorkItem', caller);
  const launch = new Launch(SCHEDULE, environment, queue, signal, given);
  launch.delay = delay;
  return WorkItem.start(launch, caller);
}

/** RtwqPutWorkItem. */
export function put(options: AllOptions | undefined, caller: Caller, on?: unknown): WorkItem {
  const environment = rtworkqEnvironment(caller);
  const given = (on ? readPutOn : readPut)(options, caller);
  const signal = check(given, caller);
  const priority = validatePriority(given.priority, caller);
  const queue = resolveQueue(given.queue, on, 'RtwqPutWorkItem', caller);
  const launch = new Launch(PUT, environment, queue, signal, given);
  launch.priority = priority;
  return WorkItem.start(launch, caller);
}

// This many items at once take about 8 GB in Wine.
const MAX_ITEMS = 2 ** 24;

/** RtwqPutWorkItem, for each of many. */
export function putMany(count: number, options: AllOptions | undefined, caller: Caller, on?: unknown): WorkItem<WorkItemsResult> {
  const environment = rtworkqEnvironment(caller);
  validateInteger(count, 'count', 0, MAX_ITEMS, caller);
  const given = (on ? readPutOn : readPut)(options, caller);
  const signal = check(given, caller);
  const priority = validatePriority(given.priority, caller);
  const results = new Results(count);
  const queue = resolveQueue(given.queue, on, 'RtwqPutWorkItem', caller);
  const launch = new Launch(PUT_MANY, environment, queue, signal, given);
  launch.priority = priority;
  launch.details = { results };
  return WorkItem.start(launch, caller);
}

/** RtwqInvokeCallback. */
export function invoke(options: AllOptions | undefined, caller: Caller, on?: unknown): WorkItem {
  const environment = rtworkqEnvironment(caller);
  const given = (on ? readInvokeOn : readInvoke)(options, caller);
  const signal = check(given, caller);
  const status = given.status === undefined ? 0 : validateUnsigned(given.status, 'options.status', caller);
  const queue = resolveQueue(given.queue, on, 'RtwqInvokeCallback', caller);
  const launch = new Launch(INVOKE, environment, queue, signal, given);
  launch.status = status;
  return WorkItem.start(launch, caller);
}

/** RtwqPutWaitingWorkItem. */
export function wait(target: unknown, options: AllOptions | undefined, caller: Caller, on?: unknown): WorkItem {
  const syscall = 'RtwqPutWaitingWorkItem';
  const environment = rtworkqEnvironment(caller);
  const waitable = unwrapped(target);
  const given = (on ? readPutOn : readPut)(options, caller);
  const signal = check(given, caller);
  const priority = validatePriority(given.priority, caller);
  const aborted = abortErrorFrom(caller);
  const { handle, waits } = waitTarget(waitable, 'target', syscall, caller);
  const queue = resolveQueue(given.queue, on, syscall, caller);
  if (queue === LONG_FUNCTION) {
    const detail = 'Windows does not support waits on the long-function queue (7). Use another queue.';
    throw rtwqError('E_INVALIDARG', syscall, caller, detail);
  }
  const launch = new Launch(WAIT, environment, queue, signal, given);
  launch.priority = priority;
  launch.details = { handle, waits, aborted };
  return WorkItem.start(launch, caller);
}
