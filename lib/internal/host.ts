// What the package needs of its host: clocks, the next tick, the next turn of the event loop, and timers. Only here: programs and
// test runners replace the host's functions, and a replacement must not reach the package, whenever it was loaded.

export { type HostTimer, isFake, isNode } from './own-host';

import { type Host, type HostTimer, ownHost } from './own-host';

/** The longest that a timer of the host takes, in milliseconds: 24 days. */
export const LONGEST_TIMER = 2 ** 31 - 1;

let host: Host = ownHost;

/** Replaces the host in this thread, until it is called without one. */
export function useHost(other: Host = ownHost): void {
  host = other;
}

export const now = (): number => host.now();

export const systemTime = (): number => host.systemTime();

/** For what must not run right away: user code, and exceptions from a batch. */
export const later = (callback: () => void): void => host.later(callback);

/** Promise callbacks run between two turns that were asked for at once. */
export const nextTurn = (callback: () => void, ref = true): void => host.nextTurn(callback, ref);

/** Tells the host when a timer of the package will be due. */
export const timerStarted = (due: number): void => host.onTimerStarted?.(due);

/** Takes any number up to LONGEST_TIMER. The host's timers count in whole milliseconds, from 1. */
export const startTimer = (callback: () => void, milliseconds: number, ref: boolean): HostTimer =>
  host.startTimer(callback, Math.max(Math.ceil(milliseconds), 1), ref);
