// Work queues: RtwqAllocateWorkQueue, RtwqAllocateSerialWorkQueue, RtwqLockSharedWorkQueue, RtwqLockWorkQueue, RtwqUnlockWorkQueue,
// RtwqSetLongRunning, and all queue operations as methods.

import type { WaitTarget } from '../handles/wait-handle';
import { fired, type Operation, rtworkqEnvironment, waitsOn } from '../internal/environment';
import { type Caller, codedError, endedBy, rtwqError } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { NativeEnvironment, Outcome } from '../internal/native';
import { describe } from '../internal/observation';
import { optionsReader } from '../internal/options';
import { LONG_FUNCTION, MULTITHREADED, QueueState, queueState, registerQueue, STANDARD } from '../internal/queue-state';
import { owner, returning, self, unwrapped } from '../internal/self';
import { optional, validateBoolean, validateInteger, validateOneOf, validateUnsigned } from '../internal/validation';
import { withResolvers } from '../internal/with-resolvers';
import { validateUsageClass } from '../mmcss/classes';
import { mmcssOf, type QueueMmcssRegistration, registerQueue as registerWithMmcss } from '../mmcss/queue-registration';
import type { MmcssInfo, MmcssOptions } from '../mmcss/registration';
import { usePlatform, whenEnded } from '../platform/platform';
import type { WorkItemsResult } from '../work-items/results';
import { invoke, type PriorityOptions, put, putMany, type QueuedOptions, type StatusOptions, schedule, wait } from '../work-items/start';
import type { WorkItem } from '../work-items/work-item';
import { type Deadline, type DeadlineOptions, setDeadline } from './deadline';
import { type JoinedHandle, joinHandle } from './join';

/**
 * The type of a private work queue.
 *
 * - `'standard'`: serial, one item at a time, in the order in which they were put;
 * - `'window'`: the same, on a thread with a message loop;
 * - `'multithreaded'`: items overlap. Microsoft advises against private ones: prefer {@link WorkQueue.multithreaded}.
 */
export type WorkQueueType = 'standard' | 'window' | 'multithreaded';

/**
 * What kind of queue a {@link WorkQueue} is: from {@link WorkQueue.allocate}, another function, or {@link WorkQueue.longFunction}.
 */
export type WorkQueueKind = WorkQueueType | 'serial' | 'shared' | 'longFunction';

/** Options of {@link WorkQueue.lockShared}. */
export interface SharedQueueOptions {
  /** The base priority of the queue's threads, from -2 (very low) to 2 (critical). Default: `0`. */
  basePriority?: number | undefined;
  /** The MMCSS task group to join. Default: `0`, a new one; {@link WorkQueue.taskId} has its id. */
  taskId?: number | undefined;
}

/** Options of {@link WorkQueue.close}. */
export interface CloseOptions {
  /** Whether to wait for scheduled and waiting work items instead of ending them. Default: `false`. */
  drain?: boolean | undefined;
}

// The values of RTWQ_WORKQUEUE_TYPE.
const TYPES: Record<WorkQueueType, number> = { standard: 0, window: 1, multithreaded: 2 };

const SMALLEST_PRIVATE_ID = 0x10000;

interface QueueDetails {
  readonly taskId?: number;
  readonly type?: WorkQueueKind | undefined;
}

const readShared = optionsReader(({ basePriority, taskId }: SharedQueueOptions): SharedQueueOptions => ({ basePriority, taskId }));
const readClose = optionsReader(({ drain }: CloseOptions): CloseOptions => ({ drain }));

const KEY = Symbol('work queues are made by the static methods of WorkQueue');

// A queue that is garbage-collected is unlocked.
const forgotten = new FinalizationRegistry<QueueState>((state) => state.end());

/**
 * An RTWorkQ work queue, with one lock on it.
 *
 * Work items on it fire on its threads; their promises settle on the JavaScript thread. Queues are for native work:
 * {@link WorkItemOptions.work}.
 *
 * {@link WorkQueue.close | Close} every queue except the three process-wide ones. If you drop the last reference, the queue is
 * unlocked when it is garbage-collected or its thread ends.
 *
 * @example
 * ```ts
 * await using queue = WorkQueue.allocateSerial(WorkQueue.multithreaded);
 * const { status } = await queue.put({ work: addon.work });
 * ```
 */
