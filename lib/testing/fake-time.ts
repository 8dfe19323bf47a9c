// The time of the host's timers, which may be fakes: of a test runner or a library. Fakes differ in what tells their time.

import { isFake, ownHost } from '../internal/own-host';

/** A reading. Two of the same source can be compared. */
export interface Reading {
  readonly source: unknown;
  /** In milliseconds; undefined if nothing tells the time. */
  readonly milliseconds: number | undefined;
}

type SetTimeout = (callback: () => void, milliseconds: number) => unknown;

const noop = (): void => {};

const isNative = (found: unknown): boolean => Reflect.apply(Function.prototype.toString, found, []).includes('[native code]');

/** The fakes of node:test: their timers tell when they run. */
function readFromTimer(arm: SetTimeout): number | undefined {
  if (!arm.name.startsWith('bound #')) return undefined;
  const timer = arm(noop, 1) as { runAt?: unknown } | undefined;
  globalThis.clearTimeout(timer as never);
  return typeof timer?.runAt === 'number' ? timer.runAt - 1 : undefined;
}

export function readTime(): Reading {
  const arm = globalThis.setTimeout as SetTimeout & { clock?: { now?: unknown } };
  if (!isFake(arm)) return { source: ownHost, milliseconds: ownHost.now() };
  // Those of jest, vitest and sinon refer to their clock.
  const { clock } = arm;
  if (typeof clock?.now === 'number') return { source: clock, milliseconds: clock.now };
  const fromTimer = readFromTimer(arm);
  if (fromTimer !== undefined) return { source: readFromTimer, milliseconds: fromTimer };
  if (!isNative(Date.now)) return { source: Date, milliseconds: Date.now() };
  return { source: arm, milliseconds: undefined };
}
