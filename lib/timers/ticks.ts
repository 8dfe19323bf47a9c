// The ticks of an interval that are waited for: those that nobody has asked for yet, and whoever asks.

import { now } from '../internal/clock';
import type { Caller } from '../internal/errors';
import type { OperationKind } from '../internal/observation';
import type { Occurrence } from '../internal/repetition';
import { Queue } from './queue';
import { start, startAt, stop, Timer } from './timer';

/** What becomes of the ticks that nobody was there for. */
export type MissedTicks = 'burst' | 'skip' | 'delay';

/** One tick of an interval, where its details were asked for. */
export interface IntervalTick extends Occurrence {
  /** When it was due: a whole number of periods after the start, but for `missed: 'delay'`. It fired then or later. */
  readonly dueAt: number;
  /** How many ticks were left out since the one before; with `missed: 'burst'` and `'delay'` none do. */
  readonly missed: number;
}

/** Ticks that follow each other, and were heard of at one time. */
interface Run {
  firedAt: number;
  /** The last one's. */
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
  #wake: (() => void) | undefined;

  constructor(delay: number, policy: MissedTicks | undefined, detailed: boolean, ref: boolean, caller: Caller) {
    super(policy === 'delay' ? 0 : delay, ref);
    this.#delay = delay;
    this.#policy = policy;
    this.#detailed = detailed;
    this.#caller = caller;
  }

  override get kind(): OperationKind {
    return 'setInterval';
  }

  start(): void {
    start(this, this.#delay, this.#caller);
  }

  /** No more ticks; whoever waits is woken for nothing. */
  end(why?: { cause: unknown }): void {
    this.#ended = true;
    stop(this, why);
    this.#wake?.();
  }

  /** Resolves when there may be something to take. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The oldest tick that nobody has taken. */
  take(): IntervalTick | undefined {
    const run = this.#runs.first;
    if (!run) return undefined;
    if (--run.count === 0) this.#runs.shift();
    const { firedAt, missed } = run;
    const dueAt = run.dueAt - run.count * this.#delay;
    if (this.#policy === 'delay' && !this.#ended) this.#goOn(dueAt);
    return { firedAt, dueAt, missed };
  }

  expire(missed: number): void {
    const { firedAt, due } = this;
    const waiting = this.#runs.last;
    const bursts = this.#policy === 'burst';
    const count = bursts ? missed + 1 : 1;
    if (waiting && this.#policy === 'skip') {
      waiting.firedAt = firedAt;
      waiting.dueAt = due;
      waiting.missed += missed + 1;
    } else if (waiting && !this.#detailed) {
      // They are counted and no more.
      waiting.count += count;
    } else {
      this.#runs.push({ firedAt, dueAt: due, missed: bursts ? 0 : missed, count });
    }
    this.#wake?.();
  }

  /** A period after the last one, or after now where that has gone by. */
  #goOn(dueAt: number): void {
    const next = dueAt + this.#delay;
    if (next > now()) startAt(this, next, this.#caller);
    else this.start();
  }
}
