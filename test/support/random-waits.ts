// Waits that end at random moments, by a timeout, an abort, close() or shutdown(). For the tests of conservation, and the programs
// that they run.

import { type Semaphore, shutdown, WaitableEvent, type WaitHandle, type WaitOptions, waitFor, waitForAll, waitForAny } from 'rtworkq';
import type { Counts } from './conservation';
import type { Random } from './random';
import { spin } from './time';

export const ENDINGS = ['timeout', 'abort', 'close', 'shutdown'] as const;
/** How a wait ends if no signal comes. */
export type Ending = (typeof ENDINGS)[number];

/** The longest time before a wait ends, in milliseconds. */
const LONGEST = 20;

/** A handle whose signals can be iterated over. */
export type Target = WaitHandle & Pick<Semaphore, 'signals'>;

/** Resolves after a turn of the event loop, or after up to 3 ms. */
export const pause = (random: Random, ref = true): Promise<void> =>
  new Promise((resolve) => {
    const timer = random.chance(0.2) ? setImmediate(resolve) : setTimeout(resolve, random.below(4));
    if (!ref) timer.unref();
  });

export class RandomWaits {
  readonly #random: Random;
  readonly #ref: boolean;
  readonly #shortest: number;
  /** What ends the pending waits. */
  readonly #ends = new Set<() => void>();
  #shutdowns: Promise<void>[] = [];
  // For waits for several handles that take exactly one signal from the target.
  readonly #never = WaitableEvent.create();
  readonly #always = WaitableEvent.create({ manualReset: true, signaled: true });

  /**
   * @param ref whether the waits and their timers keep the process alive
   * @param shortest the shortest timeout in milliseconds
   */
  constructor(random: Random, ref = true, shortest = 0) {
    this.#random = random;
    this.#ref = ref;
    this.#shortest = shortest;
  }

  /**
   * Runs one wait, which ends after 0 to 20 ms. Resolves to undefined if it ended without a signal.
   * @param closes a handle that the wait uses, for the ending 'close'
   */
  async run<T>(ending: Ending, closes: WaitHandle, start: (options: WaitOptions) => Promise<T>): Promise<T | undefined> {
    const random = this.#random;
    const after = random.chance(0.5) ? random.below(LONGEST + 1) : random.fraction() * LONGEST;
    const controller = new AbortController();
    const end = {
      timeout: () => {},
      abort: () => controller.abort(),
      close: () => closes.close(),
      shutdown: () => void this.#shutdowns.push(shutdown()),
    }[ending];
    const result = start({
      ref: this.#ref,
      signal: controller.signal,
      timeout: ending === 'timeout' ? Math.max(after, this.#shortest) : undefined,
    });
    const timer = setTimeout(end, after);
    if (!this.#ref) timer.unref();
    this.#ends.add(end);
    if (after === 0) end();
    try {
      return await result;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ABORT_ERR') throw error;
      return undefined;
    } finally {
      clearTimeout(timer);
      this.#ends.delete(end);
    }
  }

  /** Waits for one signal of the target, with one of the functions that wait. Resolves to whether it took one. */
  async takesOne(ending: Ending, target: Target): Promise<boolean> {
    const ways = [
      async (options: WaitOptions) => (await waitFor(target, options)) === 'signaled',
      async (options: WaitOptions) => (await waitForAny([this.#never, target], options)) !== 'timeout',
      async (options: WaitOptions) => (await waitForAll([this.#always, target], options)) === 'signaled',
    ];
    const next = async ({ signal, ref }: WaitOptions): Promise<boolean> => {
      const signals = target.signals({ signal, ref });
      const { done } = await signals.next();
      void signals.return?.();
      return !done;
    };
    // A loop over signals has no timeout, and closing a handle does not end a wait for the raw HANDLE.
    if (ending !== 'timeout') ways.push(next);
    if (ending !== 'close') ways.push(async (options) => (await waitFor(target.handle, options)) === 'signaled');
    const way = this.#random.pick(ways);
    return (await this.run(ending, target, way)) === true;
  }

  /** Ends a few of the pending waits. Some may be about to take a signal. */
  endSome(): void {
    spin(this.#random.below(4) * 0.05);
    for (const end of [...this.#ends]) if (this.#random.chance(0.3)) end();
  }

  endAll(): void {
    for (const end of [...this.#ends]) end();
  }

  /** Resolves when each shutdown() that ended waits is over. */
  async finish(): Promise<void> {
    await Promise.all(this.#shutdowns);
    this.#never.close();
    this.#always.close();
  }
}

export interface Workload {
  random: Random;
  waits: RandomWaits;
  endings: readonly Ending[];
  /** Opens the semaphore again, for a wait that ends when its own handle is closed. */
  open: () => Semaphore;
  lanes: number;
  over: () => boolean;
  ref?: boolean;
  counts: Counts;
}

/** Keeps several waits for a semaphore pending, and releases it. Counts both. */
export async function workOn(semaphore: Semaphore, workload: Workload): Promise<void> {
  const { random, waits, endings, open, lanes, over, ref, counts } = workload;
  const takeTurns = async (): Promise<void> => {
    while (!over()) {
      const ending = random.pick(endings);
      const own = ending === 'close' ? open() : undefined;
      if (await waits.takesOne(ending, own ?? semaphore)) counts.taken++;
      own?.close();
    }
  };
  const releaseTurns = async (): Promise<void> => {
    while (!over()) {
      // Most waits should be pending when a count comes. Lost counts must not stop this.
      if (counts.released - counts.taken < lanes / 2 || random.chance(0.1)) {
        const count = 1 + random.below(3);
        semaphore.release(count);
        counts.released += count;
      }
      if (random.chance(0.5)) waits.endSome();
      await pause(random, ref);
    }
  };
  await Promise.all([releaseTurns(), ...Array.from({ length: lanes }, takeTurns)]);
}
