// What all registrations with the Multimedia Class Scheduler Service have in common.

import type { Caller } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import { optional, validateInteger, validateUnsigned } from '../internal/validation';
import { validateUsageClass } from './classes';

/** Options of what registers with MMCSS. */
export interface MmcssOptions {
  /** The task group. Default: `0`, a new one. */
  taskId?: number | undefined;
  /** The priority within the class, from -2 (very low) to 2 (critical). Default: `0`. */
  priority?: number | undefined;
}

/** What something is registered as. */
export interface MmcssInfo {
  /** The class, such as `'Pro Audio'`; `''` where the queue is not registered. */
  readonly usageClass: string;
  /** The task group; 0 where the queue is not registered. */
  readonly taskId: number;
  /** The priority within the class, from -2 to 2. */
  readonly priority: number;
}

const read = optionsReader(({ taskId, priority }: MmcssOptions): MmcssOptions => ({ taskId, priority }));

/** What shall be registered as what: everything is checked. */
export function readWish(usageClass: unknown, options: MmcssOptions | undefined, syscall: string, caller: Caller): MmcssInfo {
  const name = validateUsageClass(usageClass, syscall, caller);
  const given = read(options, caller);
  return {
    usageClass: name,
    taskId: optional(given.taskId, 0, (value) => validateUnsigned(value, 'options.taskId', caller)),
    priority: optional(given.priority, 0, (value) => validateInteger(value, 'options.priority', -2, 2, caller)),
  };
}

/** What all registrations have in common. */
export abstract class Registration implements MmcssInfo {
  readonly usageClass: string;
  readonly taskId: number;
  readonly priority: number;

  static {
    showAs(Registration, 'MmcssRegistration', ({ usageClass, taskId, priority }) => ({ usageClass, taskId, priority }));
  }

  constructor({ usageClass, priority }: MmcssInfo, taskId: number) {
    this.usageClass = usageClass;
    this.taskId = taskId;
    this.priority = priority;
  }
}
