// The private interface of the native addon (src/node/). Nothing here is part of the public API.

/**
 * What a native call came to, in one number: 0 is success; otherwise the index of the RTWorkQ function that failed
 * times 2 ** 32 plus its HRESULT.
 */
export type Outcome = number;

export interface NativeAddon {
  /** Opens an environment for this copy of lib/ in this JavaScript thread; it lives as long as the thread. */
  open(hooks: NativeHooks): NativeEnvironment;
  /** Loads RTWorkQ.dll, starts nothing. */
  describe(): NativeDescription;
  /** The system's text for an HRESULT, or ''. */
  systemMessage(hresult: number): string;
  /** Whether a value is native work: an external with the tag of include/rtworkq_work.h. */
  isNativeWork(value: unknown): boolean;
  /** Whether libuv owns the handle, as far as can be told. */
  isLibuvHandle(handle: bigint): boolean;
  /** The names of the MMCSS classes in the registry. */
  listMmcssClasses(): string[];
  /** The names of the functions by their index in an Outcome. */
  readonly functions: readonly string[];
}

export interface NativeHooks {
  /** `count` completions are in `batch`. */
  settle(count: number): void;
  /** Has `comeBack` called when the event loop has gone on. */
  putOff(): void;
  /** Completions as (id, HRESULT, milliseconds on the native clock, value). */
  batch: Float64Array;
  /** What a call gives besides its outcome, in the order that the call's comment says. */
  out: Float64Array;
}

/** What was made by this environment, by number: a queue, a handle, a request, results. Its owner sees to it that it is still there. */
export type Index = number;

/** Whether Windows throttles, or decides about it; undefined leaves it as it was set before. */
export type ThrottlingChoice = boolean | 'system' | undefined;

/**
 * The functions of an environment. An `id` names an operation, which completes through `settle`; operations with `ref` keep
 * the loop alive. What needs the platform is called while it is acquired.
 */
export interface NativeEnvironment {
  // platform.cc

  /** Takes this environment's lease on the platform. */
  acquire(): Outcome;
  /** Whether nothing is outstanding. */
  isIdle(): boolean;
  /** Gives the lease back. Nothing may be outstanding. */
  release(): Outcome;
  /** Goes on with completions, after `putOff`. */
  comeBack(): void;
  /** Completes when nothing is outstanding. */
  awaitIdle(id: number, ref: boolean): Outcome;
  /** out: the lock. */
  lockPlatform(): Outcome;
  unlockPlatform(lock: Index): Outcome;
  /** Milliseconds on the clock of the completions. */
  now(): number;
  /** Completes again and again; the value is the number of calls since the last time. */
  addPeriodicCallback(id: number, ref: boolean): Outcome;
  /** Completes each time that it rings; the value is when it will ring next, 0 where it will not. */
  openAlarm(id: number, ref: boolean): Outcome;
  /**
   * Has the alarm ring at a time on the clock of the completions, and with a period, unless that is 0, again at that many
   * periods after it.
   */
  setAlarm(id: number, due: number, period: number): Outcome;
  /** Completes again and again; the value is the events since the last time, 2 bits each, the youngest in the lowest. */
  registerPlatformEvents(id: number): Outcome;

  // schedule.cc; out: low and high half of the item's key, 0 where it has none

  schedule(id: number, queue: Index, ref: boolean, work: unknown, milliseconds: number): Outcome;
  put(id: number, queue: Index, ref: boolean, work: unknown, priority: number): Outcome;
  /** Completes when the last of `count` work items is over; the value is the number of their results. */
  putMany(id: number, queue: Index, ref: boolean, work: unknown, priority: number, count: number): Outcome;
  /** Copies the results, once, with `offset` added to their times in milliseconds. */
  takeResults(results: Index, status: Uint32Array, firedAt: Float64Array, offset: number): void;
  invoke(id: number, queue: Index, ref: boolean, work: unknown, status: number): Outcome;
  wait(id: number, queue: Index, ref: boolean, work: unknown, priority: number, handle: Index | bigint): Outcome;
  /**
   * Completes when one of the handles is signaled, or all have been; the value is the index of the one that decided it. With
   * `looks`, only when that is so already.
   */
  waitMultiple(id: number, queue: Index, ref: boolean, all: boolean, looks: boolean, handles: readonly (Index | bigint)[]): Outcome;
  /** True when this call settled the operation. */
  stop(id: number, closing: boolean): boolean;
  setRef(id: number, ref: boolean): void;

