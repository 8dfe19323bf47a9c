// The Multimedia Class Scheduler Service: for queues, for the platform, for this thread.

import { requireAddon } from '../internal/binding';
import { currentEnvironment, fired, type Operation } from '../internal/environment';
import { type Caller, check, rtwqError } from '../internal/errors';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import { optional, readOptions, validateInteger, validateText, validateUnsigned } from '../internal/validation';
import { startOperation, usePlatform } from '../platform/platform';
import { queueState } from '../queues/queue-state';

/** Options of what joins an MMCSS task group. */
export interface MmcssOptions {
  /** The task group. Default: `0`, a new one. */
  taskId?: number | undefined;
  /** The priority within the class, from -2 (very low) to 2 (critical). Default: `0`. */
  priority?: number | undefined;
}

/** What a work queue is registered as. */
export interface MmcssInfo {
  /** The class, such as `'Pro Audio'`; `''` where the queue is not registered. */
  readonly usageClass: string;
  /** The task group; 0 where the queue is not registered. */
  readonly taskId: number;
  /** The priority within the class, from -2 to 2. */
  readonly priority: number;
}

/** This thread's place in an MMCSS task group. */
export interface MmcssMembership extends Disposable {
  readonly usageClass: string;
  /** The task group, for work queues and other threads. */
  readonly taskId: number;
  /** Leaves the group (`AvRevertMmThreadCharacteristics`); more than once does nothing. */
  leave(): void;
}

/**
 * The MMCSS classes of this Windows, from the registry. Windows has `'Audio'`, `'Capture'`, `'Distribution'`, `'Games'`,
 * `'Playback'`, `'Pro Audio'`, `'Window Manager'` and `'DisplayPostProcessing'`; there may be others.
 *
 * @example
 * ```ts
 * if (listMmcssClasses().includes('Pro Audio')) await queue.registerWithMmcss('Pro Audio');
 * ```
 */
export function listMmcssClasses(): string[] {
  return requireAddon(listMmcssClasses).listMmcssClasses();
}

/** The name of an MMCSS class, as far as that can be told; upper and lower case are the same. */
export function validateUsageClass(value: unknown, syscall: string, caller: Caller): string {
  const name = validateText(value, 'usageClass', caller);
  const classes = requireAddon(caller).listMmcssClasses();
  const known = classes.some((each) => each.toLowerCase() === name.toLowerCase());
  if (known || classes.length === 0) return name;
  const detail = `There is no MMCSS class ${JSON.stringify(name)}. This Windows has: ${classes.join(', ')}.`;
  throw rtwqError('ERROR_INVALID_TASK_NAME', syscall, caller, detail);
}

function readMmcssOptions(options: MmcssOptions | undefined, caller: Caller): Required<{ [Key in keyof MmcssOptions]: number }> {
  const given = readOptions(options, ({ taskId, priority }) => ({ taskId, priority }), caller);
  return {
    taskId: optional(given.taskId, 0, (value) => validateUnsigned(value, 'options.taskId', caller)),
    priority: optional(given.priority, 0, (value) => validateInteger(value, 'options.priority', -2, 2, caller)),
  };
}

/** A Begin whose End RTWorkQ's thread calls, by the middle of their names. */
function change(
  queue: object,
  name: 'Register' | 'Unregister',
  caller: Caller,
  begin: (native: NativeEnvironment, id: number, index: Index) => Outcome,
): Promise<number> {
  const environment = currentEnvironment(caller);
  const syscall = (step: 'Begin' | 'End'): string => `Rtwq${step}${name}WorkQueueWithMMCSS`;
  // The queue is resolved in there: the hooks of async_hooks hear of the promise first.
  return new Promise((resolve, reject) => {
    const { index } = queueState(queue, 'this', syscall('Begin'), caller);
    const operation: Operation = {
      [fired]: (status, _firedAt, taskId) => (status < 2 ** 31 ? resolve(taskId) : reject(rtwqError(status, syscall('End'), caller))),
    };
    startOperation(environment, operation, caller, (native, id) => begin(native, id, index));
  });
}

export function registerQueue(queue: object, usageClass: string, options: MmcssOptions | undefined, caller: Caller): Promise<number> {
  currentEnvironment(caller);
  const name = validateUsageClass(usageClass, 'RtwqBeginRegisterWorkQueueWithMMCSS', caller);
  const { taskId, priority } = readMmcssOptions(options, caller);
  return change(queue, 'Register', caller, (native, id, index) => native.registerWithMmcss(id, index, name, taskId, priority));
}

export async function unregisterQueue(queue: object, caller: Caller): Promise<void> {
  await change(queue, 'Unregister', caller, (native, id, index) => native.unregisterFromMmcss(id, index));
}

