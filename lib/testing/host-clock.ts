// The clock of the host's timers, whichever they are now. While they are the real ones, each event has its turn. If they are fakes, time moves when they do: what is due runs inside the
// fake's callback, so it has run when the call that moves the fake returns.
//
//   fake setTimeout --> #onTimer --> events that are due --> steps --> completions --> callbacks of the package
//                          ^                                                                  |
//                          +---- what the package wants to run later, or in another turn -----+
//
// Fakes have a second timer of ours, for the latest time that is known: some of them can move to the last of their timers.

import { LONGEST_TIMER } from '../internal/host';
import { type Host, type HostTimer, ownHost } from '../internal/own-host';
import { type Reading, readTime } from './fake-time';
import type { SimulatedClock } from './simulated-clock';
import type { Machine } from './windows/machine';

// In milliseconds: sums of fractions are this exact.
const ROUNDING = 1e-6;

interface Armed {
  readonly due: number;
  readonly timer: { ref?(): unknown; unref?(): unknown };
  clear(): void;
}

export class HostClock implements SimulatedClock {
  readonly host: Host;
  #machine: Machine | undefined;
  #time = globalThis.performance.now();
  #reading: Reading = readTime();
  #isStill = false;
  #willStep = false;
  // For the next event, and for the latest time of all.
  #armed: Armed | undefined;
  #last: Armed | undefined;
  #latest = 0;
  #driving = 0;
  // While fakes drive: the time of the event that runs. The fakes may be ahead of it.
  #step: number | undefined;
  // While callbacks run inside the host's timer: what runs after the current one.
  readonly #queue: (() => void)[] = [];
  #errors: unknown[] = [];
  readonly #refTimers = new Set<HostTimer>();
  /** Whether an operation keeps the loop alive. */
  isAlive = (): boolean => false;

  constructor() {
    this.host = {
      now: () => this.now(),
      systemTime: () => this.systemTime(),
      later: (callback) => this.#defer(callback, () => ownHost.later(callback)),
      nextTurn: (callback, ref) => this.#defer(callback, () => ownHost.nextTurn(callback, ref)),
      startTimer: (callback, milliseconds, ref) => this.#startTimer(callback, milliseconds, ref),
      onTimerStarted: (due) => this.#onAdded(due),
    };
  }

  run(machine: Machine): void {
    this.#machine = machine;
    machine.agenda.onChange = (added) => this.#onAdded(added);
  }