export class WorkQueue implements AsyncDisposable {
  /** The standard queue (1): serial, and shared by everything in the process. Never block it. You cannot close it. */
  static readonly standard: WorkQueue = new WorkQueue(KEY, STANDARD, { type: 'standard' });
  /** The multithreaded queue (5): its items overlap. Shared by everything in the process. You cannot close it. */
  static readonly multithreaded = new WorkQueue(KEY, MULTITHREADED, { type: 'multithreaded' });
  /**
   * The queue for long or blocking items (7). On Windows its threads are single-threaded apartments. You cannot use it for waits,
   * and you cannot close it.
   */
  static readonly longFunction = new WorkQueue(KEY, LONG_FUNCTION, { type: 'longFunction' });

  readonly #state: QueueState;
  /** @internal */
  readonly [self]: () => this = returning(this);
  #closed: Promise<void> | undefined;
  /** The MMCSS task group of a queue from {@link WorkQueue.lockShared}; 0 for other queues and for the usage class `''`. */
  readonly taskId: number;
  /** What kind of queue it is; undefined for a queue of another thread or other code, locked by id. */
  readonly type: WorkQueueKind | undefined;

  private constructor(key: symbol, state: QueueState, details: QueueDetails) {
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', WorkQueue);
    this.#state = state;
    this.type = details.type;
    this.taskId = details.taskId ?? 0;
    registerQueue(this, state);
    if (state.lockedBy) forgotten.register(this, state, this);
  }

  static {
    showAs(WorkQueue, 'WorkQueue', ({ id, type, closed }) => ({ id, type, closed }));
  }

  /**
   * Allocates a private work queue (`RtwqAllocateWorkQueue`).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for an invalid type.
   * @throws {@link RtwqError} if the call fails: `E_FAIL` (under Wine `E_OUTOFMEMORY`) if there are too many queues.
   * @example
   * ```ts
   * const queue = WorkQueue.allocate('standard');
   * ```
   */
  static allocate(type: WorkQueueType): WorkQueue {
    const caller = WorkQueue.allocate;
    rtworkqEnvironment(caller);
    const number = TYPES[validateOneOf(type, 'type', Object.keys(TYPES) as WorkQueueType[], caller)];
    return WorkQueue.#make(caller, (native) => native.allocateQueue(number), { type });
  }

  /**
   * Allocates a serial queue on top of another work queue (`RtwqAllocateSerialWorkQueue`).
   *
   * Its items run on the target's threads, one at a time, in the order in which they were put. The target stays locked meanwhile:
   * its {@link WorkQueue.close} waits.
   *
   * @param target any queue of this thread, including serial and process-wide queues, but not one of type `'window'`.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` if `target` is not a work queue.
   * @throws {@link RtwqError} `E_INVALIDARG` for a window queue, `RTWQ_E_INVALID_WORKQUEUE` for a closed one.
   * @example
   * ```ts
   * const serial = WorkQueue.allocateSerial(WorkQueue.multithreaded);
   * ```
   */
  static allocateSerial(target: WorkQueue): WorkQueue {
    const caller = WorkQueue.allocateSerial;
    const syscall = 'RtwqAllocateSerialWorkQueue';
    rtworkqEnvironment(caller);
    const queue = unwrapped(target) as WorkQueue;
    const { index } = queueState(queue, 'target', syscall, caller);
    if (queue.type === 'window') {
      throw rtwqError('E_INVALIDARG', syscall, caller, 'A serial queue cannot run on a queue with a message loop.');
    }
    return WorkQueue.#make(caller, (native) => native.allocateSerialQueue(index), { type: 'serial' });
  }

