// The native addon's private interface (src/node/). Nothing here is part of the public API.

/**
 * The result of a native call as one number: 0 is success; otherwise 2 ** 32 times the index of the function that failed, plus its
 * HRESULT.
 */
export type Outcome = number;

export interface NativeAddon {
  /** Opens an environment for this copy of lib/ in this JavaScript thread. It lives as long as the thread. */
  open(hooks: NativeHooks): NativeEnvironment;
  /** Loads RTWorkQ.dll. Starts nothing. */
  describe(): NativeDescription;
  /** The system's text for an HRESULT, or ''. */
  systemMessage(hresult: number): string;
  /** Whether a value is native work: an external with the type tag of include/rtworkq_work.h. */
  isNativeWork(value: unknown): boolean;
  /** Whether libuv owns the handle, as far as can be determined. */
  isLibuvHandle(handle: bigint): boolean;
  /** The names of the MMCSS classes in the registry. */
  listMmcssClasses(): string[];
  /** The function names, by the index in an Outcome. */
  readonly functions: readonly string[];
}

export interface NativeHooks {
  /** There are `count` completions in `batch`. */
  settle(count: number): void;
  /** Asks lib/ to call `comeBack` when the event loop has advanced. */
  putOff(): void;
  /**
   * Completions as (id, HRESULT, milliseconds on the native clock, value). The id -1 stands for a failed call for whose result no
   * caller waits; the value is the function.
   */
  batch: Float64Array;
  /** A call's results besides its outcome, in the order that the call's comment gives ("out"). */
  out: Float64Array;
}

/** The number of a queue, handle, request or result that this environment made. Its owner must not use it after giving it back. */
export type Index = number;

/** Whether Windows throttles, or decides itself; undefined keeps the earlier setting. */
export type ThrottlingChoice = boolean | 'system' | undefined;

/**
 * The functions of an environment. An `id` names an operation, which completes through `settle`; operations with `ref` keep the
 * loop alive. Functions that need the platform may be called only while it is acquired.
 */
export interface NativeEnvironment {
  // platform.cc

  /** Acquires this environment's platform lease. */
  acquire(): Outcome;
  /** Whether nothing is outstanding. */
  isIdle(): boolean;
  /** Counts what must end before the platform may be released, by kind. */
  held(counts: Uint32Array): void;
  /** Whether an operation has fired, once and for all, that JavaScript has not received or is just receiving. */
  hasUndelivered(): boolean;
  /** Releases the lease. Nothing may be outstanding. */
  release(): Outcome;
  /** Resumes the completions after `putOff`. */
  comeBack(): void;
  /** Completes when nothing is outstanding. */
  awaitIdle(id: number, ref: boolean): Outcome;
  /** out: the lock. */
  lockPlatform(): Outcome;
  unlockPlatform(lock: Index): Outcome;
  /** Milliseconds on the clock of the completions. */
  now(): number;
  /** Completes repeatedly; the value is the number of calls since the last completion. */
  addPeriodicCallback(id: number, ref: boolean): Outcome;
  /** Completes repeatedly; the value is the events since the last completion, 2 bits each, the latest in the lowest bits. */
  registerPlatformEvents(id: number): Outcome;

  // schedule.cc; out: low and high half of the item's key, 0 if it has none

  schedule(id: number, queue: Index, ref: boolean, work: unknown, milliseconds: number): Outcome;
  put(id: number, queue: Index, ref: boolean, work: unknown, priority: number): Outcome;
  /** Completes when the last of `count` work items is over; the value is the number of their results. */
  putMany(id: number, queue: Index, ref: boolean, work: unknown, priority: number, count: number): Outcome;
  /** Copies the results, once, and adds `offset` to their times, in milliseconds. */
  takeResults(results: Index, status: Uint32Array, firedAt: Float64Array, offset: number): void;
  invoke(id: number, queue: Index, ref: boolean, work: unknown, status: number): Outcome;
  wait(id: number, queue: Index, ref: boolean, work: unknown, priority: number, handle: Index | bigint): Outcome;
  /**
   * Returns true if this call settled the operation. For a wait of the waiter, it is a request and returns false: the completion
   * tells how the wait ended.
   */
  stop(id: number, closing: boolean): boolean;
  setRef(id: number, ref: boolean): void;

  // queues.cc; out, for functions that return a queue: its number, its id

  allocateQueue(type: number): Outcome;
  allocateSerialQueue(target: Index): Outcome;
  /** out: also the task id. */
  lockSharedQueue(usageClass: string, basePriority: number, taskId: number): Outcome;
  lockQueue(id: number): Outcome;
  /** Completes when the queue has been unlocked. Its number may be reused at once. */
  closeQueue(queue: Index, id: number): Outcome;
  /** The same without a completion. */
  forgetQueue(queue: Index): void;
  setLongRunning(queue: Index, enable: boolean): Outcome;
  /** In 100 ns from now. out: the request. */
  setDeadline(queue: Index, deadline: number, preDeadline: number | undefined): Outcome;
  /** out: the request. */
  joinQueue(queue: Index, handle: bigint): Outcome;
  /** Ends a request. */
  takeBack(request: Index): Outcome;

  // waits.cc; none of it needs RTWorkQ.dll

