// Doing things side by side, once, and again.

import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './log.mjs';

/**
 * Runs the tasks in their order, at most `width` at once; each is told which of the places it has, from 0. After a failure
 * none is begun.
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
 * Waits until all are settled, then throws the first error: what is under way comes to its end before the program does.
 * @param {...Promise<unknown>} promises
 */
export async function together(...promises) {
  const results = await Promise.allSettled(promises);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  return results.map(({ value }) => value);
}

/**
 * A function that does its work once for each list of arguments, for everybody who asks meanwhile and afterwards.
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

/** How often something is tried, and the pause before the second time; each pause is twice the one before. */
export const PATIENCE = { attempts: 3, pause: 2_000 };

/**
 * Tries something again, with pauses.
 * @template T
 * @param {(attempt: number) => Promise<T>} action
 * @param {{ attempts: number, pause: number }} patience
 * @param {(error: Error) => boolean} [hopeless] whether another attempt would give the same
 * @returns {Promise<T>}
 */
export async function retry(action, { attempts, pause }, hopeless = () => false) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action(attempt);
    } catch (error) {
      if (attempt >= attempts || hopeless(error)) throw error;
      const wait = pause * 2 ** (attempt - 1);
      say(`  ${error.message.split('\n')[0]}: again in ${wait / 1000} s`);
      await sleep(wait);
    }
  }
}