  /**
   * Locks the shared work queue of an MMCSS class (`RtwqLockSharedWorkQueue`).
   *
   * Shared queues are multithreaded. The process has one for each task group.
   *
   * @param usageClass a class from {@link listMmcssClasses}, or `''` for the shared queue of regular priority.
   * @param options not for the usage class `''`.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
   * @throws {@link RtwqError} `ERROR_INVALID_TASK_NAME` if the registry has no such class; other codes if the call fails, for
   *   example because the task group belongs to another class.
   * @example
   * ```ts
   * await using audio = WorkQueue.lockShared('Pro Audio', { basePriority: 1 });
   * audio.taskId; // for registerThreadWithMmcss('Pro Audio', { taskId })
   * ```
   */
  static lockShared(usageClass: string, options?: SharedQueueOptions): WorkQueue {
    const caller = WorkQueue.lockShared;
    rtworkqEnvironment(caller);
    const name = usageClass === '' ? '' : validateUsageClass(usageClass, 'RtwqLockSharedWorkQueue', caller);
    const given = readShared(options, caller);
    // The queue of regular priority has no task group.
    const [low, high, last] = name === '' ? [0, 0, 0] : [-2, 2, 2 ** 32 - 1];
    const priority = optional(given.basePriority, 0, (value) => validateInteger(value, 'options.basePriority', low, high, caller));
    const taskId = optional(given.taskId, 0, (value) => validateInteger(value, 'options.taskId', 0, last, caller));
    return WorkQueue.#make(caller, (native) => native.lockSharedQueue(name, priority, taskId), { shared: name !== '', type: 'shared' });
  }

  /**
   * Locks an existing work queue by id (`RtwqLockWorkQueue`): one of another thread, or of other code in this process.
   *
   * The ids 1, 5 and 7 return the process-wide queues, which you do not need to close.
   *
   * @param id a {@link WorkQueue.id}, from 0 to 2 ** 32 - 1. Ids below 2 ** 16 other than 1, 5 and 7 are RTWorkQ's own; you cannot
   *   lock them.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for an invalid id.
   * @throws {@link RtwqError} `RTWQ_E_INVALID_WORKQUEUE` if there is no queue with this id, or it is RTWorkQ's own.
   * @example
   * ```ts
   * const queue = WorkQueue.lock(workerData.queueId); // in a Worker
   * ```
   */
  static lock(id: number): WorkQueue {
    return WorkQueue.#lock(id, WorkQueue.lock, {});
  }

