// The public API. Nothing is loaded or started by importing it.

export { Event, type EventOptions, type SignalsOptions } from './handles/event';
export { ProcessHandle } from './handles/process-handle';
export { Semaphore, type SemaphoreOptions } from './handles/semaphore';
export {
  type ProcessExitOptions,
  putWaitingWorkItem,
  type WaitForOptions,
  type WaitingOptions,
  waitFor,
  waitForProcessExit,
} from './handles/wait';
export { WaitHandle, type WaitTarget } from './handles/wait-handle';
export { type TimerSetOptions, WaitableTimer, type WaitableTimerOptions } from './handles/waitable-timer';
export { isSupported, type SupportStatus, supportStatus } from './internal/binding';
export { RtwqError } from './internal/errors';
export {
  joinMmcss,
  listMmcssClasses,
  type MmcssInfo,
  type MmcssMembership,
  type MmcssOptions,
  registerPlatformWithMmcss,
  unregisterPlatformFromMmcss,
} from './mmcss/mmcss';
export { addPeriodicCallback, type PeriodicCallback, type PeriodicOptions, type PeriodicTick } from './platform/periodic-callback';
export { lockPlatform, type PlatformLease, shutdown, startup } from './platform/platform';
export { type PlatformEventMap, platformEvents } from './platform/platform-events';
export type { Deadline, DeadlineOptions } from './queues/deadline';
export type { JoinedHandle } from './queues/join';
export { type CloseOptions, type SharedQueueOptions, WorkQueue, type WorkQueueType } from './queues/work-queue';
export type { WorkItemOptions } from './work-items/options';
export {
  cancelWorkItem,
  type InvokeOptions,
  invokeCallback,
  type PutOptions,
  putWorkItem,
  type ScheduleOptions,
  scheduleWorkItem,
} from './work-items/schedule';
export type { NativeWork, PriorityOptions, QueuedOptions, StatusOptions } from './work-items/start';
export { WorkItem, type WorkItemResult, type WorkItemState } from './work-items/work-item';