  // queues.cc; out of those that give a queue: its number, its id

  allocateQueue(type: number): Outcome;
  allocateSerialQueue(target: Index): Outcome;
  /** out: also the task id. */
  lockSharedQueue(usageClass: string, basePriority: number, taskId: number): Outcome;
  lockQueue(id: number): Outcome;
  /** Completes when the queue has been unlocked. Its number is free at once. */
  closeQueue(queue: Index, id: number): Outcome;
  /** The same without anybody to tell. */
  forgetQueue(queue: Index): void;
  setLongRunning(queue: Index, enable: boolean): Outcome;
  /** In 100 ns from now. out: the request. */
  setDeadline(queue: Index, deadline: number, preDeadline: number | undefined): Outcome;
  /** out: the request. */
  joinQueue(queue: Index, handle: bigint): Outcome;
  /** Ends a request. */
  takeBack(request: Index): Outcome;

  // waits.cc; out of those that give a handle: its number, 1 when the object is new

  /** out: also 1 for a manual-reset event; so with openEvent. */
  createEvent(name: string | undefined, manualReset: boolean, signaled: boolean): Outcome;
  openEvent(name: string): Outcome;
  setEvent(handle: Index): Outcome;
  resetEvent(handle: Index): Outcome;
  createSemaphore(name: string | undefined, initial: number, maximum: number): Outcome;
  openSemaphore(name: string): Outcome;
  /** out: the count before. */
  releaseSemaphore(handle: Index, count: number): Outcome;
  /** out: also 1 for high resolution. */
  createTimer(name: string | undefined, manualReset: boolean, highResolution: boolean): Outcome;
  openTimer(name: string): Outcome;
  /** `due` and `period` in milliseconds; `due` from now or, by the system's clock, from 1970. out: 1 where it wakes the machine. */
  setTimer(handle: Index, due: number, bySystemClock: boolean, period: number, resume: boolean): Outcome;
  cancelTimer(handle: Index): Outcome;
  openProcess(pid: number): Outcome;
  /** out: 1 when the process has ended, its exit code. */
  exitCode(handle: Index): Outcome;
  handleValue(handle: Index): bigint;
  closeHandle(handle: Index): void;

  // mmcss.cc

  /** Completes with the task id. */
  registerQueueWithMmcss(id: number, queue: Index, usageClass: string, taskId: number, priority: number): Outcome;
  unregisterQueueFromMmcss(id: number, queue: Index): Outcome;
  /** The class, '' for none, in place of an outcome. out: the task id, the priority. */
  mmcss(queue: Index): Outcome | string;
  /** One for the environment, which the next takes the place of. out: the task id. */
  registerPlatformWithMmcss(usageClass: string, taskId: number, priority: number): Outcome;
  unregisterPlatformFromMmcss(): Outcome;
  /** out: the registration, the task id. */
  registerThreadWithMmcss(usageClass: string, taskId: number, priority: number): Outcome;
  unregisterThreadFromMmcss(registration: Index): Outcome;

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
  /** The Win32 error of loading RTWorkQ.dll, 0 when it is loaded. */
  loadError: number;
  missingFunction: string | null;
  wineVersion: string | null;
  path?: string;
  /** Four numbers with dots; 0.0.0.0 where the file has no version resource. */
  version?: string;
}