  static #lock(id: number, caller: Caller, details: QueueDetails): WorkQueue {
    rtworkqEnvironment(caller);
    validateUnsigned(id, 'id', caller);
    const processQueue = [WorkQueue.standard, WorkQueue.multithreaded, WorkQueue.longFunction].find((queue) => queue.id === id);
    if (processQueue) return processQueue;
    // The remaining low ids are RTWorkQ's own. Not every RTWorkQ.dll rejects them (docs/wine.md).
    if (id < SMALLEST_PRIVATE_ID) throw rtwqError('RTWQ_E_INVALID_WORKQUEUE', 'RtwqLockWorkQueue', caller);
    return WorkQueue.#make(caller, (native) => native.lockQueue(id), details);
  }

  static #make(
    caller: Caller,
    make: (native: NativeEnvironment) => Outcome,
    { shared = false, ...details }: QueueDetails & { shared?: boolean },
  ): WorkQueue {
    const environment = rtworkqEnvironment(caller);
    const start = (): Outcome => make(environment.native);
    return usePlatform(environment, caller, start, (out) => {
      const state = new QueueState(out[0] as number, out[1] as number, environment);
      return new WorkQueue(KEY, state, { ...details, taskId: shared ? (out[2] as number) : 0 });
    });
  }

  /** The queue's id in this process, for native code or for {@link WorkQueue.lock} in a Worker. */
  get id(): number {
    return owner(this, WorkQueue, 'WorkQueue', 'id').#state.id;
  }

  /** Whether the queue has been closed, by {@link WorkQueue.close} or by {@link shutdown}. */
  get closed(): boolean {
    return !owner(this, WorkQueue, 'WorkQueue', 'closed').#state.open;
  }

  /** {@link putWorkItem} on this queue. */
  put(options?: QueuedOptions & PriorityOptions): WorkItem {
    return put(options, this.put, unwrapped(this));
  }

  /** {@link putWorkItems} on this queue. */
  putMany(count: number, options?: QueuedOptions & PriorityOptions): WorkItem<WorkItemsResult> {
    return putMany(count, options, this.putMany, unwrapped(this));
  }

  /** {@link scheduleWorkItem} on this queue. */
  schedule(milliseconds: number, options?: QueuedOptions): WorkItem {
    return schedule(milliseconds, options, this.schedule, unwrapped(this));
  }

  /** {@link putWaitingWorkItem} on this queue. */
  wait(target: WaitTarget, options?: QueuedOptions & PriorityOptions): WorkItem {
    return wait(target, options, this.wait, unwrapped(this));
  }

  /** {@link invokeCallback} on this queue. */
  invoke(options?: QueuedOptions & StatusOptions): WorkItem {
    return invoke(options, this.invoke, unwrapped(this));
  }

  /**
   * Tells RTWorkQ whether the queue's work items take long or block (`RtwqSetLongRunning`). RTWorkQ then gives them their own
   * threads.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` if it is not a boolean.
   * @throws {@link RtwqError} if the call fails; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue.
   * @example
   * ```ts
   * queue.setLongRunning(true);
   * ```
   */
  setLongRunning(enable: boolean): void {
    const caller = this.setLongRunning;
    const environment = rtworkqEnvironment(caller);
    const value = validateBoolean(enable, 'enable', undefined, caller);
    const { index } = queueState(unwrapped(this), 'this', 'RtwqSetLongRunning', caller);
    const start = (): Outcome => environment.native.setLongRunning(index, value);
    usePlatform(environment, caller, start, () => {});
  }

  /**
   * Locks the queue once more (`RtwqLockWorkQueue`), for another owner, who closes it independently.
   *
   * @returns another object for the same queue.
   * @throws {@link RtwqError} if the call fails; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue.
   * @example
   * ```ts
   * await using mine = queue.lock();
   * ```
   */
  lock(): WorkQueue {
    const caller = this.lock;
    rtworkqEnvironment(caller);
    const queue = unwrapped(this) as WorkQueue;
    return WorkQueue.#lock(queueState(queue, 'this', 'RtwqLockWorkQueue', caller).id, caller, { type: queue.type });
  }

  /**
   * Registers the queue with MMCSS, so that its threads run at the priority of the class.
   *
   * MMCSS is the Multimedia Class Scheduler Service. Windows functions: `RtwqBeginRegisterWorkQueueWithMMCSS`,
   * `RtwqEndRegisterWorkQueueWithMMCSS`.
   *
   * @param usageClass a class from {@link listMmcssClasses}, such as `'Pro Audio'`.
   * @returns a promise of the registration: unregister or dispose it. Use its task id to put other queues and threads in the same
   *   group ({@link registerThreadWithMmcss}). Rejects with an {@link RtwqError} if the call fails, and with
   *   `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or `ERR_OUT_OF_RANGE` for invalid arguments.
   * @example
   * ```ts
   * await using queue = WorkQueue.allocate('standard');
   * await using registration = await queue.registerWithMmcss('Pro Audio', { priority: 1 });
   * ```
   */
  async registerWithMmcss(usageClass: string, options?: MmcssOptions): Promise<QueueMmcssRegistration> {
    return registerWithMmcss(unwrapped(this), usageClass, options, this.registerWithMmcss);
  }

  /**
   * Returns the queue's current MMCSS class, task group and priority.
   *
   * Windows functions: `RtwqGetWorkQueueMMCSSClass`, `RtwqGetWorkQueueMMCSSTaskId`, `RtwqGetWorkQueueMMCSSPriority`.
   *
   * @throws {@link RtwqError} if the call fails; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue.
   * @example
   * ```ts
   * queue.mmcss().usageClass; // 'Pro Audio', or '' if it is not registered
   * ```
   */
  mmcss(): MmcssInfo {
    return mmcssOf(unwrapped(this), this.mmcss);
  }

  /**
   * Sets a deadline for the work on the queue (`RtwqSetDeadline`, or `RtwqSetDeadline2` with a pre-deadline).
   *
   * Windows 10 and later. To move a deadline, set the new one and then cancel the old one.
   *
   * @param options either `inMilliseconds` or `at`, and optionally `preDeadline`.
   * @returns the deadline: cancel or dispose it. It ends with the queue.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid options.
   * @throws {@link RtwqError} if the call fails: `E_NOTIMPL` before Windows 10.
   * @example
   * ```ts
   * using deadline = queue.setDeadline({ inMilliseconds: 10, preDeadline: 5 });
   * ```
   */
  setDeadline(options: DeadlineOptions): Deadline {
    return setDeadline(unwrapped(this), options, this.setDeadline);
  }

  /**
   * Runs the completions of a file's overlapped operations on this queue (`RtwqJoinWorkQueue`).
   *
   * Native code starts the operations, with the OVERLAPPED of an RTWQASYNCRESULT.
   *
   * @param handle a HANDLE that you own and that was opened for overlapped I/O. Handles of Node's own files, sockets and pipes are
   *   rejected if they can be recognised: their completions would no longer reach Node.
   * @returns the joined handle: unjoin or dispose it (`RtwqUnjoinWorkQueue`). It ends with the queue.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` if it is not a handle, or is
   *   one of Node's.
   * @throws {@link RtwqError} if the call fails.
   * @example
   * ```ts
   * using joined = queue.join(addon.fileHandle);
   * ```
   */
  join(handle: bigint): JoinedHandle {
    return joinHandle(unwrapped(this), handle, this.join);
  }

  /**
   * Closes the queue, and unlocks it when the items that were put have run (`RtwqUnlockWorkQueue`).
   *
   * No more work items can be started on it. Scheduled and waiting items reject with an `AbortError` whose cause is an
   * {@link RtwqError} (`RTWQ_E_INVALID_WORKQUEUE`); with `drain`, the queue waits for them instead. Deadlines and joined handles
   * end. On the three process-wide queues, this does nothing.
   *
   * @returns a promise that resolves when the queue has been unlocked; the same one every time, regardless of the options. Rejects
   *   with `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for invalid options, and with an {@link RtwqError} if unlocking fails.
   * @example
   * ```ts
   * await queue.close({ drain: true });
   * ```
   */
  close(options?: CloseOptions): Promise<void> {
    const queue = owner(this, WorkQueue, 'WorkQueue', 'close');
    if (queue.#closed) return queue.#closed;
    const caller = queue.close;
    let drain: boolean;
    try {
      drain = validateBoolean(readClose(options, caller).drain, 'options.drain', false, caller);
    } catch (error) {
      // Nothing has been closed, and the next call may have valid options.
      return Promise.reject(error);
    }
    if (queue.#closed) return queue.#closed;
    const { promise, resolve, reject } = withResolvers<void>();
    queue.#closed = promise;
    queue.#close(drain, caller).then(resolve, reject);
    return promise;
  }

  /** {@link WorkQueue.close} at the end of an `await using` scope. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(drain: boolean, caller: Caller): Promise<void> {
    const state = this.#state;
    const { lockedBy: environment } = state;
    if (!environment) return;
    forgotten.unregister(this);
    // shutdown() has already closed it.
    if (!state.markClosed()) return whenEnded(environment);
    const detail = 'The work queue was closed while the operation was pending.';
    const ended = endedBy('its work queue was closed by close()', 'RTWQ_E_INVALID_WORKQUEUE', 'RtwqUnlockWorkQueue', detail, caller);
    if (!drain) environment.closeAll(ended, (each) => each[waitsOn]?.(state) ?? false);
    await new Promise<void>((resolve, reject) => {
      const closing: Operation = {
        [describe]: () => ({ kind: 'close', ref: true, queue: state.id }),
        [fired]: (status) => (status === 0 ? resolve() : reject(rtwqError(status, 'RtwqUnlockWorkQueue', caller))),
      };
      environment.start(closing, caller, (native, id) => native.closeQueue(state.index, id));
    });
  }
}
