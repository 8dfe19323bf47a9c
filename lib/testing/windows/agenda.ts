// What happens at a time, the earliest first. At the same time, signals come before timeouts, as in the waiter: a signal wins.

import { Heap } from '../../timers/heap';

/** Something that happens at a time. */
export class Event {
  readonly #at: number;
  readonly #run: () => void;
  readonly #onChange: () => void;
  #planned = true;

  constructor(at: number, run: () => void, onChange: () => void) {
    this.#at = at;
    this.#run = run;
    this.#onChange = onChange;
  }

  get at(): number {
    return this.#at;
  }

  get planned(): boolean {
    return this.#planned;
  }

  cancel(): void {
    if (!this.#planned) return;
    this.#planned = false;
    this.#onChange();
  }

  run(): void {
    this.#planned = false;
    this.#run();
  }
}

export class Agenda {
  readonly #signals = new Heap<Event>();
  readonly #timeouts = new Heap<Event>();
  /** Called when the earliest time may have changed, with the time of an event that was added. */
  onChange = (_added?: number): void => {};

  at(time: number, run: () => void, heap = this.#signals): Event {
    const event = new Event(time, run, () => this.onChange());
    heap.push(time, event);
    this.onChange(time);
    return event;
  }

  /** Of events at the same time, these come last. */
  timeoutAt(time: number, run: () => void): Event | undefined {
    return time === Number.POSITIVE_INFINITY ? undefined : this.at(time, run, this.#timeouts);
  }

  /** When the next event is due; Infinity if there is none. */
  get least(): number {
    return this.#next().least;
  }

  /** Takes the next event, if it is due by then. */
  take(time: number): Event | undefined {
    const heap = this.#next();
    return heap.least <= time ? heap.pop() : undefined;
  }

  #next(): Heap<Event> {
    for (const heap of [this.#signals, this.#timeouts]) {
      while (heap.first?.planned === false) heap.pop();
    }
    return this.#signals.least <= this.#timeouts.least ? this.#signals : this.#timeouts;
  }
}
