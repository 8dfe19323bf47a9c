// The public API. Nothing is loaded or started by importing it.

export { isSupported, type SupportStatus, supportStatus } from './binding';
export { RtwqError } from './errors';
export { type PlatformLease, shutdown, startup } from './platform';
export { cancelWorkItem, type PutOptions, putWorkItem, type ScheduleOptions, scheduleWorkItem, type WorkItemOptions } from './schedule';
export { WorkItem, type WorkItemResult, type WorkItemState } from './work-item';
