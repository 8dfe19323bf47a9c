// The public API. Importing it loads and starts nothing.

export { type LatenessMonitor, monitorLateness } from './diagnostics/lateness';
export { pendingOperations, traceOperations } from './diagnostics/pending-operations';
export { Handle } from './handles/handle';
export { type LockManager, type LockOptions, locks } from './handles/locks';
export { Mutex, MutexLock, type MutexOptions } from './handles/mutex';
export type { ObjectOptions, ObjectSecurity } from './handles/object-options';
export { ProcessHandle } from './handles/process-handle';
export { Semaphore, type SemaphoreOptions } from './handles/semaphore';
export type { SignalsOptions } from './handles/signals';
export {
  type EndlessWaitOptions,
  type SignaledTarget,
  signals,
  type WaitOptions,
  waitFor,
  waitForAll,
  waitForAny,
  waitForProcessExit,
} from './handles/wait';
export { WaitHandle, type WaitTarget } from './handles/wait-handle';
export { WaitableEvent, type WaitableEventOptions } from './handles/waitable-event';
export { type TimerSetOptions, WaitableTimer, type WaitableTimerOptions } from './handles/waitable-timer';
export { isSupported, type SupportStatus, supportStatus } from './internal/binding';
export { RtwqError } from './internal/errors';
export type { RtwqErrorCode } from './internal/hresults';
export type { OperationEnd, OperationInfo, OperationKind } from './internal/observation';
export type { PendingOperation } from './internal/pending';
export type { Occurrence, Occurrences } from './internal/repetition';
export { listMmcssClasses } from './mmcss/classes';
export type { QueueMmcssRegistration } from './mmcss/queue-registration';
export type { MmcssInfo, MmcssOptions } from './mmcss/registration';
export {
  type MmcssRegistration,
  registerPlatformWithMmcss,
  registerThreadWithMmcss,
  registerTimersWithMmcss,
} from './mmcss/thread-and-platform';
export { periodicBeat } from './platform/periodic-beat';
export {
  addPeriodicCallback,
  type PeriodicCallback,
  type PeriodicOptions,
  type PeriodicTick,
} from './platform/periodic-callback';
export { lockPlatform, type PlatformLease, type ShutdownOptions, shutdown, startup } from './platform/platform';
export { type PlatformEventMap, platformEvents } from './platform/platform-events';
export { type PowerThrottlingOptions, setPowerThrottling } from './process/power-throttling';
export { requestTimerResolution, type TimerResolutionLease } from './process/timer-resolution';
export type { AbsoluteDeadlineOptions, Deadline, DeadlineOptions, RelativeDeadlineOptions } from './queues/deadline';
export type { JoinedHandle } from './queues/join';
export { type CloseOptions, type SharedQueueOptions, WorkQueue, type WorkQueueKind, type WorkQueueType } from './queues/work-queue';
export type { WorkItemOptions } from './work-items/options';
export type { WorkItemsResult } from './work-items/results';
export {
  cancelWorkItem,
  type InvokeOptions,
  invokeCallback,
  type PutOptions,
  putWaitingWorkItem,
  putWorkItem,
  putWorkItems,
  type ScheduleOptions,
  scheduleWorkItem,
  type WaitingOptions,
} from './work-items/schedule';
export type { NativeWork } from './work-items/start';
export { WorkItem, type WorkItemResult, type WorkItemState } from './work-items/work-item';
