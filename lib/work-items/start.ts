// Starts work items: what the functions of schedule.ts and wait.ts have in common with the methods of a work queue.

import { type WaitTarget, waitTarget } from '../handles/handle-state';
import { requireAddon } from '../internal/binding';
import type { Begin, Environment } from '../internal/environment';
import { argumentTypeError, type Caller } from '../internal/errors';
import type { Index } from '../internal/native';
import {
  optional,
  validateBoolean,
  validateDelay,
  validateInteger,
  validateOptions,
  validateSignal,
  validateUnsigned,
} from '../internal/validation';
import { currentEnvironment, usePlatform } from '../platform/platform';
import { type QueueState, queueState, STANDARD } from '../queues/queue-state';
import type { WorkQueue } from '../queues/work-queue';
import { WorkItem, type WorkItemSetup } from './work-item';

declare const nativeWork: unique symbol;

/**
 * Native work of another addon, made with `include/rtworkq_work.h`: a function that runs on a thread of the work queue. What
 * it returns is the {@link WorkItemResult.status | status} of the work item.
 */
export interface NativeWork {
  readonly [nativeWork]: never;
}

/** What the functions that start a work item on a given work queue have in common. */
export interface QueuedOptions {
  /** Cancels the work item when it aborts; the rejection's `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Whether the pending work item keeps the process alive. Default: `true`. */
  ref?: boolean | undefined;
  /** Native work to run on the queue's thread; the work item fires when it has returned. */
  work?: NativeWork | undefined;
}

/** What the functions that start a work item have in common. */
export interface WorkItemOptions extends QueuedOptions {
  /** The work queue that the work item runs on. Default: {@link WorkQueue.standard}. */
  queue?: WorkQueue | undefined;
}

/** A place among the work items that wait for their turn on the queue: -1, 0 or 1. Default: `0`. */
export interface PriorityOptions {
  priority?: number | undefined;
}

/** What a work item of {@link invokeCallback} carries. */
export interface StatusOptions {
  /** The HRESULT of the async result, as an unsigned 32-bit number. Default: `0` (`S_OK`). */
  status?: number | undefined;
}

// Plain functions over one object: this is the path that programs take hundreds of thousands of times a second.

/** Checks what all options have in common. */
function setUp(
  given: Partial<WorkItemOptions>,
  environment: Environment,
  syscall: string,
  caller: Caller,
  queue: QueueState | undefined,
): WorkItemSetup {
  return {
    environment,
    queue: queue ?? (given.queue === undefined ? STANDARD : queueState(given.queue, 'options.queue', syscall, caller)),
    signal: validateSignal(given.signal, 'options.signal', caller),
    ref: validateBoolean(given.ref, 'options.ref', true, caller),
    work: given.work === undefined ? undefined : validateWork(given.work, caller),
    settled: undefined,
  };
}

function validateWork(work: unknown, caller: Caller): NativeWork {
  if (requireAddon(caller).isNativeWork(work)) return work as NativeWork;
  throw argumentTypeError('options.work', 'native work, made with rtworkq_create_work() of rtworkq_work.h', work, caller);
}

const priorityOf = ({ priority }: PriorityOptions, caller: Caller): number =>
  priority === undefined ? 0 : validateInteger(priority, 'options.priority', -1, 1, caller);

/** Starts a work item, unless its signal has aborted. */
const start = (setup: WorkItemSetup, caller: Caller, begin: Begin): WorkItem =>
  setup.signal?.aborted ? WorkItem.aborted(setup) : usePlatform(() => WorkItem.start(setup, caller, begin));

/** RtwqScheduleWorkItem. */
export function schedule(milliseconds: number, options: WorkItemOptions | undefined, caller: Caller, queue?: QueueState): WorkItem {
  const environment = currentEnvironment(caller);
  const delay = validateDelay(milliseconds, 'milliseconds', caller);
  const setup = setUp(validateOptions(options, caller), environment, 'RtwqScheduleWorkItem', caller, queue);
  return start(setup, caller, (native, slot) => native.schedule(slot, setup.queue.index, setup.ref, setup.work, delay));
}

/** RtwqPutWorkItem. */
export function put(options: (WorkItemOptions & PriorityOptions) | undefined, caller: Caller, queue?: QueueState): WorkItem {
  const environment = currentEnvironment(caller);
  const given = validateOptions(options, caller);
  const setup = setUp(given, environment, 'RtwqPutWorkItem', caller, queue);
  const priority = priorityOf(given, caller);
  return start(setup, caller, (native, slot) => native.put(slot, setup.queue.index, setup.ref, setup.work, priority));
}

/** RtwqInvokeCallback. */
export function invoke(options: (WorkItemOptions & StatusOptions) | undefined, caller: Caller, queue?: QueueState): WorkItem {
  const environment = currentEnvironment(caller);
  const given = validateOptions(options, caller);
  const setup = setUp(given, environment, 'RtwqInvokeCallback', caller, queue);
  const status = optional(given.status, 0, (value) => validateUnsigned(value, 'options.status', caller));
  return start(setup, caller, (native, slot) => native.invoke(slot, setup.queue.index, setup.ref, setup.work, status));
}

type WaitArguments = [target: WaitTarget, options: (WorkItemOptions & PriorityOptions) | undefined, caller: Caller, queue?: QueueState];

/** RtwqPutWaitingWorkItem. */
export const wait = (...args: WaitArguments): WorkItem => prepareWait(...args).run();

/** A wait whose arguments are checked, and which has not begun. */
export function prepareWait(...[target, options, caller, queue]: WaitArguments): { handle: Index | bigint; run(): WorkItem } {
  const environment = currentEnvironment(caller);
  const { handle, waits } = waitTarget(target, 'target', 'RtwqPutWaitingWorkItem', caller);
  const given = validateOptions(options, caller);
  const setup = setUp(given, environment, 'RtwqPutWaitingWorkItem', caller, queue);
  const priority = priorityOf(given, caller);
  if (waits) setup.settled = (item) => waits.delete(item);
  const run = (): WorkItem => {
    const item = start(setup, caller, (native, slot) => native.wait(slot, setup.queue.index, setup.ref, setup.work, priority, handle));
    if (item.state === 'pending') waits?.add(item);
    return item;
  };
  return { handle, run };
}
