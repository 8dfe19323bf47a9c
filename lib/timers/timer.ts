// A timer, as this thread's timers see it.

import { type Description, describe, type Observable, type OperationKind } from '../internal/observation';

export abstract class Timer implements Observable {
  /** On the clock of performance.now(). */
  due = 0;
  /** Milliseconds; 0 for a timer that does not repeat. */
  readonly period: number;
  /** When it was started, and how many periods later it is due. */
  startedAt = 0;
  periods = 1;
  /** Whether it has been started and has not ended. */
  pending = false;
  /** Whether it is in the heap. It may be due later than its place there says. */
  queued = false;
  /** When the alarm rang for it. */
  firedAt = 0;
  ref: boolean;

  constructor(period: number, ref: boolean) {
    this.period = period;
    this.ref = ref;
  }

  abstract get kind(): OperationKind;

  /** When it was started, if that is stored. */
  protected get began(): number | undefined {
    return this.period > 0 ? this.startedAt : undefined;
  }

  [describe](): Description {
    const { kind, ref, due, began } = this;
    return { kind, ref, dueAt: due, ...(began !== undefined && { startedAt: began }) };
  }

  /** The timer is due. May run user code. `missed` is the number of periods that passed unseen since the last time. */
  abstract expire(missed: number): void;
}
