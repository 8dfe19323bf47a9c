// The timers of this thread: one heap of deadlines, one alarm for the earliest.
//
//   start -> heap --(the alarm rings)--> ready --> expire, one timer per turn of the event loop
//              ^                                     |
//              +------------- again, if it repeats --+
//
// As in Node, the nextTick and microtask queues drain before the next timer callback, so each timer has its own turn. Stopped
// timers stay in the heap until they come up, or until there are too many of them.

import nodeTimers from 'node:timers';
import { now } from '../internal/clock';
import type { Caller } from '../internal/errors';
import { later } from '../internal/later';
import {
  addSource,
  areEndsWatched,
  areStartsWatched,
  begun,
  type Description,
  describe,
  type End,
  ended,
  isMonitored,
  type Observable,
  type OperationKind,
  recordLateness,
} from '../internal/observation';
import { Alarm } from './alarm';
import { Heap } from './heap';
import { Queue } from './queue';

// Node's own, captured at load: programs replace it.
const { setImmediate } = nodeTimers;

const MAX_TURNS = 1000;
const FEWEST_TO_COMPACT = 64;
// In milliseconds: deadlines this close together count as the same.
const SAME_DEADLINE = 0.001;

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

const heap = new Heap<Timer>();
const ready = new Queue<Timer>();
let turns = 0;
let pending = 0;
let refCount = 0;
let stopped = 0;
let ringing = false;
let rangAt = 0;
let running: Timer | undefined;
// While lateness is measured: when the alarm rang for the timers in `ready`.
const rang = new WeakMap<Timer, number>();

const alarm = new Alarm((at) => {
  rangAt = at;
  if (!ringing) later(onRing);
  ringing = true;
});

// Both may still hold stopped timers, and hold restarted ones twice.
addSource(() => {
  const known = new Set([...heap.items(), ...ready.items()]);
  if (running) known.add(running);
  return [...known].filter((timer) => timer.pending);
});

/** Starts or restarts a timer. `caller` is the function that the user called. */
export function start(timer: Timer, delay: number, caller: Caller): void {
  const time = now();
  // Not for one-shot timers: V8 would allocate a heap number for each.
  if (timer.period > 0) {
    timer.startedAt = time;
    timer.periods = 1;
  }
  startAt(timer, time + delay, caller);
}

/** Starts a timer that is due at a given time. */
export function startAt(timer: Timer, due: number, caller: Caller): void {
  const startedAt = !timer.pending && areStartsWatched() ? now() : undefined;
  timer.due = due;
  if (!timer.pending) {
    timer.pending = true;
    pending++;
    if (timer.ref) changeRefCount(+1);
    if (timer.queued) stopped--;
  }
  // A restarted timer is due later than its place in the heap says; collect() moves it when it comes up.
  if (!timer.queued) enqueue(timer);
  setAlarm();
  if (startedAt !== undefined && timer.pending) begun(timer, startedAt, caller);
}

/** Stops a timer. Returns false if it was not pending. */
export function stop(timer: Timer, why: Omit<End, 'outcome'> = {}): boolean {
  if (!timer.pending) return false;
  end(timer);
  if (timer.queued && ++stopped > FEWEST_TO_COMPACT && stopped > heap.size / 2) {
    stopped = 0;
    heap.keep((kept) => {
      kept.queued = kept.pending;
      return kept.queued;
    });
  }
  if (areEndsWatched()) ended(timer, { outcome: 'cancelled', ...why });
  return true;
}

export function setRef(timer: Timer, ref: boolean): void {
  if (timer.ref === ref) return;
  timer.ref = ref;
  if (timer.pending) changeRefCount(ref ? +1 : -1);
}

function end(timer: Timer): void {
  timer.pending = false;
  if (timer.ref) changeRefCount(-1);
  if (--pending === 0) alarm.rest();
}

function changeRefCount(change: number): void {
  const was = refCount > 0;
  refCount += change;
  if (refCount > 0 !== was) alarm.setRef(refCount > 0);
}

/** Sets the alarm for the earliest timer. The heap may hold only stopped timers. */
function setAlarm(): void {
  if (pending > 0 && heap.least < alarm.due - SAME_DEADLINE) alarm.set(heap.least, periodOfOnlyTimer());
}

/** The period, if there is only one timer: the alarm then repeats by itself. */
const periodOfOnlyTimer = (): number => (pending === 1 && heap.first?.pending ? heap.first.period : 0);

function enqueue(timer: Timer): void {
  timer.queued = true;
  heap.push(timer.due, timer);
}

function onRing(): void {
  ringing = false;
  collect();
  // The alarm repeats with a period that no timer has any more.
  if (ready.size === 0 && alarm.due < heap.least - SAME_DEADLINE) alarm.set(heap.least, periodOfOnlyTimer());
  else setAlarm();
  scheduleTurns(ready.size - 1);
  runNext();
}

/** Moves due timers from the heap to `ready`. */
function collect(): void {
  const time = now();
  for (let deadline = heap.least; deadline <= time; deadline = heap.least) {
    const timer = heap.pop() as Timer;
    timer.queued = false;
    if (!timer.pending) {
      stopped--;
    } else if (timer.due > deadline) {
      // It was restarted: put it where it belongs.
      enqueue(timer);
    } else {
      timer.firedAt = timer.due <= rangAt ? rangAt : time;
      if (isMonitored()) rang.set(timer, rangAt);
      ready.push(timer);
    }
  }
}

/** Schedules one immediate per timer: Node drains ticks and microtasks between two immediates. */
function scheduleTurns(wanted: number): void {
  for (const most = Math.min(wanted, MAX_TURNS); turns < most; turns++) setImmediate(onTurn);
}

function onTurn(): void {
  if (--turns === 0) scheduleTurns(ready.size - 1);
  runNext();
}

function runNext(): void {
  const timer = ready.shift();
  // It may have been stopped or restarted since.
  if (!timer?.pending || timer.queued) return;
  if (isMonitored()) noteLateness(timer);
  if (timer.period > 0) {
    runRepeating(timer);
  } else {
    end(timer);
    if (areEndsWatched()) ended(timer, { outcome: 'fired', firedAt: timer.firedAt });
    timer.expire(0);
  }
}

/** If a timer became due after the alarm rang, while JavaScript was busy, the alarm was not late. */
function noteLateness(timer: Timer): void {
  const at = rang.get(timer);
  if (at === undefined) return;
  const { due } = timer;
  recordLateness(Math.max(0, at - due), now() - Math.max(at, due));
}

/** Counts deadlines from the start, so that errors do not add up. Missed periods collapse into one call. */
function runRepeating(timer: Timer): void {
  const { startedAt, period } = timer;
  const time = now();
  const passed = Math.max(timer.periods, Math.floor((time - startedAt) / period));
  const missed = passed - timer.periods;
  timer.periods = passed + 1;
  timer.due = startedAt + passed * period;
  // This deadline passed after the timer was taken from the heap.
  if (timer.due > timer.firedAt) timer.firedAt = time;
  running = timer;
  try {
    timer.expire(missed);
  } finally {
    running = undefined;
    if (timer.pending && !timer.queued) {
      timer.due = startedAt + timer.periods * period;
      enqueue(timer);
      setAlarm();
    }
  }
}
