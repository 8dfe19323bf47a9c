// The public API. Nothing is loaded or started by importing it.

export { isSupported, type SupportStatus, supportStatus } from './binding';
export type { Deadline, DeadlineOptions } from './deadline';
export { RtwqError } from './errors';
export { Event, type EventOptions, type SignalsOptions } from './event';
export type { JoinedHandle } from './join';
export {
  joinMmcss,
  listMmcssClasses,
  type MmcssInfo,
  type MmcssMembership,
  type MmcssOptions,
  registerPlatformWithMmcss,
  unregisterPlatformFromMmcss,
} from './mmcss';
export { addPeriodicCallback, type PeriodicCallback, type PeriodicOptions, type PeriodicTick } from './periodic-callback';
export { lockPlatform, type PlatformLease, shutdown, startup } from './platform';
export { type PlatformEventMap, platformEvents } from './platform-events';
export { ProcessHandle } from './process-handle';
export {
  cancelWorkItem,
  type InvokeOptions,
  invokeCallback,
  type PutOptions,
  putWorkItem,
  type ScheduleOptions,
  scheduleWorkItem,
} from './schedule';
export { Semaphore, type SemaphoreOptions } from './semaphore';
export type { NativeWork, PriorityOptions, QueuedOptions, StatusOptions, WorkItemOptions } from './start';
export { type ProcessExitOptions, putWaitingWorkItem, type WaitForOptions, type WaitingOptions, waitFor, waitForProcessExit } from './wait';
export { WaitHandle } from './wait-handle';
export type { WaitTarget } from './wait-target';
export { type TimerSetOptions, WaitableTimer, type WaitableTimerOptions } from './waitable-timer';
export { WorkItem, type WorkItemResult, type WorkItemState } from './work-item';
export { type CloseOptions, type SharedQueueOptions, WorkQueue, type WorkQueueType } from './work-queue';
