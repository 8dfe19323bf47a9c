// Starts work items: what the functions of schedule.ts and wait.ts have in common with the methods of a work queue.
//
// Each reads the options, checks what they hold, resolves the handle and the queue, and then calls the addon. Nothing of the
// user's runs behind the resolving: before it, getters may have closed anything.

import { waitTarget } from '../handles/handle-state';
import { validateSignal } from '../internal/abort-signal';
import { requireAddon } from '../internal/binding';
import { currentEnvironment, type Environment } from '../internal/environment';
import { argumentTypeError, type Caller, rtwqError } from '../internal/errors';
import type { Index } from '../internal/native';
import { optional, readOptions, validateBoolean, validateDelay, validateInteger, validateUnsigned } from '../internal/validation';
import { LONG_FUNCTION, type QueueState, queueState, STANDARD } from '../queues/queue-state';
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

/** A place among the work items that wait for their turn on the queue: -1, 0 or 1. Default: `0`. */
export interface PriorityOptions {
  priority?: number | undefined;
}

/** What a work item of {@link invokeCallback} carries. */
export interface StatusOptions {
  /** The HRESULT of the async result, as an unsigned 32-bit number. Default: `0` (`S_OK`). */
  status?: number | undefined;
}

/** All that may stand in an options bag here; whoever calls has types for his own. */
interface AllOptions extends QueuedOptions, PriorityOptions, StatusOptions {
  queue?: object | undefined;
}

type Given = { readonly [Name in keyof AllOptions]: AllOptions[Name] };

const pickCommon = ({ signal, ref, work }: AllOptions): Given => ({ signal, ref, work });
const pickPut = ({ signal, ref, work, priority }: AllOptions): Given => ({ signal, ref, work, priority });
const pickInvoke = ({ signal, ref, work, status }: AllOptions): Given => ({ signal, ref, work, status });

/** The queue, before it is resolved: the one whose method this is, which takes no other, or that of the options. */
const readQueue = (on: object | undefined, options: AllOptions | undefined, caller: Caller): object | undefined =>
  on ?? readOptions(options, (given) => given.queue, caller);

function validateWork(work: unknown, caller: Caller): NativeWork {
  if (requireAddon(caller).isNativeWork(work)) return work as NativeWork;
  throw argumentTypeError('options.work', 'native work, made with rtworkq_create_work() of rtworkq_work.h', work, caller);
}

const validatePriority = (priority: unknown, caller: Caller): number =>
  optional(priority, 0, (value) => validateInteger(value, 'options.priority', -1, 1, caller));

/** Checks what all options have in common, but for the queue. */
const checked = ({ signal, ref, work }: Given, environment: Environment, caller: Caller): WorkItemSetup => ({
  environment,
  queue: STANDARD,
  signal: validateSignal(signal, 'options.signal', caller),
  ref: validateBoolean(ref, 'options.ref', true, caller),
  work: work === undefined ? undefined : validateWork(work, caller),
  waits: undefined,
});

const resolveQueue = (queue: object | undefined, on: object | undefined, syscall: string, caller: Caller): QueueState =>
  queue === undefined ? STANDARD : queueState(queue, on ? 'this' : 'options.queue', syscall, caller);

/** RtwqScheduleWorkItem. */
export function schedule(milliseconds: number, options: AllOptions | undefined, caller: Caller, on?: object): WorkItem {
  const environment = currentEnvironment(caller);
  const delay = validateDelay(milliseconds, 'milliseconds', caller);
  const queue = readQueue(on, options, caller);
  const given = readOptions(options, pickCommon, caller);
  const setup = checked(given, environment, caller);
  setup.queue = resolveQueue(queue, on, 'RtwqScheduleWorkItem', caller);
  return WorkItem.start(setup, caller, (native, id) => native.schedule(id, setup.queue.index, setup.ref, setup.work, delay));
}

/** RtwqPutWorkItem. */
export function put(options: AllOptions | undefined, caller: Caller, on?: object): WorkItem {
  const environment = currentEnvironment(caller);
  const queue = readQueue(on, options, caller);
  const given = readOptions(options, pickPut, caller);
  const setup = checked(given, environment, caller);
  const priority = validatePriority(given.priority, caller);
  setup.queue = resolveQueue(queue, on, 'RtwqPutWorkItem', caller);
  return WorkItem.start(setup, caller, (native, id) => native.put(id, setup.queue.index, setup.ref, setup.work, priority));
}

/** RtwqInvokeCallback. */
export function invoke(options: AllOptions | undefined, caller: Caller, on?: object): WorkItem {
  const environment = currentEnvironment(caller);
  const queue = readQueue(on, options, caller);
  const given = readOptions(options, pickInvoke, caller);
  const setup = checked(given, environment, caller);
  const status = optional(given.status, 0, (value) => validateUnsigned(value, 'options.status', caller));
  setup.queue = resolveQueue(queue, on, 'RtwqInvokeCallback', caller);
  return WorkItem.start(setup, caller, (native, id) => native.invoke(id, setup.queue.index, setup.ref, setup.work, status));
}

/** RtwqPutWaitingWorkItem. */
export const wait = (target: unknown, options: AllOptions | undefined, caller: Caller, on?: object): WorkItem =>
  prepareWait(target, options, caller, on).run();

/** A wait whose arguments are checked and resolved, and which has not begun. */
export interface PreparedWait {
  /** Whether its signal had aborted. */
  readonly aborted: boolean;
  readonly handle: Index | bigint;
  run(): WorkItem;
}

export function prepareWait(target: unknown, options: AllOptions | undefined, caller: Caller, on?: object): PreparedWait {
  const syscall = 'RtwqPutWaitingWorkItem';
  const environment = currentEnvironment(caller);
  const queue = readQueue(on, options, caller);
  const given = readOptions(options, pickPut, caller);
  const setup = checked(given, environment, caller);
  const priority = validatePriority(given.priority, caller);
  const { handle, waits } = waitTarget(target, syscall, caller);
  setup.waits = waits;
  setup.queue = resolveQueue(queue, on, syscall, caller);
  if (setup.queue === LONG_FUNCTION) {
    throw rtwqError('E_INVALIDARG', syscall, caller, 'Windows has no waits on the queue for long functions (7): take another queue.');
  }
  return {
    aborted: setup.signal?.aborted ?? false,
    handle,
    run: () => WorkItem.start(setup, caller, (native, id) => native.wait(id, setup.queue.index, setup.ref, setup.work, priority, handle)),
  };
}
