// The part that all MMCSS registrations share.

import type { Caller } from '../internal/errors';
import { showAs } from '../internal/inspection';
import { optionsReader } from '../internal/options';
import { returning, self } from '../internal/self';
import { optional, validateInteger, validateUnsigned } from '../internal/validation';
import { validateUsageClass } from './classes';

/** Options of the functions that register with MMCSS. */
export interface MmcssOptions {
  /** The task group. Default: `0`, a new one. */
  taskId?: number | undefined;
  /** The priority within the class, from -2 (very low) to 2 (critical). Default: `0`. */
  priority?: number | undefined;
}

/** The class, task group and priority of a registration. */
export interface MmcssInfo {
  /** The class, such as `'Pro Audio'`; `''` if the queue is not registered. */
  readonly usageClass: string;
  /** The task group; 0 if the queue is not registered. */
  readonly taskId: number;
  /** The priority within the class, from -2 to 2. */
  readonly priority: number;
}

const read = optionsReader(({ taskId, priority }: MmcssOptions): MmcssOptions => ({ taskId, priority }));

/** Checks the arguments of a registration. */
export function validateRegistration(usageClass: unknown, options: MmcssOptions | undefined, syscall: string, caller: Caller): MmcssInfo {
  const name = validateUsageClass(usageClass, syscall, caller);
  const given = read(options, caller);
  return {
    usageClass: name,
    taskId: optional(given.taskId, 0, (value) => validateUnsigned(value, 'options.taskId', caller)),
    priority: optional(given.priority, 0, (value) => validateInteger(value, 'options.priority', -2, 2, caller)),
  };
}

/** The base class of all registrations. */
export abstract class Registration implements MmcssInfo {
  readonly usageClass: string;
  readonly taskId: number;
  readonly priority: number;
  readonly [self]: () => this = returning(this);

  static {
    showAs(Registration, 'MmcssRegistration', ({ usageClass, taskId, priority }) => ({ usageClass, taskId, priority }));
  }

  constructor({ usageClass, priority }: MmcssInfo, taskId: number) {
    this.usageClass = usageClass;
    this.taskId = taskId;
    this.priority = priority;
  }
}
