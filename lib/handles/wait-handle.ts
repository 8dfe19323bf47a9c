// The base class of the handles that can be waited for.

import { Handle } from './handle';
import type { WaitOptions } from './wait-options';
import { waitForOne } from './waiting';

/** The target of a wait: a handle of this package, or a raw HANDLE of this process, which is never closed for you. */
export type WaitTarget = WaitHandle | bigint;

/**
 * A handle to a waitable kernel object, for {@link waitFor}, {@link putWaitingWorkItem} or {@link WorkQueue.wait}.
 *
 * Close or dispose it: see {@link Handle}.
 */
export abstract class WaitHandle extends Handle {
  /**
   * Waits until the handle becomes signaled, or the timeout passes: {@link waitFor} as a method.
   *
   * @returns a promise of `'signaled'` or `'timeout'`. Rejects as {@link waitFor} does.
   * @example
   * ```ts
   * using event = WaitableEvent.create();
   * console.log(await event.wait({ timeout: 10 })); // timeout
   * ```
   */
  wait(options?: WaitOptions): Promise<'signaled' | 'timeout'> {
    return waitForOne(this, options, this.wait);
  }
}
