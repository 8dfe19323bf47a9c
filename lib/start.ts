// Starts work items: what the functions of schedule.ts and wait.ts have in common with the methods of a work queue.

import { requireAddon } from './binding';
import type { Environment } from './environment';
import { argumentTypeError, type Caller } from './errors';
import type { NativeEnvironment, Outcome } from './native';
import { currentEnvironment, usePlatform } from './platform';
import { type QueueState, queueState, STANDARD } from './queue-state';
import { optional, validateBoolean, validateDelay, validateInteger, validateOptions, validateSignal, validateUnsigned } from './validate';
import { type WaitTarget, waitTarget } from './wait-target';
import { WorkItem, type WorkItemSetup } from './work-item';
import type { WorkQueue } from './work-queue';

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

/** A work item's options, checked. */
class Start<Options extends WorkItemOptions> {
  readonly environment: Environment;
  readonly options: Partial<Options>;
  readonly #caller: Caller;
  readonly #queue: QueueState;
  readonly #setup: WorkItemSetup;
  readonly #work: NativeWork | undefined;

  constructor(options: Options | undefined, syscall: string, caller: Caller, queue?: QueueState) {
    this.environment = currentEnvironment(caller);
    this.options = validateOptions(options, caller);
    const given = this.options;
    this.#caller = caller;
    this.#queue = queue ?? (given.queue === undefined ? STANDARD : queueState(given.queue, 'options.queue', syscall, caller));
    this.#setup = {
      environment: this.environment,
      queue: this.#queue,
      signal: validateSignal(given.signal, 'options.signal', caller),
      ref: validateBoolean(given.ref, 'options.ref', true, caller),
    };
    this.#work = validateWork(given.work, caller);
  }

  get priority(): number {
    const { priority } = this.options as PriorityOptions;
    return optional(priority, 0, (value) => validateInteger(value, 'options.priority', -1, 1, this.#caller));
  }

  /** Starts the work item, unless its signal has aborted. */
  run(
    begin: (native: NativeEnvironment, slot: number, queue: number, ref: boolean, work: unknown) => Outcome,
    settled?: (item: WorkItem) => void,
  ): WorkItem {
    const setup = this.#setup;
    if (setup.signal?.aborted) return WorkItem.aborted(setup);
    setup.settled = settled;
    return usePlatform(() =>
      WorkItem.start(setup, this.#caller, (native, slot) => begin(native, slot, this.#queue.index, setup.ref, this.#work)),
    );
  }
}

function validateWork(work: unknown, caller: Caller): NativeWork | undefined {
  if (work === undefined) return undefined;
  if (requireAddon(caller).isNativeWork(work)) return work as NativeWork;
  throw argumentTypeError('options.work', 'native work, made with rtworkq_create_work() of rtworkq_work.h', work, caller);
}

/** RtwqScheduleWorkItem. */
export function schedule(milliseconds: number, options: WorkItemOptions | undefined, caller: Caller, queue?: QueueState): WorkItem {
  currentEnvironment(caller);
  const delay = validateDelay(milliseconds, 'milliseconds', caller);
  const start = new Start(options, 'RtwqScheduleWorkItem', caller, queue);
  return start.run((native, slot, on, ref, work) => native.schedule(slot, on, ref, work, delay));
}

/** RtwqPutWorkItem. */
export function put(options: (WorkItemOptions & PriorityOptions) | undefined, caller: Caller, queue?: QueueState): WorkItem {
  const start = new Start(options, 'RtwqPutWorkItem', caller, queue);
  const { priority } = start;
  return start.run((native, slot, on, ref, work) => native.put(slot, on, ref, work, priority));
}

/** RtwqInvokeCallback. */
export function invoke(options: (WorkItemOptions & StatusOptions) | undefined, caller: Caller, queue?: QueueState): WorkItem {
  const start = new Start(options, 'RtwqInvokeCallback', caller, queue);
  const { status: given } = start.options as StatusOptions;
  const status = optional(given, 0, (value) => validateUnsigned(value, 'options.status', caller));
  return start.run((native, slot, on, ref, work) => native.invoke(slot, on, ref, work, status));
}

type WaitOptions = WorkItemOptions & PriorityOptions;

/** RtwqPutWaitingWorkItem. */
export function wait(target: WaitTarget, options: WaitOptions | undefined, caller: Caller, queue?: QueueState): WorkItem {
  return prepareWait(target, options, caller, queue)();
}

/** The same in two steps: the arguments are checked, and then what this gives begins the wait. */
export function prepareWait(target: WaitTarget, options: WaitOptions | undefined, caller: Caller, queue?: QueueState): () => WorkItem {
  currentEnvironment(caller);
  const { handle, waits } = waitTarget(target, 'target', 'RtwqPutWaitingWorkItem', caller);
  const start = new Start(options, 'RtwqPutWaitingWorkItem', caller, queue);
  const { priority } = start;
  return () => {
    const item = start.run(
      (native, slot, on, ref, work) => native.wait(slot, on, ref, work, priority, handle),
      waits && ((settled) => waits.delete(settled)),
    );
    if (item.state === 'pending') waits?.add(item);
    return item;
  };
}
