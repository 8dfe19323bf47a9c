// The alarm of this thread's timers. It is RTWorkQ's: a waitable timer of high resolution. Node's own timer stands in where
// there is no RTWorkQ, where RTWorkQ refuses, and after shutdown() for what was started before. It also looks now and then
// whether RTWorkQ's has rung: a system's thread pool has been seen to lose a callback.

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

// Node's own, because programs put others in their place.
const { setTimeout, clearTimeout, setInterval, clearInterval } = nodeTimers;

const NEVER = Number.POSITIVE_INFINITY;
// What Node's timers take.
const LONGEST = 2 ** 31 - 1;
// How often RTWorkQ's is looked at, in milliseconds, and by how much it is overdue then.
const WATCH = 1_000;

const nothing = (): void => {};

export class Alarm implements Operation {
  readonly [repeats] = true;
  readonly #ring: (at: number) => void;
  // While it is RTWorkQ's.
  #environment: Environment | undefined;
  #id = -1;
  // While it is Node's.
  #timer: NodeJS.Timeout | undefined;
  // Runs on for a while when nobody needs the alarm: to start it costs more than to have it look.
  #watch: NodeJS.Timeout | undefined;
  #due = NEVER;
  #period = 0;
  #needed = false;
  #ref = false;
  #closed = false;
  #failed = false;

  /** `ring` is told when it rang, in the middle of a batch. */
  constructor(ring: (at: number) => void) {
    this.#ring = ring;
  }

  /** What it is set for; Infinity where it is not. */
  get due(): number {
    return this.#due;
  }

  /** Whether it was RTWorkQ's until the platform was shut down. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sets it, for a timer that was started just now or for one that was before; only the former starts the platform. With a
   * period, RTWorkQ's goes on by itself; Node's does not.
   */
  set(due: number, period: number, starting: boolean): void {
    this.#due = due;
    this.#period = period;
    if (!this.#environment && starting) this.#open();
    // What runs while the platform is started may have set it for something earlier.
    if (this.#due !== NEVER && !this.#setNative(this.#due, this.#period)) this.#setNodes();
  }

  /** Whether it keeps the loop alive. */
  setRef(ref: boolean): void {
    this.#ref = ref;
    this.#environment?.native.setRef(this.#id, ref);
    if (ref) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** Somebody needs it, now or later. */
  wake(): void {
    this.#needed = true;
  }

  /** Nobody needs it for now. RTWorkQ's may ring once more, which is cheaper than to have it taken back. */
  rest(): void {
    this.#needed = false;
    if (this.#timer || !isHeld()) this.#give();
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
    this.#give();
    this.#closed = this.#needed;
    if (this.#needed && due !== NEVER) this.set(due, period, false);
  }

  /** Makes it RTWorkQ's, where that can be had. */
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
      if (!this.#watch) inContextOfLoad(() => this.#startWatch());
      return true;
    }
    this.#environment.stop(this.#id, true);
    this.#fail(outcomeError(outcome, this.set));
    return false;
  }

  #setNodes(): void {
    this.#clearTimer();
    // Node counts in whole milliseconds, and warns of what is not above 0.
    this.#timer = setTimeout(() => this.#onTimer(), Math.min(Math.max(Math.ceil(this.#due - now()), 1), LONGEST));
    if (!this.#ref) this.#timer.unref();
  }

  #onTimer(): void {
    this.#give();
    this.#ring(now());
  }

  #startWatch(): void {
    const watch: NodeJS.Timeout = setInterval(() => this.#look(watch), WATCH).unref();
    this.#watch = watch;
  }

  #look(watch: NodeJS.Timeout): void {
    if (!this.#needed || !this.#environment || watch !== this.#watch) {
      clearInterval(watch);
      if (watch === this.#watch) this.#watch = undefined;
    } else if (this.#due < now() - WATCH) {
      // What rings for the one before is not heard any more.
      const [due, period] = [this.#due, this.#period];
      this.#give();
      this.set(due, period, true);
    }
  }

  #clearTimer(): void {
    const timer: (NodeJS.Timeout & { _onTimeout?: () => void }) | undefined = this.#timer;
    if (!timer) return;
    this.#timer = undefined;
    clearTimeout(timer);
    // A hook of async_hooks may come here when Node is about to call the timer. It would call null, which ends the process.
    timer._onTimeout = nothing;
  }

  #give(): void {
    this.#environment?.stop(this.#id, true);
    this.#environment = undefined;
    this.#clearTimer();
    this.#due = NEVER;
  }

  /** Told once, until it works again. */
  #fail(error: unknown): void {
    this.#environment = undefined;
    this.#closed = false;
    if (!this.#failed) emitWarning(error);
    this.#failed = true;
  }
}
