// The simulated machine: what takes time, on its clock, and what takes none, step by step in the order in which it was caused. Steps run
// in turns of the event loop, so that JavaScript sees them as it sees what other threads do.

import { Agenda, type Event } from './agenda';
import type { Failures } from './failures';

/** Where time comes from. */
export interface Clock {
  now(): number;
  /** The clock of Date.now(). */
  systemTime(): number;
  /** There are steps to run. */
  onWork(): void;
}

export class Machine {
  readonly agenda = new Agenda();
  readonly clock: Clock;
  readonly failures: Failures;
  /** Milliseconds between two ticks; 0 if everything is exact. */
  readonly tick: number;
  /** Requests for a finer tick, in milliseconds. */
  readonly resolutions = new Map<number, number>();
  /**
   * Which of several goes first where Windows promises no order: what gets the signal of an object, and which program gets a mutex.
   */
  choose: <T>(candidates: readonly T[]) => T = (candidates) => candidates[0] as never;
  /** What ends the work that keeps threads of queues busy, for when the machine ends. */
  readonly running = new Set<() => void>();
  /** Delivers completions, at most one signal at a time. Returns whether there are more. */
  deliver: () => boolean = () => false;
  #steps: (() => void)[] = [];

  constructor(clock: Clock, failures: Failures, tick: number) {
    this.clock = clock;
    this.failures = failures;
    this.tick = tick;
  }

  get now(): number {
    return this.clock.now();
  }

  /** Runs a step that takes no time, after the current code. */
  soon(step: () => void): void {
    this.#steps.push(step);
    this.clock.onWork();
  }

  /** Something on the clock of ticks. */
  atTick(time: number, run: () => void): Event {
    const tick = this.tick && Math.min(this.tick, ...this.resolutions.values());
    return this.agenda.at(tick > 0 ? Math.ceil(time / tick) * tick : time, run);
  }

  /** Whether something is due now. */
  get isDue(): boolean {
    return this.agenda.least <= this.now;
  }

  /** Runs the steps that there are, and delivers what has completed. Returns whether there is more. */
  step(): boolean {
    const steps = this.#steps;
    this.#steps = [];
    for (const step of steps) step();
    return this.deliver() || this.#steps.length > 0;
  }

  /** The same in a turn of its own, where also what is due happens. */
  turn(): boolean {
    this.agenda.take(this.now)?.run();
    return this.step() || this.isDue;
  }

  /** Ends the work in progress, and runs everything that takes no time. */
  end(): void {
    for (const stop of [...this.running]) stop();
    this.running.clear();
    while (this.step());
  }
}
