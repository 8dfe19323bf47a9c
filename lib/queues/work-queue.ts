// Work queues: RtwqAllocateWorkQueue, RtwqAllocateSerialWorkQueue, RtwqLockSharedWorkQueue, RtwqLockWorkQueue,
// RtwqUnlockWorkQueue, RtwqSetLongRunning, and as methods all that is done with a queue.

import type { WaitTarget } from '../handles/wait-handle';
import { currentEnvironment, fired, type Operation, waitsOn } from '../internal/environment';
import { type Caller, codedError, endedBy, rtwqError } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { NativeEnvironment, Outcome } from '../internal/native';
import { describe } from '../internal/observation';
import { optionsReader } from '../internal/options';
import { optional, validateBoolean, validateInteger, validateOneOf, validateUnsigned } from '../internal/validation';
import { validateUsageClass } from '../mmcss/classes';
import { mmcssOf, type QueueMmcssRegistration, registerQueue as registerWithMmcss } from '../mmcss/queue-registration';
import type { MmcssInfo, MmcssOptions } from '../mmcss/registration';
import { usePlatform, whenEnded } from '../platform/platform';
import type { WorkItemsResult } from '../work-items/results';
import { invoke, type PriorityOptions, put, putMany, type QueuedOptions, type StatusOptions, schedule, wait } from '../work-items/start';
import type { WorkItem } from '../work-items/work-item';
import { type Deadline, type DeadlineOptions, setDeadline } from './deadline';
import { type JoinedHandle, joinHandle } from './join';
import { LONG_FUNCTION, MULTITHREADED, QueueState, queueState, registerQueue, STANDARD } from './queue-state';

/**
 * - `'standard'`: serial, one item at a time, in the order in which they were put;
 * - `'window'`: the same, on a thread with a message loop;
 * - `'multithreaded'`: items overlap. Windows discourages private ones: prefer {@link WorkQueue.multithreaded}.
 */
export type WorkQueueType = 'standard' | 'window' | 'multithreaded';

/** What kind of queue a {@link WorkQueue} is: of {@link WorkQueue.allocate}, of another function, or {@link WorkQueue.longFunction}. */
export type WorkQueueKind = WorkQueueType | 'serial' | 'shared' | 'longFunction';

/** Options of {@link WorkQueue.lockShared}. */
export interface SharedQueueOptions {
  /** The base priority of the queue's threads, from -2 (very low) to 2 (critical). Default: `0`. */
  basePriority?: number | undefined;
  /** The MMCSS task group to join. Default: `0`, a new one; {@link WorkQueue.taskId} tells which. */
  taskId?: number | undefined;
}

/** Options of {@link WorkQueue.close}. */
export interface CloseOptions {
  /** Whether to wait for what is scheduled or waiting, instead of closing it. Default: `false`. */
  drain?: boolean | undefined;
}

// The numbers of RTWQ_WORKQUEUE_TYPE.
const TYPES: Record<WorkQueueType, number> = { standard: 0, window: 1, multithreaded: 2 };

const SMALLEST_PRIVATE_ID = 0x10000;

interface QueueDetails {
  readonly taskId?: number;
  readonly type?: WorkQueueKind | undefined;
}

const readShared = optionsReader(({ basePriority, taskId }: SharedQueueOptions): SharedQueueOptions => ({ basePriority, taskId }));
const readClose = optionsReader(({ drain }: CloseOptions): CloseOptions => ({ drain }));

const KEY = Symbol('work queues are made by the static methods of WorkQueue');

// A forgotten queue is unlocked when it is collected.
const forgotten = new FinalizationRegistry<QueueState>((state) => state.end());

/**
 * A work queue of RTWorkQ, and one lock on it. Work items that are given to it fire on its threads; their promises settle on
 * the JavaScript thread. What a queue is for is native work: {@link WorkItemOptions.work}.
 *
 * Every queue but the three of the process should be {@link WorkQueue.close | closed}. One that is forgotten is unlocked
 * when it is collected, or when its thread ends.
 *
 * @example
 * ```ts
 * await using queue = WorkQueue.allocateSerial(WorkQueue.multithreaded);
 * const { status } = await queue.put({ work: addon.work });
 * ```
 */
export class WorkQueue implements AsyncDisposable {
  /** The standard queue (1): serial, and shared by everything in the process. Never block it. It cannot be closed. */
  static readonly standard: WorkQueue = new WorkQueue(KEY, STANDARD, { type: 'standard' });
  /** The multithreaded queue (5): its items overlap. Shared by everything in the process. It cannot be closed. */
  static readonly multithreaded = new WorkQueue(KEY, MULTITHREADED, { type: 'multithreaded' });
  /**
   * The queue for items that take long or block (7). On Windows its threads are single-threaded apartments. No waits end on it,
   * and it cannot be closed.
   */
  static readonly longFunction = new WorkQueue(KEY, LONG_FUNCTION, { type: 'longFunction' });

