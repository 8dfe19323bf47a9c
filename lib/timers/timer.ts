// A timer, as this thread's timers see it. The members have underscores, because users hold the timers with a callback.

import type { Ended } from '../internal/errors';
import { type Description, describe, type OperationKind } from '../internal/observation';

/** The part of a timer that Node's has too, and how it is kept. */
export abstract class Timer {
  /** @internal On the clock of performance.now(). */
  _due = 0;
  /** @internal Milliseconds; 0 for a timer that does not repeat. */
  _period: number;
  /** @internal When it was started, and how many periods later it is due. */
  _startedAt = 0;
  /** @internal */
  _periods = 1;
  /** @internal Whether it has been started and has not ended. */
  _pending = false;
  /** @internal Whether it is in the heap. It may be due later than its place there says. */
  _queued = false;
  /** @internal When the alarm rang for it. */
  _firedAt = 0;
  /** @internal */
  _ref: boolean;

  /** @internal */
  constructor(period: number, ref: boolean) {
    this._period = period;
    this._ref = ref;
  }

  /** @internal */
  abstract get _kind(): OperationKind;

  /** @internal When it was started, if that is stored. */
  protected get _began(): number | undefined {
    return this._period > 0 ? this._startedAt : undefined;
  }

  /** @internal */
  [describe](): Description {
    const { _kind: kind, _ref: ref, _due: due, _began: began } = this;
    return { kind, ref, dueAt: due, ...(began !== undefined && { startedAt: began }) };
  }

  /** @internal Ends it early, because the clock that it counts on has ended. */
  abstract _abandon(ended: Ended): void;

  /** @internal The timer is due. May run user code. `missed` is the number of periods that passed unseen since the last time. */
  abstract _expire(missed: number): void;
}
