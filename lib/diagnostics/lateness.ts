// How late things are, in two parts: until RTWorkQ's callback, and from there to JavaScript.

import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { showAs } from '../internal/inspection';
import { addListener, type Listener, removeListener } from '../internal/observation';

/** What {@link monitorLateness} returns. */
export interface LatenessMonitor extends Disposable {
  /**
   * From when it was due until it fired, in nanoseconds: how late Windows is. Of what is due at a known time: timers, and work
   * items of {@link scheduleWorkItem} that were started while a monitor was enabled.
   */
  readonly firing: RecordableHistogram;
  /**
   * From when it fired until this thread heard of it, in nanoseconds: how busy JavaScript is. Of everything that fires, but for
   * {@link putWorkItems}.
   */
  readonly delivery: RecordableHistogram;
  /** Begins to measure. Returns false where it had begun. */
  enable(): boolean;
  /** Ends it; what was measured stays. Returns false where it had ended. */
  disable(): boolean;
  /** Forgets what was measured. */
  reset(): void;
}

const NANOSECONDS = 1e6;

class Monitor implements LatenessMonitor {
  readonly firing = createHistogram();
  readonly delivery = createHistogram();
  #listener: Listener | undefined;

  static {
    showAs(Monitor, 'LatenessMonitor', (monitor) => ({
      enabled: monitor.#listener !== undefined,
      firing: monitor.firing,
      delivery: monitor.delivery,
    }));
  }

  enable(): boolean {
    if (this.#listener) return false;
    this.#listener = {
      record: (firing, delivery) => {
        if (!Number.isNaN(firing)) record(this.firing, firing);
        record(this.delivery, delivery);
      },
    };
    addListener(this.#listener);
    return true;
  }

  disable(): boolean {
    if (!this.#listener) return false;
    removeListener(this.#listener);
    this.#listener = undefined;
    return true;
  }

  reset(): void {
    this.firing.reset();
    this.delivery.reset();
  }

  [Symbol.dispose](): void {
    this.disable();
  }
}

/** Histograms take safe integers from 1 on. */
function record(histogram: RecordableHistogram, milliseconds: number): void {
  histogram.record(Math.min(Math.max(1, Math.round(milliseconds * NANOSECONDS)), Number.MAX_SAFE_INTEGER));
}

/**
 * Measures how late what fires comes to this thread, as `monitorEventLoopDelay` of `node:perf_hooks` does for the event loop.
 * `firing` and `delivery` say who is late: Windows, or JavaScript because it was busy with something else.
 *
 * @returns a monitor that is not enabled yet. Disable or dispose it. It works off Windows too, where there are timers only.
 * @example
 * ```ts
 * using lateness = monitorLateness();
 * lateness.enable();
 * for (let count = 0; count < 100; count++) await scheduleWorkItem(10);
 * console.log('Windows:', lateness.firing.percentile(99) / 1e6, 'ms');
 * console.log('JavaScript:', lateness.delivery.percentile(99) / 1e6, 'ms');
 * ```
 */
export function monitorLateness(): LatenessMonitor {
  return new Monitor();
}
