// Waitable timers. One without high resolution is bound to the machine's ticks.

import type { Event } from './agenda';
import type { Machine } from './machine';
import { KernelObject } from './objects';

export class TimerObject extends KernelObject {
  readonly kind = 'timer';
  readonly #manualReset: boolean;
  readonly #exact: boolean;
  #signaled = false;
  #event: Event | undefined;
  #period = 0;
  #isFirst = true;

  constructor(machine: Machine, manualReset: boolean, exact: boolean) {
    super(machine);
    this.#manualReset = manualReset;
    this.#exact = exact;
  }

  get signaled(): boolean {
    return this.#signaled;
  }

  consume(): void {
    if (!this.#manualReset) this.#signaled = false;
  }

  /** `due` is on the machine's clock. */
  set(due: number, period: number): void {
    this.cancel();
    this.reset();
    this.#period = period;
    this.#isFirst = true;
    if (due > this.machine.now) this.#plan(due);
    else this.#signal(due);
  }

  /** Takes a signal back that no wait has taken. */
  reset(): void {
    this.#signaled = false;
  }

  cancel(): void {
    this.#event?.cancel();
    this.#event = undefined;
  }

  /** The handle that keeps the period has been closed. What Windows itself has been told stays: the first time. */
  endPeriod(): void {
    if (this.#isFirst) this.#period = 0;
    else this.cancel();
  }

  protected override end(): void {
    this.cancel();
  }

  #plan(due: number): void {
    const signal = (): void => this.#signal(due);
    this.#event = this.#exact ? this.machine.agenda.at(due, signal) : this.machine.atTick(due, signal);
  }

  #signal(due: number): void {
    const period = this.#period;
    this.#event = undefined;
    this.#isFirst = false;
    // Counted from the first time, so that it does not drift. Periods that have passed are skipped.
    if (period > 0) this.#plan(due + (Math.floor(Math.max(0, this.machine.now - due) / period) + 1) * period);
    this.#signaled = true;
    this.wake();
  }
}