  now(): number {
    if (this.#step !== undefined) return this.#step;
    if (!this.#isStill) this.#read();
    return this.#time;
  }

  systemTime(): number {
    return globalThis.Date.now();
  }

  holdStill<T>(action: () => T): T {
    this.#isStill = true;
    try {
      return action();
    } finally {
      this.#isStill = false;
    }
  }

  onWork(): void {
    if (this.#willStep || this.#driving > 0) return;
    this.#willStep = true;
    ownHost.nextTurn(() => {
      this.#willStep = false;
      this.#turn();
    }, true);
  }

  end(): void {
    this.#machine = undefined;
    this.#armed?.clear();
    this.#last?.clear();
  }

  /** Adds what has passed since the last reading. When the fakes come or go, none has. */
  #read(): void {
    const last = this.#reading;
    this.#reading = readTime();
    const { source, milliseconds } = this.#reading;
    // Fakes count in whole milliseconds, and sums of them stay exact.
    if (source !== last.source && this.#isFaked) this.#time = Math.ceil(this.#time);
    if (source !== last.source || milliseconds === undefined || last.milliseconds === undefined) return;
    this.#time += Math.max(0, milliseconds - last.milliseconds);
  }

  #onAdded(time = 0): void {
    if (time < Number.POSITIVE_INFINITY) this.#latest = Math.max(this.#latest, time);
    this.#arm();
  }

  /** Sets the host's timers. */
  #arm(): void {
    const machine = this.#machine;
    if (!machine || this.#driving > 0) return;
    if (machine.isDue) this.onWork();
    const due = machine.agenda.least;
    if (due === Number.POSITIVE_INFINITY) this.#latest = 0;
    this.#armed = this.#set(this.#armed, due);
    this.#last = this.#set(this.#last, this.#isFaked && this.#latest > due ? this.#latest : Number.POSITIVE_INFINITY);
    const keepsAlive = this.isAlive() || this.#refTimers.size > 0;
    for (const { timer } of [this.#armed, this.#last].filter((armed) => armed !== undefined)) {
      if (keepsAlive) timer.ref?.();
      else timer.unref?.();
    }
  }

  /** Replaces a timer of the host's, unless it is for that time. */
  #set(before: Armed | undefined, due: number): Armed | undefined {
    if (before?.due === due) return before;
    before?.clear();
    if (due === Number.POSITIVE_INFINITY) return undefined;
    const delay = Math.min(Math.max(1, Math.ceil(due - this.now() - ROUNDING)), LONGEST_TIMER);
    const { setTimeout, clearTimeout } = globalThis;
    const timer = setTimeout(() => this.#onTimer(armed, delay), delay);
    const armed: Armed = { due, timer, clear: () => clearTimeout(timer) };
    return armed;
  }

  #onTimer(armed: Armed, delay: number): void {
    const { due } = armed;
    if (this.#armed === armed) this.#armed = undefined;
    else if (this.#last === armed) this.#last = undefined;
    this.#read();
    if (!this.#isFaked) {
      this.#turn();
      return;
    }
    // If nothing tells the time of the fakes, their timers do.
    if (this.#reading.milliseconds === undefined && delay < LONGEST_TIMER) this.#time = Math.max(this.#time, due);
    this.#drive();
  }

  get #isFaked(): boolean {
    return this.#reading.source !== ownHost;
  }

  /** What happens in one turn of the event loop, in real time. */
  #turn(): void {
    if (this.#machine?.turn()) this.onWork();
    this.#arm();
  }

  /** Runs what is due, and all that it causes. The first error surfaces where the fakes are moved, as with the host's own timers. */
  #drive(): void {
    this.#driving++;
    while (this.#runNext());
    if (--this.#driving > 0) return;
    this.#time = Math.max(this.#time, this.#step ?? 0);
    this.#step = undefined;
    this.#arm();
    const [first] = this.#errors;
    const hasFailed = this.#errors.length > 0;
    this.#errors = [];
    if (hasFailed) throw first;
  }

  /** Returns false if there was nothing to run. */
  #runNext(): boolean {
    const machine = this.#machine;
    const callback = this.#queue.shift();
    if (callback) return this.#attempt(callback);
    if (!machine) return false;
    if (machine.step() || this.#queue.length > 0) return true;
    this.#read();
    const event = machine.agenda.take(this.#time + ROUNDING);
    if (!event) return false;
    // Fakes may move by much at once: what is due in between happens at its time.
    this.#step = Math.max(this.#step ?? 0, event.at);
    return this.#attempt(() => event.run());
  }

  #attempt(action: () => void): true {
    try {
      action();
    } catch (error) {
      this.#errors.push(error);
    }
    return true;
  }

  #defer(callback: () => void, otherwise: () => void): void {
    if (this.#driving > 0) this.#queue.push(callback);
    else otherwise();
  }

  #startTimer(callback: () => void, milliseconds: number, ref: boolean): HostTimer {
    const timer: HostTimer = {
      setRef: (value) => {
        if (value && event.planned) this.#refTimers.add(timer);
        else this.#refTimers.delete(timer);
        this.#arm();
      },
      stop: () => {
        this.#refTimers.delete(timer);
        event.cancel();
      },
    };
    const event = (this.#machine as Machine).agenda.at(this.now() + milliseconds, () => {
      this.#refTimers.delete(timer);
      callback();
    });
    timer.setRef(ref);
    return timer;
  }
}