  /**
   * Completes when one of the handles is signaled, or all are; the value is the index of the handle that decided it, -1 if the
   * timeout passed, in milliseconds, or -2 if it was stopped.
   */
  beginWait(id: number, ref: boolean, all: boolean, timeout: number, handles: readonly (Index | bigint)[]): Outcome;
  /** Looks at the handles once. out: the index of the handle that decided it, or -1. */
  poll(all: boolean, handles: readonly (Index | bigint)[]): Outcome;
  /** out: 1 if a wait leaves the object signaled. */
  staysSignaled(handle: Index | bigint): Outcome;
  /** While `settle` delivers what a wait has taken: gives it back, because nothing can receive it. */
  refuse(): void;
  /** Ends all waits, and gives back what has not been received. Blocks until the waiter has answered. */
  endWaits(): void;
  /** Completes each time it rings; the value is when it will ring next, 0 if it will not. */
  openAlarm(id: number, ref: boolean): Outcome;
  /**
   * Sets the alarm to ring at `due` on the clock of the completions, and, unless `period` is 0, repeatedly with that period after
   * it.
   */
  setAlarm(id: number, due: number, period: number): Outcome;
  /** Until it is set again, the alarm does not keep this copy of lib/ in memory. Unless this returns true, it may ring once more. */
  restAlarm(id: number): true | undefined;

  // handles.cc; out, for functions that return a handle: its number, 1 if the object is new

  // `security` is a descriptor in SDDL

  /** out: also 1 for a manual-reset event; the same for openEvent. */
  createEvent(name: string | undefined, security: string | undefined, manualReset: boolean, signaled: boolean): Outcome;
  openEvent(name: string): Outcome;
  setEvent(handle: Index): Outcome;
  resetEvent(handle: Index): Outcome;
  createSemaphore(name: string | undefined, security: string | undefined, initial: number, maximum: number): Outcome;
  openSemaphore(name: string): Outcome;
  /** out: the previous count. */
  releaseSemaphore(handle: Index, count: number): Outcome;
  /** out: also 1 for high resolution. */
  createTimer(name: string | undefined, security: string | undefined, manualReset: boolean, highResolution: boolean): Outcome;
  openTimer(name: string): Outcome;
  /** `due` and `period` in milliseconds; `due` is from now or, by the system clock, from 1970. out: 1 if it wakes the machine. */
  setTimer(handle: Index, due: number, bySystemClock: boolean, period: number, resume: boolean): Outcome;
  cancelTimer(handle: Index): Outcome;
  openProcess(pid: number): Outcome;
  /** out: 1 if the process has ended, its exit code. */
  exitCode(handle: Index): Outcome;
  /** out: when the process was created, in milliseconds since the epoch of Date. */
  creationTime(handle: Index): Outcome;
  /** out: 1 if this call has ended the process. */
  terminateProcess(handle: Index, pid: number, exitCode: number): Outcome;
  handleValue(handle: Index): bigint;
  /** Ends what is done with the handle: a timer's period, a mutex's thread, which releases the mutex. */
  closeHandle(handle: Index): void;
  checkSecurity(descriptor: string): Outcome;
  /** The security identifiers of this process; '' if it has none. */
  processIdentity(): { user: string; logon: string };

  // mutexes.cc; out as in handles.cc

  createMutex(name: string | undefined, security: string | undefined): Outcome;
  openMutex(name: string): Outcome;
  /** out: 1 if there is such a mutex. */
  mutexExists(name: string): Outcome;
  /**
   * Waits in the mutex's queue, and completes like `beginWait`: the value is 0 or, if the last owner has abandoned the mutex, 1, if
   * it was acquired.
   */
  acquireMutex(id: number, ref: boolean, mutex: Index, timeout: number): Outcome;
  /** Blocks until the mutex is released. */
  releaseMutex(mutex: Index): Outcome;
  /** Releases the mutex, and ends all that waits in its queue. Blocks until that is done. */
  endMutex(mutex: Index): void;

  // mmcss.cc

  /** Completes with the task id. */
  registerQueueWithMmcss(id: number, queue: Index, usageClass: string, taskId: number, priority: number): Outcome;
  unregisterQueueFromMmcss(id: number, queue: Index): Outcome;
  /** Returns the class instead of an outcome; '' for none. out: the task id, the priority. */
  mmcss(queue: Index): Outcome | string;
  /** One per environment; the next one replaces it. out: the task id. */
  registerPlatformWithMmcss(usageClass: string, taskId: number, priority: number): Outcome;
  unregisterPlatformFromMmcss(): Outcome;
  /** out: the registration, the task id. */
  registerThreadWithMmcss(usageClass: string, taskId: number, priority: number): Outcome;
  unregisterThreadFromMmcss(registration: Index): Outcome;
  /** out: the lease, the task id. */
  registerTimersWithMmcss(usageClass: string, taskId: number, priority: number): Outcome;
  unregisterTimersFromMmcss(lease: Index): Outcome;

  // settings.cc

  /** out: the finest and the coarsest that can be requested, in milliseconds. */
  timerResolutionRange(): Outcome;
  /** out: the request. */
  requestTimerResolution(milliseconds: number): Outcome;
  releaseTimerResolution(request: Index): Outcome;
  setPowerThrottling(executionSpeed: ThrottlingChoice, timerResolution: ThrottlingChoice): Outcome;
}

export interface NativeDescription {
  usable: boolean;
  /** The Win32 error from loading RTWorkQ.dll; 0 if it is loaded. */
  loadError: number;
  missingFunction: string | null;
  wineVersion: string | null;
  path?: string;
  /** Four numbers with dots; 0.0.0.0 if the file has no version resource. */
  version?: string;
}