  readonly #state: QueueState;
  #closed: Promise<void> | undefined;
  /** The MMCSS task group of a queue of {@link WorkQueue.lockShared}; 0 for others and for the usage class `''`. */
  readonly taskId: number;
  /** What kind of queue it is; undefined for one of others that was locked by its id. */
  readonly type: WorkQueueKind | undefined;

  private constructor(key: symbol, state: QueueState, details: QueueDetails) {
    if (key !== KEY) throw codedError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', WorkQueue);
    this.#state = state;
    this.type = details.type;
    this.taskId = details.taskId ?? 0;
    registerQueue(this, state);
    if (state.locks) forgotten.register(this, state, this);
  }

  static {
    showAs(WorkQueue, 'WorkQueue', ({ id, type, closed }) => ({ id, type, closed }));
  }

  /**
   * Makes a private work queue (`RtwqAllocateWorkQueue`).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for what is no type.
   * @throws {@link RtwqError} when RTWorkQ refuses: `E_FAIL` when there are too many.
   * @example
   * ```ts
   * const queue = WorkQueue.allocate('standard');
   * ```
   */
  static allocate(type: WorkQueueType): WorkQueue {
    const caller = WorkQueue.allocate;
    currentEnvironment(caller);
    const number = TYPES[validateOneOf(type, 'type', Object.keys(TYPES) as WorkQueueType[], caller)];
    return WorkQueue.#make(caller, (native) => native.allocateQueue(number), { type });
  }

  /**
   * Makes an ordered view of another work queue (`RtwqAllocateSerialWorkQueue`): its items run on the target's threads, one
   * at a time, in the order in which they were put. The target stays locked for as long: its {@link WorkQueue.close} waits.
   *
   * @param target any queue of this thread, also a serial one or one of the process; not one of the type `'window'`.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` for what is no work queue.
   * @throws {@link RtwqError} `E_INVALIDARG` for a window queue, `RTWQ_E_INVALID_WORKQUEUE` for a closed one.
   * @example
   * ```ts
   * const serial = WorkQueue.allocateSerial(WorkQueue.multithreaded);
   * ```
   */
  static allocateSerial(target: WorkQueue): WorkQueue {
    const caller = WorkQueue.allocateSerial;
    const syscall = 'RtwqAllocateSerialWorkQueue';
    currentEnvironment(caller);
    const { index } = queueState(target, 'target', syscall, caller);
    if (target.type === 'window') {
      throw rtwqError('E_INVALIDARG', syscall, caller, 'A serial queue cannot run on a queue with a message loop.');
    }
    return WorkQueue.#make(caller, (native) => native.allocateSerialQueue(index), { type: 'serial' });
  }

  /**
   * Locks the shared work queue of an MMCSS class (`RtwqLockSharedWorkQueue`): multithreaded, one for each task group of the
   * process.
   *
   * @param usageClass a class of {@link listMmcssClasses}, or `''` for the shared queue of regular priority.
   * @param options not for the usage class `''`.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do
   *   not fit.
   * @throws {@link RtwqError} `ERROR_INVALID_TASK_NAME` where the registry has no such class, or when RTWorkQ refuses, such as a
   *   task group of another class.
   * @example
   * ```ts
   * await using audio = WorkQueue.lockShared('Pro Audio', { basePriority: 1 });
   * audio.taskId; // for registerThreadWithMmcss('Pro Audio', { taskId })
   * ```
   */
  static lockShared(usageClass: string, options?: SharedQueueOptions): WorkQueue {
    const caller = WorkQueue.lockShared;
    currentEnvironment(caller);
    const name = usageClass === '' ? '' : validateUsageClass(usageClass, 'RtwqLockSharedWorkQueue', caller);
    const given = readShared(options, caller);
    // The queue of regular priority belongs to no task.
    const [low, high, last] = name === '' ? [0, 0, 0] : [-2, 2, 2 ** 32 - 1];
    const priority = optional(given.basePriority, 0, (value) => validateInteger(value, 'options.basePriority', low, high, caller));
    const taskId = optional(given.taskId, 0, (value) => validateInteger(value, 'options.taskId', 0, last, caller));
    return WorkQueue.#make(caller, (native) => native.lockSharedQueue(name, priority, taskId), { shared: name !== '', type: 'shared' });
  }

