// The alarm of this thread's timers.

import type { Outcome } from '../../internal/native';
import type { Event } from './agenda';
import { type Completion, Operation } from './operations';

const MICROSECONDS_PER_MILLISECOND = 1_000;

export class Alarm extends Operation {
  override readonly repeats = true;
  #event: Event | undefined;
  #due = 0;
  #period = 0;
  #rangAt = 0;
  #firstRangAt: number | undefined;

  open(ref: boolean): Outcome {
    return this.channel.begin(this, ref, () => this.machine.failures.call('CreateWaitableTimerExW', '_beginthreadex'));
  }

  set(due: number, period: number): Outcome {
    const outcome = this.machine.failures.call('SetWaitableTimer');
    this.#period = period;
    if (outcome === 0) this.#arm(due);
    else this.off();
    return outcome;
  }

  off(): void {
    this.#event?.cancel();
    this.#event = undefined;
  }

  override stop(): boolean {
    this.off();
    return super.stop();
  }

  completion(): Completion {
    const between = this.#rangAt - (this.#firstRangAt ?? this.#rangAt);
    this.#firstRangAt = undefined;
    return { status: between * MICROSECONDS_PER_MILLISECOND, firedAt: this.#rangAt, value: this.#event ? this.#due : 0 };
  }

  #arm(due: number): void {
    this.off();
    this.#due = due;
    if (due < Number.POSITIVE_INFINITY) this.#event = this.machine.agenda.at(due, () => this.#ring());
  }

  #ring(): void {
    const { now } = this.machine;
    const isReported = this.#firstRangAt !== undefined;
    this.#event = undefined;
    this.#rangAt = now;
    this.#firstRangAt ??= now;
    // Missed periods are skipped.
    if (this.#period > 0) this.#arm(this.#due + (Math.floor(Math.max(0, now - this.#due) / this.#period) + 1) * this.#period);
    if (!isReported) this.report();
  }
}
