// The options of every wait of the waiter.

import { optionsReader } from '../internal/options';

/** Options of {@link waitFor}, {@link waitForAny}, {@link waitForAll}, {@link waitForProcessExit} and {@link WaitHandle.wait}. */
export interface WaitOptions {
  /**
   * How long to wait, in milliseconds, from 0 (look once, without waiting) to 2 ** 53; fractions count. It is as precise as the
   * timers of `rtworkq/timers`. Default: `Infinity`, no timeout.
   */
  timeout?: number | undefined;
  /** Ends the wait when it aborts; the rejection's `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Whether the wait keeps this process alive. Default: `true`. */
  ref?: boolean | undefined;
}

/** What to say about the option `queue`, which waits do not have. */
export const NO_QUEUE = {
  queue: "has no 'queue' here: this package's own threads wait. To wait on a work queue, use putWaitingWorkItem()",
};

export const readWait = optionsReader(({ timeout, signal, ref }: WaitOptions): WaitOptions => ({ timeout, signal, ref }), NO_QUEUE);
