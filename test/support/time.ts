// Waiting with Node's own timers.

import { setTimeout as delay } from 'node:timers/promises';

/**
 * The only time limit, in milliseconds. Only a hang should reach it: healthy programs have taken minutes next to fifty busy ones.
 * It is below the testTimeout of test/jest/windows.json, so that the test says what hangs. Timers that must not keep a process
 * alive use FOREVER.
 */
export const LIMIT = 600_000;

/** Longer than LIMIT: a process that waits for this is killed. */
export const FOREVER = 6 * LIMIT;

export const sleep = (milliseconds: number): Promise<void> => delay(milliseconds);

/** Keeps the JavaScript thread busy. */
export function spin(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

/** Whether a promise has settled, without waiting for it. */
export async function settled(promise: PromiseLike<unknown>): Promise<boolean> {
  const waiting = Symbol('waiting');
  const first = await Promise.race([promise.then(undefined, () => undefined), new Promise((resolve) => setImmediate(resolve, waiting))]);
  return first !== waiting;
}

/** Waits until a condition holds. Resolves to false if it does not within the limit. */
export async function eventually(condition: () => boolean, limit = LIMIT): Promise<boolean> {
  const end = performance.now() + limit;
  let holds = condition();
  while (!holds && performance.now() < end) {
    await sleep(1);
    holds = condition();
  }
  return holds;
}

/** Blocks the JavaScript thread until something has happened on another thread. No callbacks run meanwhile. */
export function spinUntil(happened: () => boolean): void {
  const limit = performance.now() + LIMIT;
  while (!happened()) {
    if (performance.now() > limit) throw new Error('it has not happened within the time limit');
  }
}
