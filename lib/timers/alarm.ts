// The alarm of this thread's timers: a high-resolution waitable timer, for which a thread of the waiter waits. Node's own timer
// replaces it on other systems, and if the waiter cannot start a thread.

import { onSwitch, supportStatus } from '../internal/binding';
import { forAll } from '../internal/context';
import { currentEnvironment, type Environment, fired, type Operation, repeats, started } from '../internal/environment';
import { emitWarning, outcomeError } from '../internal/errors';
import { type HostTimer, LONGEST_TIMER, now, startTimer } from '../internal/host';

const NEVER = Number.POSITIVE_INFINITY;

export class Alarm implements Operation {
  readonly [repeats] = true;
  readonly #ring: (at: number, first: number) => void;
  // Set while the alarm is the waiter's.
  #environment: Environment | undefined;
  #id = -1;
  // Whether the waiter's failed, and Node's serves the timers that are pending.
  #failed = false;
  #timer: HostTimer | undefined;
  #due = NEVER;
  #period = 0;
  #ref = false;

  /**
   * `ring` gets the time of the ring, and of the first one that JavaScript had no time for. It is called in the middle of a batch.
   */
  constructor(ring: (at: number, first: number) => void) {
    this.#ring = ring;
    onSwitch(() => this.#reset());
  }

  /** What the alarm is set for; Infinity if it is not set. */
  get due(): number {
    return this.#due;
  }

  /** Sets the alarm. With a period, the waiter's repeats by itself; Node's does not. */
  set(due: number, period: number): void {
    this.#due = due;
    this.#period = period;
    try {
      if (!this.#environment && !this.#failed) this.#open();
      // Code that runs while the alarm opens may have set it for something earlier.
      if (this.#due !== NEVER && !this.#setNative(this.#due, this.#period)) this.#setNodeTimer();
    } catch (error) {
      // The stack is full. The next timer sets the alarm for this one too.
      this.#due = NEVER;
      throw error;
    }
  }

  /** Whether the alarm keeps the loop alive, while it is set. */
  get ref(): boolean {
    return this.#ref;
  }

  /** Sets it. */
  setRef(ref: boolean): void {
    this.#environment?.native.setRef(this.#id, ref);
    this.#timer?.setRef(ref);
    this.#ref = ref;
  }

  /** No timer is pending. The waiter's alarm may ring once more, which is cheaper than cancelling it. */
  rest(): void {
    if (this.#timer) {
      this.#clearTimer();
      this.#due = NEVER;
    } else if (this.#period > 0 && !this.#setNative(NEVER, 0)) {
      // It has failed, so it will not ring.
      this.#due = NEVER;
      this.#period = 0;
    }
    if (this.#environment?.native.restAlarm(this.#id)) this.#due = NEVER;
    this.#failed = false;
  }

  [started](id: number): void {
    this.#id = id;
  }

  [fired](microseconds: number, firedAt: number, next: number): void {
    this.#due = next > 0 ? next + (this.#environment?.clockOffset ?? 0) : NEVER;
    this.#ring(firedAt, firedAt - microseconds / 1_000);
  }

  #open(): void {
    try {
      if (!supportStatus().waits) return;
      const environment = currentEnvironment(this.#open);
      environment.start(this, this.#open, (native, id) => {
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
      return true;
    }
    this.#environment.stop(this.#id, true);
    this.#fail(outcomeError(outcome, this.set));
    return false;
  }

  #setNodeTimer(): void {
    this.#clearTimer();
    const delay = Math.min(this.#due - now(), LONGEST_TIMER);
    this.#timer = forAll(() => startTimer(() => this.#onTimer(), delay, this.#ref));
  }

  #onTimer(): void {
    this.#clearTimer();
    this.#due = NEVER;
    const at = now();
    this.#ring(at, at);
  }

  #clearTimer(): void {
    const timer = this.#timer;
    this.#timer = undefined;
    timer?.stop();
  }

  /** Another addon serves the next timer. */
  #reset(): void {
    this.#clearTimer();
    this.#environment?.stop(this.#id, true);
    this.#environment = undefined;
    this.#failed = false;
    this.#due = NEVER;
    this.#period = 0;
  }

  #fail(error: unknown): void {
    this.#environment = undefined;
    this.#failed = true;
    emitWarning(error);
  }
}
