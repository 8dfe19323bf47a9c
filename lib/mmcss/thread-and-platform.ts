// Registrations of this thread (avrt.dll) and of the platform (RtwqRegisterPlatformWithMMCSS, RtwqUnregisterPlatformFromMMCSS).

import { currentEnvironment, type Environment } from '../internal/environment';
import { check, warn } from '../internal/errors';
import type { Outcome } from '../internal/native';
import { usePlatform } from '../platform/platform';
import { type MmcssInfo, type MmcssOptions, Registration, readWish } from './registration';

/** A registration with MMCSS: of this thread, or of the queues that every process has. */
export interface MmcssRegistration extends MmcssInfo, Disposable {
  /**
   * Ends it (`AvRevertMmThreadCharacteristics`, `RtwqUnregisterPlatformFromMMCSS`); more than once does nothing.
   *
   * @throws {@link RtwqError} when Windows refuses.
   */
  unregister(): void;
}

/** One that is made and ended at once. */
class SyncRegistration extends Registration implements MmcssRegistration {
  #unregister: (() => Outcome) | undefined;

  constructor(wish: MmcssInfo, taskId: number, unregister: () => Outcome) {
    super(wish, taskId);
    this.#unregister = unregister;
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
    const unregister = this.#unregister;
    this.#unregister = undefined;
    return unregister?.() ?? 0;
  }
}

// The platform has one registration: a newer one takes the place of the one before.
let ofPlatform: SyncRegistration | undefined;

function unregisterPlatform(environment: Environment, registration: SyncRegistration): Outcome {
  environment.dependents.delete(registration);
  if (ofPlatform !== registration) return 0;
  ofPlatform = undefined;
  return environment.native.unregisterPlatformFromMmcss();
}

/**
 * Registers the work queues that every process has with MMCSS (`RtwqRegisterPlatformWithMMCSS`).
 *
 * This changes the queues for everything in the process that uses them: other addons, Media Foundation, the program that
 * embeds Node. In a library, register a queue of your own instead ({@link WorkQueue.registerWithMmcss}).
 *
 * @param usageClass a class of {@link listMmcssClasses}.
 * @returns the registration: unregister or dispose it. It ends with this thread's use of the platform too ({@link shutdown}), and
 *   where the platform is registered again.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` or RangeError `ERR_OUT_OF_RANGE` for arguments that do not
 *   fit.
 * @throws {@link RtwqError} when RTWorkQ refuses.
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
  return usePlatform(environment, caller, register, (out) => {
    const registration = new SyncRegistration(wish, out[0] as number, () => unregisterPlatform(environment, registration));
    ofPlatform = registration;
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
  const { native, out } = environment;
  check(native.registerThreadWithMmcss(wish.usageClass, wish.taskId, wish.priority), caller);
  const index = out[0] as number;
  return new SyncRegistration(wish, out[1] as number, () => native.unregisterThreadFromMmcss(index));
}
