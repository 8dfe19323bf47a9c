// Lateness in two parts: until it fires, and from there to JavaScript.

import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { showAs } from '../internal/inspection';
import { addListener, type Listener, removeListener } from '../internal/observation';
import { owner, returning, self } from '../internal/self';

/** A monitor from {@link monitorLateness}. */
export interface LatenessMonitor extends Disposable {
  /**
   * How long after its due time an operation fired, in nanoseconds: how late Windows is. Covers operations with a known due time:
   * timers, and {@link scheduleWorkItem} items that were started while a monitor was enabled.
   */
  readonly firing: RecordableHistogram;
  /**
   * How long after an operation fired this thread processed it, in nanoseconds: how busy JavaScript is. Covers everything that
   * fires, except {@link putWorkItems}.
   */
  readonly delivery: RecordableHistogram;
  /** Starts measuring. Returns false if it was already enabled. */
  enable(): boolean;
  /** Stops measuring and keeps the data. Returns false if it was not enabled. */
  disable(): boolean;
  /** Clears the data. */
  reset(): void;
}

const NANOSECONDS_PER_MILLISECOND = 1e6;

class Monitor implements LatenessMonitor {
  readonly firing = createHistogram();
  readonly delivery = createHistogram();
  #listener: Listener | undefined;
  readonly [self]: () => this = returning(this);

  static {
    showAs(Monitor, 'LatenessMonitor', (monitor) => ({
      enabled: monitor.#listener !== undefined,
      firing: monitor.firing,
      delivery: monitor.delivery,
    }));
  }

  enable(): boolean {
    const monitor = owner(this, Monitor, 'LatenessMonitor', 'enable');
    if (monitor.#listener) return false;
    monitor.#listener = {
      record: (firing, delivery) => {
        if (!Number.isNaN(firing)) record(monitor.firing, firing);
        record(monitor.delivery, delivery);
      },
    };
    addListener(monitor.#listener);
    return true;
  }

  disable(): boolean {
    const monitor = owner(this, Monitor, 'LatenessMonitor', 'disable');
    if (!monitor.#listener) return false;
    removeListener(monitor.#listener);
    monitor.#listener = undefined;
    return true;
  }

  reset(): void {
    const monitor = owner(this, Monitor, 'LatenessMonitor', 'reset');
    monitor.firing.reset();
    monitor.delivery.reset();
  }

  [Symbol.dispose](): void {
    this.disable();
  }
}

/** Histograms take safe integers from 1 up. */
function record(histogram: RecordableHistogram, milliseconds: number): void {
  histogram.record(Math.min(Math.max(1, Math.round(milliseconds * NANOSECONDS_PER_MILLISECOND)), Number.MAX_SAFE_INTEGER));
}

/**
 * Measures how late timers, work items and waits reach this thread, as `monitorEventLoopDelay` of `node:perf_hooks` does for the
 * event loop.
 *
 * `firing` and `delivery` tell whether Windows is late, or JavaScript because it was busy.
 *
 * @returns a monitor that is not enabled yet. Disable or dispose it. Off Windows, it covers only timers.
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