  /**
   * Locks a work queue by its id (`RtwqLockWorkQueue`): one of another thread of this process, or of other code in it. The
   * ids 1, 5 and 7 give the queues of the process, which nobody has to close.
   *
   * @param id a {@link WorkQueue.id}, from 0 to 2 ** 32 - 1. Those below 2 ** 16 but 1, 5 and 7 are RTWorkQ's own, and refused.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for what is no id.
   * @throws {@link RtwqError} `RTWQ_E_INVALID_WORKQUEUE` when there is no queue with the id, or it is RTWorkQ's own.
   * @example
   * ```ts
   * const queue = WorkQueue.lock(workerData.queueId); // in a Worker
   * ```
   */
  static lock(id: number): WorkQueue {
    return WorkQueue.#lock(id, WorkQueue.lock, {});
  }

  static #lock(id: number, caller: Caller, details: QueueDetails): WorkQueue {
    currentEnvironment(caller);
    validateUnsigned(id, 'id', caller);
    const ofProcess = [WorkQueue.standard, WorkQueue.multithreaded, WorkQueue.longFunction].find((queue) => queue.id === id);
    if (ofProcess) return ofProcess;
    // What is left of these is RTWorkQ's own. Not every RTWorkQ.dll refuses them (docs/wine.md).
    if (id < SMALLEST_PRIVATE_ID) throw rtwqError('RTWQ_E_INVALID_WORKQUEUE', 'RtwqLockWorkQueue', caller);
    return WorkQueue.#make(caller, (native) => native.lockQueue(id), details);
  }

  static #make(
    caller: Caller,
    make: (native: NativeEnvironment) => Outcome,
    { shared = false, ...details }: QueueDetails & { shared?: boolean },
  ): WorkQueue {
    const environment = currentEnvironment(caller);
    const start = (): Outcome => make(environment.native);
    return usePlatform(environment, caller, start, (out) => {
      const state = new QueueState(out[0] as number, out[1] as number, environment);
      return new WorkQueue(KEY, state, { ...details, taskId: shared ? (out[2] as number) : 0 });
    });
  }

  /** The queue's id in this process: for native code, or for {@link WorkQueue.lock} in a Worker. */
  get id(): number {
    return this.#state.id;
  }

  /** Whether the queue has been closed, by {@link WorkQueue.close} or by {@link shutdown}. */
  get closed(): boolean {
    return !this.#state.open;
  }

  /** {@link putWorkItem} on this queue. */
  put(options?: QueuedOptions & PriorityOptions): WorkItem {
    return put(options, this.put, this);
  }

  /** {@link putWorkItems} on this queue. */
  putMany(count: number, options?: QueuedOptions & PriorityOptions): WorkItem<WorkItemsResult> {
    return putMany(count, options, this.putMany, this);
  }

  /** {@link scheduleWorkItem} on this queue. */
  schedule(milliseconds: number, options?: QueuedOptions): WorkItem {
    return schedule(milliseconds, options, this.schedule, this);
  }

  /** {@link putWaitingWorkItem} on this queue. */
  wait(target: WaitTarget, options?: QueuedOptions & PriorityOptions): WorkItem {
    return wait(target, options, this.wait, this);
  }

  /** {@link invokeCallback} on this queue. */
  invoke(options?: QueuedOptions & StatusOptions): WorkItem {
    return invoke(options, this.invoke, this);
  }

  /**
   * Says whether the queue's work items take long or block (`RtwqSetLongRunning`). RTWorkQ then gives them threads of their
   * own.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE` for what is no boolean.
   * @throws {@link RtwqError} when RTWorkQ refuses; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue.
   * @example
   * ```ts
   * queue.setLongRunning(true);
   * ```
   */
  setLongRunning(enable: boolean): void {
    const caller = this.setLongRunning;
    const environment = currentEnvironment(caller);
    const value = validateBoolean(enable, 'enable', undefined, caller);
    const { index } = queueState(this, 'this', 'RtwqSetLongRunning', caller);
    const start = (): Outcome => environment.native.setLongRunning(index, value);
    usePlatform(environment, caller, start, () => {});
  }

  /**
   * Locks the queue once more (`RtwqLockWorkQueue`): for another owner, who closes it on its own account.
   *
   * @returns another object for the same queue.
   * @throws {@link RtwqError} when RTWorkQ refuses; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue.
   * @example
   * ```ts
   * await using mine = queue.lock();
   * ```
   */
  lock(): WorkQueue {
    const caller = this.lock;
    currentEnvironment(caller);
    return WorkQueue.#lock(queueState(this, 'this', 'RtwqLockWorkQueue', caller).id, caller, { type: this.type });
  }

  /**
   * Registers the queue with the Multimedia Class Scheduler Service (`RtwqBeginRegisterWorkQueueWithMMCSS`,
   * `RtwqEndRegisterWorkQueueWithMMCSS`): its threads run with the priority of the class.
   *
   * @param usageClass a class of {@link listMmcssClasses}, such as `'Pro Audio'`.
   * @returns a promise of the registration: unregister or dispose it. Its task id is for other queues and threads of the same
   *   group ({@link registerThreadWithMmcss}). Rejects with an {@link RtwqError} where RTWorkQ refuses, with
   *   `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or `ERR_OUT_OF_RANGE` where arguments do not fit.
   * @example
   * ```ts
   * await using queue = WorkQueue.allocate('standard');
   * await using registration = await queue.registerWithMmcss('Pro Audio', { priority: 1 });
   * ```
   */
  async registerWithMmcss(usageClass: string, options?: MmcssOptions): Promise<QueueMmcssRegistration> {
    return registerWithMmcss(this, usageClass, options, this.registerWithMmcss);
  }

  /**
   * What the queue is registered as with MMCSS (`RtwqGetWorkQueueMMCSSClass`, `RtwqGetWorkQueueMMCSSTaskId`,
   * `RtwqGetWorkQueueMMCSSPriority`).
   *
   * @throws {@link RtwqError} when RTWorkQ refuses; `RTWQ_E_INVALID_WORKQUEUE` for a closed queue.
   * @example
   * ```ts
   * queue.mmcss().usageClass; // 'Pro Audio', or '' where it is not registered
   * ```
   */
  mmcss(): MmcssInfo {
    return mmcssOf(this, this.mmcss);
  }

  /**
   * Says by when the work on the queue has to be done (`RtwqSetDeadline`, `RtwqSetDeadline2` with a pre-deadline). Windows 10
   * and later. To move a deadline, set the new one and then cancel the old one.
   *
   * @param options either `inMilliseconds` or `at`, and perhaps `preDeadline`.
   * @returns the request: cancel or dispose it. It ends with the queue.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for options that do
   *   not fit.
   * @throws {@link RtwqError} when RTWorkQ refuses: `E_NOTIMPL` before Windows 10.
   * @example
   * ```ts
   * using deadline = queue.setDeadline({ inMilliseconds: 10, preDeadline: 5 });
   * ```
   */
  setDeadline(options: DeadlineOptions): Deadline {
    return setDeadline(this, options, this.setDeadline);
  }

  /**
   * Has the completions of a file's overlapped operations run on this queue (`RtwqJoinWorkQueue`): native code starts the
   * operations, with the OVERLAPPED of an RTWQASYNCRESULT.
   *
   * @param handle a HANDLE that was opened for overlapped I/O and that you own. Handles of Node's own files, sockets and
   *   pipes are refused where they can be recognised: their completions would no longer reach Node.
   * @returns what undoes it (`RtwqUnjoinWorkQueue`). It ends with the queue.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for what is no handle
   *   or is Node's.
   * @throws {@link RtwqError} when RTWorkQ refuses.
   * @example
   * ```ts
   * using joined = queue.join(addon.fileHandle);
   * ```
   */
  join(handle: bigint): JoinedHandle {
    return joinHandle(this, handle, this.join);
  }

  /**
   * Closes the queue: takes no more work items, lets those that were put run, and unlocks it then (`RtwqUnlockWorkQueue`).
   * What is scheduled or waiting on it rejects with an `AbortError`, whose cause is an {@link RtwqError}
   * (`RTWQ_E_INVALID_WORKQUEUE`), unless `drain` says to wait for it. Deadlines and joined handles end. The three queues of the
   * process stay as they are.
   *
   * @returns a promise that resolves when the queue has been unlocked; the same one every time, whatever the options. Rejects
   *   with `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE` for options that do not fit, and with an {@link RtwqError} where
   *   unlocking fails.
   * @example
   * ```ts
   * await queue.close({ drain: true });
   * ```
   */
  close(options?: CloseOptions): Promise<void> {
    if (this.#closed) return this.#closed;
    const caller = this.close;
    let drain: boolean;
    try {
      drain = validateBoolean(readClose(options, caller).drain, 'options.drain', false, caller);
    } catch (error) {
      // Nothing is closed, and the next call may have better options.
      return Promise.reject(error);
    }
    if (this.#closed) return this.#closed;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#closed = promise;
    this.#close(drain, caller).then(resolve, reject);
    return promise;
  }

  /** {@link WorkQueue.close} at the end of an `await using` scope. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(drain: boolean, caller: Caller): Promise<void> {
    const state = this.#state;
    const { locks: environment } = state;
    if (!environment) return;
    forgotten.unregister(this);
    // shutdown() has closed it.
    if (!state.giveUp()) return whenEnded();
    const detail = 'The work queue was closed while the operation was pending.';
    const ended = endedBy('its work queue was closed by close()', 'RTWQ_E_INVALID_WORKQUEUE', 'RtwqUnlockWorkQueue', detail, caller);
    state.ended = ended;
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
