// The ticks of an async interval: those not taken yet, and the `next()` that waits for one.

import type { Caller, Ended } from '../internal/errors';
import { now } from '../internal/host';
import type { OperationKind } from '../internal/observation';
import type { Occurrence } from '../internal/repetition';
import { Queue } from './queue';
import { Timer } from './timer';
import { timers } from './timers';

/** What to do with missed ticks. */
export type MissedTicks = 'burst' | 'skip' | 'delay';

/** A tick of an interval with `details: true`. */
export interface IntervalTick extends Occurrence {
  /** When it was due: a whole number of periods after the start, except with `missed: 'delay'`. It never fires earlier. */
  readonly dueAt: number;
  /** How many ticks were left out since the previous one; always 0 with `missed: 'burst'` and `'delay'`. */
  readonly missed: number;
}

/** Consecutive ticks that became known at the same time. */
interface Run {
  firedAt: number;
  /** When the last one was due. */
  dueAt: number;
  missed: number;
  count: number;
}

export class Ticks extends Timer {
  readonly #delay: number;
  readonly #policy: MissedTicks | undefined;
  readonly #detailed: boolean;
  readonly #caller: Caller;
  readonly #runs = new Queue<Run>();
  #ended = false;
  #why: Ended | undefined;
  #wake: (() => void) | undefined;

  constructor(delay: number, policy: MissedTicks | undefined, detailed: boolean, ref: boolean, caller: Caller) {
    super(policy === 'delay' ? 0 : delay, ref);
    this.#delay = delay;
    this.#policy = policy;
    this.#detailed = detailed;
    this.#caller = caller;
  }

  override get _kind(): OperationKind {
    return 'setInterval';
  }

  start(): void {
    timers.start(this, this.#delay, this.#caller);
  }

  /** Why they have ended early, if they have. */
  get why(): Ended | undefined {
    return this.#why;
  }

  /** Stops the ticks, and ends a pending wait(). */
  end(why?: Ended): void {
    this.#ended = true;
    this.#why ??= why;
    timers.stop(this, why && { cause: why.cause });
    this.#wakeUp();
  }

  _abandon(ended: Ended): void {
    this.end(ended);
  }

  /** Resolves when there may be a tick to take. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Takes the oldest tick. */
  take(): IntervalTick | undefined {
    const run = this.#runs.first;
    if (!run) return undefined;
    if (--run.count === 0) this.#runs.shift();
    const { firedAt, missed } = run;
    const dueAt = run.dueAt - run.count * this.#delay;
    if (this.#policy === 'delay' && !this.#ended) this.#startNext(dueAt);
    return { firedAt, dueAt, missed };
  }

  _expire(missed: number): void {
    const { _firedAt: firedAt, _due: due } = this;
    const waiting = this.#runs.last;
    const bursts = this.#policy === 'burst';
    const count = bursts ? missed + 1 : 1;
    if (waiting && this.#policy === 'skip') {
      waiting.firedAt = firedAt;
      waiting.dueAt = due;
      waiting.missed += missed + 1;
    } else if (waiting && !this.#detailed) {
      // Without details, a count is enough.
      waiting.count += count;
    } else {
      this.#runs.push({ firedAt, dueAt: due, missed: bursts ? 0 : missed, count });
    }
    this.#wakeUp();
  }

  /** Resolves the promise of wait() once: Node emits `multipleResolves` for further times. */
  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Starts the next tick: a period after `dueAt`, or after now if that time has passed. */
  #startNext(dueAt: number): void {
    const next = dueAt + this.#delay;
    if (next > now()) timers.startAt(this, next, this.#caller);
    else this.start();
  }
}
