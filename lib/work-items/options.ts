// The options of functions that start a work item on any work queue. Separate from start.ts, which WorkQueue imports.

import type { WorkQueue } from '../queues/work-queue';
import type { QueuedOptions } from './start';

/** Options common to the functions that start a work item. */
export interface WorkItemOptions extends QueuedOptions {
  /** The work queue on which the work item runs. Default: {@link WorkQueue.standard}. */
  queue?: WorkQueue | undefined;
}
