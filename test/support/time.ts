// Plain waiting, by Node's own timers.

import { setTimeout as delay } from 'node:timers/promises';

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

/** Keeps the JavaScript thread busy until something has happened elsewhere: it hears of nothing meanwhile. */
export function spinUntil(happened: () => boolean): void {
  const limit = performance.now() + 60_000;
  while (!happened()) {
    if (performance.now() > limit) throw new Error('it has not happened within a minute');
  }
}
