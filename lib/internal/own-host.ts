// Node's own functions. The package may be loaded while a test runner's fakes are in their place, so each is tested before it is
// kept. A fake is never kept, and something that no fake owns does its work:
//
//   performance.now   the prototype's function, if it has one; fakes are properties of the object, or of another one
//   Date.now          if it is no native code: that of a new realm
//   process.nextTick  if it has a clock, as fakes do: a promise's callback; what it throws is an unhandled rejection
//   timers, immediates  if what they return is not Node's own: a timer of the engine
//
// What has been found to be Node's own is kept, and later replacements do not matter.

import { performance } from 'node:perf_hooks';
import process from 'node:process';
import nodeTimers from 'node:timers';
import { EngineTimer } from './engine-timer';

/** A timer of the host. */
export interface HostTimer {
  /** Sets whether it keeps the loop alive. */
  setRef(ref: boolean): void;
  stop(): void;
}

/** The host as the package sees it. */
export interface Host {
  /** The clock of `performance.now()`. */
  now(): number;
  /** The clock of `Date.now()`. */
  systemTime(): number;
  /** Calls back on the next tick. What the callback throws is an uncaught exception. */
  later(callback: () => void): void;
  /** Calls back in the next turn of the event loop; promise callbacks run before the turn that was asked for next. */
  nextTurn(callback: () => void, ref: boolean): void;
  /** Calls back once, after a whole number of milliseconds from 1 to 2 ** 31 - 1. */
  startTimer(callback: () => void, milliseconds: number, ref: boolean): HostTimer;
  /** A timer of the package will be due at this time. */
  onTimerStarted?(due: number): void;
}

const noop = (): void => {};

/** Whether the runtime is Node: the timers of others are other objects, with other numbers. */
export const isNode = !('bun' in process.versions || 'deno' in process.versions);

/** Whether a function belongs to a fake clock: to one that it refers to, or is a mock, or a private method. */
export const isFake = (found: (...args: never[]) => unknown): boolean =>
  'clock' in found || '_isMockFunction' in found || found.name.startsWith('bound #');

type Arm<Armed> = (callback: () => void, milliseconds: number) => Armed;

/** Node's own function of two: the one from the time of the load, and the one of today. What they return shows whether they are. */
class Arming<Armed extends object> {
  /** Undefined if it is known to be a fake. */
  readonly #lookUp: () => Arm<Armed> | undefined;
  readonly #isOwn: (armed: Armed) => boolean;
  #arm: Arm<Armed> | undefined;
  #known = false;

  constructor(lookUp: () => Arm<Armed> | undefined, isOwn: (armed: Armed) => boolean) {
    this.#lookUp = lookUp;
    this.#isOwn = isOwn;
    this.#arm = lookUp();
  }

  /** Undefined if neither is. */
  arm(callback: () => void, milliseconds: number): Armed | undefined {
    if (this.#known) return this.#arm?.(callback, milliseconds);
    return this.#try(this.#arm, callback, milliseconds) ?? this.#try(this.#lookUp(), callback, milliseconds);
  }

  #try(arm: Arm<Armed> | undefined, callback: () => void, milliseconds: number): Armed | undefined {
    // A fake may call back although it is not used.
    let isUsed = false;
    const armed = arm?.(() => isUsed && callback(), milliseconds);
    if (!armed || (isNode && !this.#isOwn(armed))) return undefined;
    isUsed = true;
    this.#arm = arm;
    this.#known = true;
    return armed;
  }
}

const timeouts = new Arming<NodeJS.Timeout>(
  () => {
    const { setTimeout } = nodeTimers;
    return isFake(setTimeout) ? undefined : setTimeout;
  },
  // It is in one of Node's lists.
  (timer) => (timer as { _idleNext?: unknown })._idleNext != null,
);

const immediates = new Arming<NodeJS.Immediate>(
  () => {
    const { setImmediate } = nodeTimers;
    // With the callback only: Node would spread what follows it, which programs may have made impossible.
    return isFake(setImmediate) ? undefined : (callback) => setImmediate(callback);
  },
  (immediate) => typeof (immediate as { _onImmediate?: unknown })._onImmediate === 'function',
);

class OwnTimer implements HostTimer {
  readonly #timer: NodeJS.Timeout & { _onTimeout?: () => void };

  constructor(timer: NodeJS.Timeout) {
    this.#timer = timer;
  }

  setRef(ref: boolean): void {
    if (ref) this.#timer.ref();
    else this.#timer.unref();
  }

  stop(): void {
    this.#timer.close();
    // async_hooks may get here just before Node calls the timer. Node would then call null, which ends the process.
    this.#timer._onTimeout = noop;
  }
}

function startTimer(callback: () => void, milliseconds: number, ref: boolean): HostTimer {
  const armed = timeouts.arm(callback, milliseconds);
  const timer = armed ? new OwnTimer(armed) : new EngineTimer(callback, milliseconds);
  if (!ref) timer.setRef(false);
  return timer;
}

function nextTurn(callback: () => void, ref: boolean): void {
  const immediate = immediates.arm(callback, 0);
  if (!immediate) startTimer(callback, 1, ref);
  else if (!ref) immediate.unref();
}

const resolved = Promise.resolve();
const { then } = Promise.prototype;

function nextMicrotask(callback: () => void): void {
  Reflect.apply(then, resolved, [() => callback()]);
}

let tick = process.nextTick.bind(process);
let isTickFake = isFake(process.nextTick);

function later(callback: () => void): void {
  if (isTickFake && !isFake(process.nextTick)) {
    tick = process.nextTick.bind(process);
    isTickFake = false;
  }
  if (isTickFake) nextMicrotask(callback);
  else tick(callback);
}

// An own property would be a fake, except in Bun: its prototype has no clock.
const readClock: () => number = (Object.getPrototypeOf(performance).now ?? performance.now).bind(performance);

const isNative = (found: unknown): boolean => Reflect.apply(Function.prototype.toString, found, []).includes('[native code]');

const systemTime: () => number = isNative(Date.now) ? Date.now : process.getBuiltinModule('node:vm').runInNewContext('Date.now');

export const ownHost: Host = {
  now: readClock,
  systemTime,
  later,
  nextTurn,
  startTimer,
};
