// Registrations of this thread and of the timers' threads (avrt.dll), and of the platform (RtwqRegisterPlatformWithMMCSS,
// RtwqUnregisterPlatformFromMMCSS).

import { currentEnvironment, type Environment, rtworkqEnvironment } from '../internal/environment';
import { type Caller, check, warn } from '../internal/errors';
import type { Index, Outcome } from '../internal/native';
import { owner } from '../internal/self';
import { usePlatform } from '../platform/platform';
import { type MmcssInfo, type MmcssOptions, Registration, validateRegistration } from './registration';

/** An MMCSS registration of this thread, of the threads behind the timers, or of the process-wide work queues. */
export interface MmcssRegistration extends MmcssInfo, Disposable {
  /**
   * Ends the registration (`AvRevertMmThreadCharacteristics`, `RtwqUnregisterPlatformFromMMCSS`). Calling it again does nothing.
   *
   * @throws {@link RtwqError} if the call fails.
   */
  unregister(): void;
}

/** A registration that starts and ends synchronously. */
class SyncRegistration extends Registration implements MmcssRegistration {
  #unregister: (() => Outcome) | undefined;

  constructor(requested: MmcssInfo, taskId: number, unregister: () => Outcome) {
    super(requested, taskId);
    this.#unregister = unregister;
  }

  unregister(): void {
    const own = owner(this, SyncRegistration, 'MmcssRegistration', 'unregister');
    check(own.#end(), own.unregister);
  }

  [Symbol.dispose](): void {
    this.unregister();
  }

  /** The platform has ended. */
  end(): void {
    warn(this.#end(), this.end);
  }

  #end(): Outcome {
    const unregister = this.#unregister;
    this.#unregister = undefined;
    return unregister?.() ?? 0;
  }
}

// The platform has at most one registration: a new one replaces it.
let platformRegistration: SyncRegistration | undefined;

function unregisterPlatform(environment: Environment, registration: SyncRegistration): Outcome {
  environment.dependents.delete(registration);
  if (platformRegistration !== registration) return 0;
  platformRegistration = undefined;
  return environment.native.unregisterPlatformFromMmcss();
}

/**
 * Registers the process-wide work queues with MMCSS (`RtwqRegisterPlatformWithMMCSS`).
 *
 * This affects everything in the process that uses these queues: other addons, Media Foundation, the program that embeds Node. In a
 * library, register a queue of your own instead ({@link WorkQueue.registerWithMmcss}).
 *
 * @param usageClass a class from {@link listMmcssClasses}.
 * @returns the registration: unregister or dispose it. It also ends when this thread stops using the platform ({@link shutdown}),
 *   and when the platform is registered again.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
 * @throws {@link RtwqError} if the call fails.
 * @example
 * ```ts
 * using registration = registerPlatformWithMmcss('Playback');
 * console.log(registration.taskId);
 * ```
 */
export function registerPlatformWithMmcss(usageClass: string, options?: MmcssOptions): MmcssRegistration {
  const caller = registerPlatformWithMmcss;
  const environment = rtworkqEnvironment(caller);
  const requested = validateRegistration(usageClass, options, 'RtwqRegisterPlatformWithMMCSS', caller);
  const register = (): Outcome => environment.native.registerPlatformWithMmcss(requested.usageClass, requested.taskId, requested.priority);
  return usePlatform(environment, caller, register, (out) => {
    const registration: SyncRegistration = new SyncRegistration(requested, out[0] as number, () =>
      unregisterPlatform(environment, registration),
    );
    platformRegistration = registration;
    environment.dependents.add(registration);
    return registration;
  });
}

/** AvSetMmThreadCharacteristicsW and AvSetMmThreadPriority, for one thread or for several. */
function registerThreads(
  usageClass: string,
  options: MmcssOptions | undefined,
  caller: Caller,
  register: (usageClass: string, taskId: number, priority: number) => Outcome,
  unregister: (registration: Index) => Outcome,
): MmcssRegistration {
  const requested = validateRegistration(usageClass, options, 'AvSetMmThreadCharacteristicsW', caller);
  check(register(requested.usageClass, requested.taskId, requested.priority), caller);
  const { out, leases } = currentEnvironment(caller);
  const index = out[0] as number;
  const registration: SyncRegistration = new SyncRegistration(requested, out[1] as number, () => {
    leases.delete(registration);
    return unregister(index);
  });
  leases.add(registration);
  return registration;
}

/**
 * Registers the calling JavaScript thread with MMCSS (`AvSetMmThreadCharacteristicsW`, `AvSetMmThreadPriority`).
 *
 * JavaScript's timers, promises and garbage collection then also run at that priority, so prefer a Worker that does little else.
 * Windows demotes a thread that uses up its time slices. The registration ends with the Worker.
 *
 * @param usageClass a class from {@link listMmcssClasses}.
 * @param options `taskId` joins a work queue's task group ({@link WorkQueue.taskId}, {@link WorkQueue.registerWithMmcss}).
 * @returns the registration: unregister or dispose it. It exists on this thread only.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
 * @throws {@link RtwqError} if the call fails: `ERROR_INVALID_TASK_NAME`, `ERROR_INVALID_TASK_INDEX`,
 *   `ERROR_THREAD_ALREADY_IN_TASK`; `ERROR_MOD_NOT_FOUND` if there is no avrt.dll.
 * @example
 * ```ts
 * const queue = WorkQueue.lockShared('Pro Audio');
 * using registration = registerThreadWithMmcss('Pro Audio', { taskId: queue.taskId });
 * ```
 */
export function registerThreadWithMmcss(usageClass: string, options?: MmcssOptions): MmcssRegistration {
  const caller = registerThreadWithMmcss;
  const { native } = currentEnvironment(caller);
  return registerThreads(usageClass, options, caller, native.registerThreadWithMmcss, native.unregisterThreadFromMmcss);
}

/**
 * Registers the threads behind this package's timers with MMCSS (`AvSetMmThreadCharacteristicsW`, `AvSetMmThreadPriority`), so that
 * beats keep time while other programs use the processors.
 *
 * These threads wake the JavaScript threads for the timers of `rtworkq/timers`, and signal {@link WaitableTimer}s whose period
 * Windows cannot keep. They run no JavaScript: for that, register the thread itself ({@link registerThreadWithMmcss}).
 *
 * The process has one such registration. It lasts until every thread has ended what it got from this function; threads that ask for
 * the same class and priority share it.
 *
 * @param usageClass a class from {@link listMmcssClasses}.
 * @returns the registration: unregister or dispose it. It ends with its thread.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for invalid arguments.
 * @throws {@link RtwqError} `ERROR_BUSY` while the timers are registered with another class, priority or task group; otherwise as
 *   {@link registerThreadWithMmcss} does.
 * @example
 * ```ts
 * using registration = registerTimersWithMmcss('Pro Audio');
 * ```
 */
export function registerTimersWithMmcss(usageClass: string, options?: MmcssOptions): MmcssRegistration {
  const caller = registerTimersWithMmcss;
  const { native } = currentEnvironment(caller);
  return registerThreads(usageClass, options, caller, native.registerTimersWithMmcss, native.unregisterTimersFromMmcss);
}
