// The ticks of an interval that are waited for: those that nobody has asked for yet, and whoever asks.

import { performance } from 'node:perf_hooks';
import type { Occurrence } from '../internal/repetition';
import { start, startAt, stop, Timer } from './timer';

/** What becomes of the ticks that nobody was there for. */
export type MissedTicks = 'burst' | 'skip' | 'delay';

/** One tick of an interval, where its details were asked for. */
export interface IntervalTick extends Occurrence {
  /** When it was due: a whole number of periods after the start. It fired then or later. */
  readonly dueAt: number;
  /** How many ticks have gone by unheard since the one before. */
  readonly missed: number;
}

/** Ticks that follow each other, and were heard of at one time. */
interface Run {
  readonly firedAt: number;
  dueAt: number;
  missed: number;
  count: number;
}

export class Ticks extends Timer {
  readonly #delay: number;
  readonly #policy: MissedTicks | undefined;
  readonly #detailed: boolean;
  readonly #runs: Run[] = [];
  #taken = 0;
  #wake: (() => void) | undefined;

  constructor(delay: number, policy: MissedTicks | undefined, detailed: boolean, ref: boolean) {
    super(policy === 'delay' ? 0 : delay, ref);
    this.#delay = delay;
    this.#policy = policy;
    this.#detailed = detailed;
  }

  start(): void {
    start(this, this.#delay);
  }

  /** No more ticks; whoever waits is woken for nothing. */
  end(): void {
    stop(this);
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
    const run = this.#runs[this.#taken];
    if (!run) return undefined;
    const { firedAt, dueAt, missed } = run;
    if (--run.count > 0) {
      run.dueAt += this.#delay;
      run.missed = 0;
    } else if (++this.#taken === this.#runs.length) {
      this.#runs.length = this.#taken = 0;
    }
    if (this.#policy === 'delay') this.#goOn(dueAt);
    return { firedAt, dueAt, missed };
  }

  expire(missed: number): void {
    const { firedAt, due } = this;
    const waiting = this.#runs.length > 0 ? this.#runs[this.#runs.length - 1] : undefined;
    const bursts = this.#policy === 'burst';
    if (this.#policy === 'skip' && waiting) {
      this.#runs.length--;
      this.#add({ firedAt, dueAt: due, missed: waiting.missed + missed + 1, count: 1 });
    } else if (waiting && !this.#detailed) {
      // They are counted and no more.
      waiting.count += bursts ? missed + 1 : 1;
    } else if (bursts) {
      this.#add({ firedAt, dueAt: due - missed * this.#delay, missed: 0, count: missed + 1 });
    } else {
      this.#add({ firedAt, dueAt: due, missed, count: 1 });
    }
    this.#wake?.();
  }

  #add(run: Run): void {
    this.#runs[this.#runs.length] = run;
  }

  /** A period after the last one, or after now where that has gone by. */
  #goOn(dueAt: number): void {
    const next = dueAt + this.#delay;
    if (next > performance.now()) startAt(this, next);
    else this.start();
  }
}
