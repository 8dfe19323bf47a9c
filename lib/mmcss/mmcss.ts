// The Multimedia Class Scheduler Service: for queues, for the platform, for this thread. Whatever registers gives a registration.

import { requireAddon } from '../internal/binding';
import { currentEnvironment, type Environment, fired, type Operation } from '../internal/environment';
import { type Caller, check, rtwqError, warn } from '../internal/errors';
import { showAs } from '../internal/inspection';
import type { Index, NativeEnvironment, Outcome } from '../internal/native';
import { optionsReader } from '../internal/options';
import { optional, validateInteger, validateText, validateUnsigned } from '../internal/validation';
import { startOperation, usePlatform } from '../platform/platform';
import { queueState } from '../queues/queue-state';

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

/** A registration with MMCSS: of this thread, or of the queues that every process has. */
export interface MmcssRegistration extends MmcssInfo, Disposable {
  /**
   * Ends it (`AvRevertMmThreadCharacteristics`, `RtwqUnregisterPlatformFromMMCSS`); more than once does nothing.
   *
   * @throws {@link RtwqError} when Windows refuses.
   */
  unregister(): void;
}

/** A registration with MMCSS of a work queue. It ends with the queue too. */
export interface QueueMmcssRegistration extends MmcssInfo, AsyncDisposable {
  /**
   * Ends it (`RtwqBeginUnregisterWorkQueueWithMMCSS`, `RtwqEndUnregisterWorkQueueWithMMCSS`).
   *
   * @returns a promise that resolves when it has ended; the same one every time. Rejects with an {@link RtwqError} where RTWorkQ
   *   refuses.
   */
  unregister(): Promise<void>;
}

/**
 * The MMCSS classes of this Windows, from the registry. Windows has `'Audio'`, `'Capture'`, `'Distribution'`, `'Games'`,
 * `'Playback'`, `'Pro Audio'`, `'Window Manager'` and `'DisplayPostProcessing'`; there may be others.
 *
 * @example
 * ```ts
 * if (listMmcssClasses().includes('Pro Audio')) registerThreadWithMmcss('Pro Audio');
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

const read = optionsReader(({ taskId, priority }: MmcssOptions): MmcssOptions => ({ taskId, priority }));

/** What shall be registered as what: everything is checked. */
function readWish(usageClass: unknown, options: MmcssOptions | undefined, syscall: string, caller: Caller): MmcssInfo {
  const name = validateUsageClass(usageClass, syscall, caller);
  const given = read(options, caller);
  return {
    usageClass: name,
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

/** What all registrations have in common. */
abstract class Registration implements MmcssInfo {
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

class QueueRegistration extends Registration implements QueueMmcssRegistration {
  readonly #queue: { readonly closed: boolean };
  #ended: Promise<void> | undefined;

  constructor(wish: MmcssInfo, taskId: number, queue: { readonly closed: boolean }) {
    super(wish, taskId);
    this.#queue = queue;
  }

  unregister(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.unregister();
  }

  async #end(): Promise<void> {
    if (this.#queue.closed) return;
    await change(this.#queue, 'Unregister', this.unregister, (native, id, index) => native.unregisterQueueFromMmcss(id, index));
  }
}

/** One that is made and ended at once. */
class SyncRegistration extends Registration implements MmcssRegistration {
  readonly #environment: Environment;
  readonly #unregister: (native: NativeEnvironment, index: Index) => Outcome;
  #index: Index | undefined;

  constructor(wish: MmcssInfo, environment: Environment, unregister: (native: NativeEnvironment, index: Index) => Outcome) {
    const [index, taskId = 0] = environment.out;
    super(wish, taskId);
    this.#environment = environment;
    this.#unregister = unregister;
    this.#index = index;
  }

  unregister(): void {
    check(this.#end(), this.unregister);
  }

  [Symbol.dispose](): void {
    this.unregister();
  }

  /** The platform ends. */
  end(): void {
    warn(this.#end(), this.end);
  }

  #end(): Outcome {
    this.#environment.dependents.delete(this);
    const index = this.#index;
    this.#index = undefined;
    return index === undefined ? 0 : this.#unregister(this.#environment.native, index);
  }
}

export async function registerQueue(
  queue: { readonly closed: boolean },
  usageClass: string,
  options: MmcssOptions | undefined,
  caller: Caller,
): Promise<QueueMmcssRegistration> {
  currentEnvironment(caller);
  const wish = readWish(usageClass, options, 'RtwqBeginRegisterWorkQueueWithMMCSS', caller);
  const taskId = await change(queue, 'Register', caller, (native, id, index) =>
    native.registerQueueWithMmcss(id, index, wish.usageClass, wish.taskId, wish.priority),
  );
  return new QueueRegistration(wish, taskId, queue);
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
 * @returns the registration: unregister or dispose it. It ends with this thread's use of the platform too: {@link shutdown}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not
 *   fit.
 * @throws {@link RtwqError} when RTWorkQ refuses: `E_NOTIMPL` under Wine.
 * @example
 * ```ts
 * using registration = registerPlatformWithMmcss('Playback');
 * console.log(registration.taskId);
 * ```
 */
export function registerPlatformWithMmcss(usageClass: string, options?: MmcssOptions): MmcssRegistration {
  const caller = registerPlatformWithMmcss;
  const environment = currentEnvironment(caller);
  const wish = readWish(usageClass, options, 'RtwqRegisterPlatformWithMMCSS', caller);
  const register = (): Outcome => environment.native.registerPlatformWithMmcss(wish.usageClass, wish.taskId, wish.priority);
  return usePlatform(environment, caller, register, () => {
    const registration = new SyncRegistration(wish, environment, (native, index) => native.unregisterPlatformFromMmcss(index));
    environment.dependents.add(registration);
    return registration;
  });
}

/**
 * Registers the calling JavaScript thread with MMCSS (`AvSetMmThreadCharacteristicsW`, `AvSetMmThreadPriority`).
 *
 * JavaScript's timers, promises and garbage collection then run with that priority too, so it is best done in a Worker that
 * does little else. A thread that uses up its time slices is demoted. The registration ends with the Worker.
 *
 * @param usageClass a class of {@link listMmcssClasses}.
 * @param options `taskId` joins the group of a work queue ({@link WorkQueue.taskId}, {@link WorkQueue.registerWithMmcss}).
 * @returns the registration: unregister or dispose it on this thread, where alone it exists.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not
 *   fit.
 * @throws {@link RtwqError} when Windows refuses: `ERROR_INVALID_TASK_NAME`, `ERROR_INVALID_TASK_INDEX`,
 *   `ERROR_THREAD_ALREADY_IN_TASK`; `ERROR_MOD_NOT_FOUND` where there is no avrt.dll.
 * @example
 * ```ts
 * const queue = WorkQueue.lockShared('Pro Audio');
 * using registration = registerThreadWithMmcss('Pro Audio', { taskId: queue.taskId });
 * ```
 */
export function registerThreadWithMmcss(usageClass: string, options?: MmcssOptions): MmcssRegistration {
  const caller = registerThreadWithMmcss;
  const environment = currentEnvironment(caller);
  const wish = readWish(usageClass, options, 'AvSetMmThreadCharacteristicsW', caller);
  check(environment.native.registerThreadWithMmcss(wish.usageClass, wish.taskId, wish.priority), caller);
  return new SyncRegistration(wish, environment, (native, index) => native.unregisterThreadFromMmcss(index));
}
