// The timers of this thread: one heap of deadlines, one alarm for the earliest.
//
//   start -> heap --(the alarm rings)--> ready --> expire, one timer per turn of the event loop
//              ^                                     |
//              +------------- again, if it repeats --+
//
// As in Node, the nextTick and microtask queues drain before the next timer callback, so each timer has its own turn. Stopped
// timers stay in the heap until they come up, or until there are too many of them.

import { callEach } from '../internal/environment';
import type { Caller, Ended } from '../internal/errors';
import { later, nextTurn, now, timerStarted } from '../internal/host';
import { addSource, areEndsWatched, areStartsWatched, begun, type End, ended, isMonitored, recordLateness } from '../internal/observation';
import { Alarm } from './alarm';
import { Heap } from './heap';
import { Queue } from './queue';
import type { Timer } from './timer';

const MAX_TURNS = 1000;
const FEWEST_TO_COMPACT = 64;
// In milliseconds: deadlines this close together count as the same.
const SAME_DEADLINE = 0.001;

/** This thread's timers. */
class Timers {
  readonly #heap = new Heap<Timer>();
  readonly #ready = new Queue<Timer>();
  readonly #alarm = new Alarm((at, first) => {
    this.#rangAt = at;
    if (this.#ringing) return;
    this.#firstRangAt = first;
    this.#ringing = true;
    later(this.#onRing);
  });
  #turns = 0;
  #pending = 0;
  #refCount = 0;
  #stopped = 0;
  #ringing = false;
  // A repeating alarm may have rung several times before JavaScript had time for it.
  #rangAt = 0;
  #firstRangAt = 0;
  #running: Timer | undefined;
  // While lateness is measured: when the alarm first rang for the timers in `#ready`.
  readonly #rang = new WeakMap<Timer, number>();