export function mmcssOf(queue: object, caller: Caller): MmcssInfo {
  const environment = currentEnvironment(caller);
  const { index } = queueState(queue, 'this', 'RtwqGetWorkQueueMMCSSClass', caller);
  let usageClass = '';
  const ask = (): Outcome => {
    const answer = environment.native.mmcss(index);
    if (typeof answer === 'number') return answer;
    usageClass = answer;
    return 0;
  };
  return usePlatform(environment, caller, ask, (out) => {
    const [taskId = 0, priority = 0] = usageClass === '' ? [] : out;
    return { usageClass, taskId, priority };
  });
}

/**
 * Registers the work queues that every process has with MMCSS (`RtwqRegisterPlatformWithMMCSS`).
 *
 * This changes the queues for everything in the process that uses them: other addons, Media Foundation, the program that
 * embeds Node. In a library, register a queue of your own instead ({@link WorkQueue.registerWithMmcss}).
 *
 * @param usageClass a class of {@link listMmcssClasses}.
 * @returns the task id.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not fit.
 * @throws {@link RtwqError} when RTWorkQ refuses: `E_NOTIMPL` under Wine.
 * @example
 * ```ts
 * registerPlatformWithMmcss('Playback');
 * ```
 */
export function registerPlatformWithMmcss(usageClass: string, options?: MmcssOptions): number {
  const caller = registerPlatformWithMmcss;
  const environment = currentEnvironment(caller);
  const name = validateUsageClass(usageClass, 'RtwqRegisterPlatformWithMMCSS', caller);
  const { taskId, priority } = readMmcssOptions(options, caller);
  const register = (): Outcome => environment.native.registerPlatformWithMmcss(name, taskId, priority);
  return usePlatform(environment, caller, register, ([task = 0]) => task);
}

/**
 * Ends what {@link registerPlatformWithMmcss} has begun (`RtwqUnregisterPlatformFromMMCSS`), for the whole process.
 *
 * @throws {@link RtwqError} when RTWorkQ refuses: `E_NOTIMPL` under Wine.
 * @example
 * ```ts
 * unregisterPlatformFromMmcss();
 * ```
 */
export function unregisterPlatformFromMmcss(): void {
  const caller = unregisterPlatformFromMmcss;
  const environment = currentEnvironment(caller);
  const unregister = (): Outcome => environment.native.unregisterPlatformFromMmcss();
  usePlatform(environment, caller, unregister, () => {});
}

class Membership implements MmcssMembership {
  readonly usageClass: string;
  readonly taskId: number;
  readonly #native: NativeEnvironment;
  #index: Index | undefined;

  constructor(native: NativeEnvironment, index: Index, usageClass: string, taskId: number) {
    this.#native = native;
    this.#index = index;
    this.usageClass = usageClass;
    this.taskId = taskId;
  }

  leave(): void {
    const index = this.#index;
    if (index === undefined) return;
    this.#index = undefined;
    check(this.#native.leaveMmcss(index), this.leave);
  }

  [Symbol.dispose](): void {
    this.leave();
  }
}

/**
 * Puts the calling JavaScript thread into an MMCSS task group (`AvSetMmThreadCharacteristicsW`, `AvSetMmThreadPriority`).
 *
 * JavaScript's timers, promises and garbage collection then run with that priority too, so it is best done in a Worker that
 * does little else. A thread that uses up its time slices is demoted. It leaves the group when its Worker ends.
 *
 * @param usageClass a class of {@link listMmcssClasses}.
 * @param options `taskId` joins the group of a work queue ({@link WorkQueue.taskId}, {@link WorkQueue.registerWithMmcss}).
 * @returns the membership; leave or dispose it on this thread, where alone it exists.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not fit.
 * @throws {@link RtwqError} when Windows refuses: `ERROR_INVALID_TASK_NAME`, `ERROR_INVALID_TASK_INDEX`,
 *   `ERROR_THREAD_ALREADY_IN_TASK`; `ERROR_MOD_NOT_FOUND` where there is no avrt.dll.
 * @example
 * ```ts
 * const queue = WorkQueue.lockShared('Pro Audio');
 * using membership = joinMmcss('Pro Audio', { taskId: queue.taskId });
 * ```
 */
export function joinMmcss(usageClass: string, options?: MmcssOptions): MmcssMembership {
  const { native, out } = currentEnvironment(joinMmcss);
  const name = validateUsageClass(usageClass, 'AvSetMmThreadCharacteristicsW', joinMmcss);
  const { taskId, priority } = readMmcssOptions(options, joinMmcss);
  check(native.joinMmcss(name, taskId, priority), joinMmcss);
  return new Membership(native, out[0] ?? 0, name, out[1] ?? 0);
}
