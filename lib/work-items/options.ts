// The options of what starts a work item on any work queue. Apart from start.ts, which the class WorkQueue needs.

import type { WorkQueue } from '../queues/work-queue';
import type { QueuedOptions } from './start';

/** What the functions that start a work item have in common. */
export interface WorkItemOptions extends QueuedOptions {
  /** The work queue that the work item runs on. Default: {@link WorkQueue.standard}. */
  queue?: WorkQueue | undefined;
}