  constructor() {
    addSource(() => this.#all());
  }

  /** Starts or restarts a timer. `caller` is the function that the user called. */
  start(timer: Timer, delay: number, caller: Caller): void {
    const time = now();
    // Not for one-shot timers: V8 would allocate a heap number for each.
    if (timer._period > 0) {
      timer._startedAt = timer._period === delay ? time : time + delay - timer._period;
      timer._periods = 1;
    }
    this.startAt(timer, time + delay, caller);
  }

  /** Starts a timer that is due at a given time. */
  startAt(timer: Timer, due: number, caller: Caller): void {
    const isNew = !timer._pending;
    const startedAt = isNew && areStartsWatched() ? now() : undefined;
    if (timer._queued && due < timer._due) this.#dequeue(timer);
    timer._due = due;
    try {
      // A restarted timer is due later than its place in the heap says; collect() moves it when it comes up.
      if (!timer._queued) this.#enqueue(timer);
      else if (isNew) this.#stopped--;
      if (isNew) {
        timer._pending = true;
        this.#pending++;
        if (timer._ref) this.#refCount++;
        this.#holdLoop();
      }
      this.#setAlarm();
    } catch (error) {
      // The stack is full, and the caller gets no timer. If it was counted, it would keep the process alive.
      if (isNew && timer._pending) {
        timer._pending = false;
        this.#pending--;
        this.#stopped++;
        if (timer._ref) this.#refCount--;
        this.#holdLoop();
      }
      throw error;
    }
    timerStarted(due);
    if (startedAt !== undefined && timer._pending) begun(timer, startedAt, caller);
  }

  /** Stops a timer. Returns false if it was not pending. */
  stop(timer: Timer, why: Omit<End, 'outcome'> = {}): boolean {
    if (!timer._pending) return false;
    this.#end(timer);
    if (timer._queued && ++this.#stopped > FEWEST_TO_COMPACT && this.#stopped > this.#heap.size / 2) {
      this.#stopped = 0;
      this.#heap.keep((kept) => {
        kept._queued = kept._pending;
        return kept._queued;
      });
    }
    if (areEndsWatched()) ended(timer, { outcome: 'cancelled', ...why });
    return true;
  }

  /** Ends all timers: the clock that they count on has ended. */
  abandon(ended: Ended): void {
    callEach(this.#all(), (timer) => timer._abandon(ended));
  }

  #all(): Timer[] {
    // Both may still hold stopped timers, and hold restarted ones twice.
    const known = new Set([...this.#heap.items(), ...this.#ready.items()]);
    if (this.#running) known.add(this.#running);
    return [...known].filter((timer) => timer._pending);
  }

  setRef(timer: Timer, ref: boolean): void {
    if (timer._ref === ref) return;
    timer._ref = ref;
    if (!timer._pending) return;
    this.#refCount += ref ? 1 : -1;
    this.#holdLoop();
  }

  #end(timer: Timer): void {
    timer._pending = false;
    this.#pending--;
    if (timer._ref) this.#refCount--;
    this.#holdLoop();
    if (this.#pending === 0) this.#alarm.rest();
  }

  /** Compares with the alarm, because an earlier call may have failed: the stack was full. */
  #holdLoop(): void {
    if (this.#refCount > 0 !== this.#alarm.ref) this.#alarm.setRef(this.#refCount > 0);
  }

  /** Sets the alarm for the earliest timer. The heap may hold only stopped timers. */
  #setAlarm(): void {
    if (this.#pending > 0 && this.#heap.least < this.#alarm.due - SAME_DEADLINE)
      this.#alarm.set(this.#heap.least, this.#periodOfOnlyTimer());
  }

  /** The period, if there is only one timer: the alarm then repeats by itself. */
  #periodOfOnlyTimer(): number {
    const { first } = this.#heap;
    return this.#pending === 1 && first?._pending ? first._period : 0;
  }

  #enqueue(timer: Timer): void {
    this.#heap.push(timer._due, timer);
    timer._queued = true;
  }

  /** Only for a restarted timer whose delay a program has shortened: it takes a while if there are many timers. */
  #dequeue(timer: Timer): void {
    if (!timer._pending) this.#stopped--;
    timer._queued = false;
    this.#heap.keep((kept) => kept !== timer);
  }

  readonly #onRing = (): void => {
    this.#ringing = false;
    this.#collect();
    // The alarm repeats with a period that no timer has any more.
    if (this.#ready.size === 0 && this.#alarm.due < this.#heap.least - SAME_DEADLINE)
      this.#alarm.set(this.#heap.least, this.#periodOfOnlyTimer());
    else this.#setAlarm();
    this.#scheduleTurns(this.#ready.size - 1);
    this.#runNext();
  };

  /** Moves due timers from the heap to `ready`. */
  #collect(): void {
    const time = now();
    for (let deadline = this.#heap.least; deadline <= time; deadline = this.#heap.least) {
      const timer = this.#heap.pop() as Timer;
      timer._queued = false;
      if (!timer._pending) {
        this.#stopped--;
      } else if (timer._due > deadline) {
        // It was restarted: put it where it belongs.
        this.#enqueue(timer);
      } else {
        timer._firedAt = timer._due <= this.#rangAt ? this.#rangAt : time;
        if (isMonitored()) this.#rang.set(timer, this.#firstRangAt);
        this.#ready.push(timer);
      }
    }
  }

  /** Schedules one immediate per timer: Node drains ticks and microtasks between two immediates. */
  #scheduleTurns(wanted: number): void {
    for (const most = Math.min(wanted, MAX_TURNS); this.#turns < most; this.#turns++) nextTurn(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    if (--this.#turns === 0) this.#scheduleTurns(this.#ready.size - 1);
    this.#runNext();
  };

  #runNext(): void {
    const timer = this.#ready.shift();
    // It may have been stopped or restarted since.
    if (!timer?._pending || timer._queued) return;
    if (isMonitored()) this.#noteLateness(timer);
    if (timer._period > 0) {
      this.#runRepeating(timer);
    } else {
      this.#end(timer);
      if (areEndsWatched()) ended(timer, { outcome: 'fired', firedAt: timer._firedAt });
      timer._expire(0);
    }
  }

  /** If a timer became due after the alarm first rang, while JavaScript was busy, the alarm was not late. */
  #noteLateness(timer: Timer): void {
    const at = this.#rang.get(timer);
    if (at === undefined) return;
    const { _due: due } = timer;
    recordLateness(Math.max(0, at - due), now() - Math.max(at, due));
  }

  /** Counts deadlines from the start, so that errors do not add up. Missed periods collapse into one call. */
  #runRepeating(timer: Timer): void {
    const { _startedAt: startedAt, _period: period } = timer;
    const time = now();
    const passed = Math.max(timer._periods, Math.floor((time - startedAt) / period));
    const missed = passed - timer._periods;
    timer._periods = passed + 1;
    timer._due = startedAt + passed * period;
    // This deadline passed after the timer was taken from the heap.
    if (timer._due > timer._firedAt) timer._firedAt = time;
    this.#running = timer;
    try {
      timer._expire(missed);
    } finally {
      this.#running = undefined;
      if (timer._pending && !timer._queued) {
        timer._due = timer._startedAt + timer._periods * timer._period;
        this.#enqueue(timer);
        this.#setAlarm();
      }
    }
  }
}

export const timers = new Timers();
