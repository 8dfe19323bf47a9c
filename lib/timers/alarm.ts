// The alarm of this thread's timers: RTWorkQ's, on a high-resolution waitable timer. Node's own timer replaces it if there is no
// RTWorkQ, if RTWorkQ fails, and, for timers that were started earlier, after shutdown(). A watchdog checks now and then that
// RTWorkQ's alarm has rung: a system's thread pool has been seen to lose a callback.

import nodeTimers from 'node:timers';
import { isSupported } from '../internal/binding';
import { now } from '../internal/clock';
import {
  close,
  currentEnvironment,
  type Environment,
  fired,
  inContextOfLoad,
  lingers,
  type Operation,
  repeats,
  started,
} from '../internal/environment';
import { emitWarning, outcomeError } from '../internal/errors';
import { isHeld, startOperation } from '../platform/platform';

// Node's own, captured at load: programs replace them.
const { setTimeout, clearTimeout, setInterval, clearInterval } = nodeTimers;

const NEVER = Number.POSITIVE_INFINITY;
// The most that Node's timers take.
const LONGEST = 2 ** 31 - 1;
// How often the watchdog checks RTWorkQ's alarm, and how overdue the alarm must be then. In milliseconds.
const WATCHDOG_INTERVAL = 1_000;

const noop = (): void => {};

export class Alarm implements Operation {
  readonly [repeats] = true;
  readonly #ring: (at: number) => void;
  // Set while the alarm is RTWorkQ's.
  #environment: Environment | undefined;
  #id = -1;
  // Set while the alarm is Node's.
  #timer: NodeJS.Timeout | undefined;
  // Keeps running for a while when the alarm is not needed: starting it costs more than an idle check.
  #watchdog: NodeJS.Timeout | undefined;
  #due = NEVER;
  #period = 0;
  #needed = false;
  #ref = false;
  #closed = false;
  #failed = false;

  /** `ring` gets the time of the ring. It is called in the middle of a batch. */
  constructor(ring: (at: number) => void) {
    this.#ring = ring;
  }

  /** What the alarm is set for; Infinity if it is not set. */
  get due(): number {
    return this.#due;
  }

  /** Whether it was RTWorkQ's until the platform shut down. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sets the alarm. `starting` says that it is for a timer that was just started; only then may this start the platform. With a
   * period, RTWorkQ's alarm repeats by itself; Node's does not.
   */
  set(due: number, period: number, starting: boolean): void {
    this.#due = due;
    this.#period = period;
    if (!this.#environment && starting) this.#open();
    // Code that runs while the platform starts may have set the alarm for something earlier.
    if (this.#due !== NEVER && !this.#setNative(this.#due, this.#period)) this.#setNodeTimer();
  }

  /** Sets whether the alarm keeps the loop alive. */
  setRef(ref: boolean): void {
    this.#ref = ref;
    this.#environment?.native.setRef(this.#id, ref);
    if (ref) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** The alarm is needed, now or later. */
  wake(): void {
    this.#needed = true;
  }

  /** The alarm is not needed for now. RTWorkQ's may ring once more, which is cheaper than cancelling it. */
  rest(): void {
    this.#needed = false;
    if (this.#timer || !isHeld()) this.#release();
    else if (this.#period > 0 && !this.#setNative(NEVER, 0)) this.#due = NEVER;
  }

  get [lingers](): boolean {
    return !this.#needed;
  }

  [started](id: number): void {
    this.#id = id;
  }

  [fired](_status: number, firedAt: number, next: number): void {
    this.#due = next > 0 ? next + (this.#environment?.clockOffset ?? 0) : NEVER;
    this.#ring(firedAt);
  }

  [close](): void {
    const due = this.#due;
    const period = this.#period;
    this.#release();
    this.#closed = this.#needed;
    if (this.#needed && due !== NEVER) this.set(due, period, false);
  }

  /** Switches to RTWorkQ's alarm, if available. */
  #open(): void {
    if (!isSupported()) return;
    try {
      const environment = currentEnvironment(this.#open);
      startOperation(environment, this, this.#open, (native, id) => {
        this.#environment = environment;
        return native.openAlarm(id, this.#ref);
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #setNative(due: number, period: number): boolean {
    if (!this.#environment) return false;
    const { native, clockOffset } = this.#environment;
    const outcome = native.setAlarm(this.#id, due - clockOffset, period);
    if (outcome === 0) {
      this.#due = due;
      this.#period = period;
      this.#closed = this.#failed = false;
      this.#clearTimer();
      if (!this.#watchdog) inContextOfLoad(() => this.#startWatchdog());
      return true;
    }
    this.#environment.stop(this.#id, true);
    this.#fail(outcomeError(outcome, this.set));
    return false;
  }

  #setNodeTimer(): void {
    this.#clearTimer();
    // Node counts in whole milliseconds, and warns about negative ones.
    this.#timer = setTimeout(() => this.#onTimer(), Math.min(Math.max(Math.ceil(this.#due - now()), 1), LONGEST));
    if (!this.#ref) this.#timer.unref();
  }

  #onTimer(): void {
    this.#release();
    this.#ring(now());
  }

  #startWatchdog(): void {
    const watchdog: NodeJS.Timeout = setInterval(() => this.#checkWatchdog(watchdog), WATCHDOG_INTERVAL).unref();
    this.#watchdog = watchdog;
  }

  #checkWatchdog(watchdog: NodeJS.Timeout): void {
    if (!this.#needed || !this.#environment || watchdog !== this.#watchdog) {
      clearInterval(watchdog);
      if (watchdog === this.#watchdog) this.#watchdog = undefined;
    } else if (this.#due < now() - WATCHDOG_INTERVAL) {
      // Replace it. A late ring of the old alarm is ignored.
      const [due, period] = [this.#due, this.#period];
      this.#release();
      this.set(due, period, true);
    }
  }

  #clearTimer(): void {
    const timer: (NodeJS.Timeout & { _onTimeout?: () => void }) | undefined = this.#timer;
    if (!timer) return;
    this.#timer = undefined;
    clearTimeout(timer);
    // async_hooks may get here just before Node calls the timer. Node would then call null, which ends the process.
    timer._onTimeout = noop;
  }

  #release(): void {
    this.#environment?.stop(this.#id, true);
    this.#environment = undefined;
    this.#clearTimer();
    this.#due = NEVER;
  }

  /** Warns once, until the alarm works again. */
  #fail(error: unknown): void {
    this.#environment = undefined;
    this.#closed = false;
    if (!this.#failed) emitWarning(error);
    this.#failed = true;
  }
}
