// Helpers to run things in parallel, once, and with retries.

import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './log.mjs';

/**
 * Starts the tasks in order, at most `width` at once. Each gets the number of its place, from 0. After a failure no more tasks
 * start.
 * @param {((place: number) => Promise<void>)[]} tasks
 */
export async function inParallel(tasks, width = availableParallelism()) {
  const queue = [...tasks];
  const work = async (place) => {
    for (let task = queue.shift(); task; task = queue.shift()) {
      await task(place).catch((error) => {
        queue.length = 0;
        throw error;
      });
    }
  };
  await together(...Array.from({ length: width }, (_, place) => work(place)));
}

/**
 * Waits until all promises are settled, then throws the first error. So everything has ended before the program ends.
 * @param {...Promise<unknown>} promises
 */
export async function together(...promises) {
  const results = await Promise.allSettled(promises);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  return results.map(({ value }) => value);
}

/**
 * Returns a function that runs `action` once for each list of arguments. Calls with the same arguments share the result.
 * @template {(...args: any[]) => Promise<any>} F
 * @param {F} action
 * @returns {F}
 */
export function once(action) {
  const results = new Map();
  return (...args) => {
    const key = JSON.stringify(args);
    if (!results.has(key)) results.set(key, action(...args));
    return results.get(key);
  };
}

/** The number of attempts, and the pause before the second, in milliseconds. Each later pause is twice as long. */
export const PATIENCE = { attempts: 3, pause: 2_000 };

/**
 * Repeats something until it succeeds, with pauses.
 * @template T
 * @param {(attempt: number) => Promise<T>} action
 * @param {{ attempts: number, pause: number }} patience
 * @param {(error: Error) => boolean} [hopeless] whether another attempt would fail in the same way
 * @returns {Promise<T>}
 */
export async function retry(action, { attempts, pause }, hopeless = () => false) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action(attempt);
    } catch (error) {
      if (attempt >= attempts || hopeless(error)) throw error;
      const wait = pause * 2 ** (attempt - 1);
      say(`  ${error.message.split('\n')[0].replace(/\.$/, '')}; trying again in ${wait / 1000} s`);
      await sleep(wait);
    }
  }
}
