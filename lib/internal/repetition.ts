// The base class of all async iterators.

import { owner, returning, self } from './self';

/** One occurrence of something that repeats: a signal, a beat, a tick. */
export interface Occurrence {
  /** When it happened, in milliseconds on the clock of this thread's `performance.now()`. */
  readonly firedAt: number;
  /** How many were missed since the previous one; undefined if that cannot be known. */
  readonly missed: number | undefined;
}

/**
 * An async iterator over occurrences, which goes on for as long as you iterate.
 *
 * Leaving a `for await` loop ends it, and so does disposing it.
 */
export interface Occurrences<T extends Occurrence = Occurrence> extends AsyncIterableIterator<T>, AsyncDisposable {}

const NAME = 'Occurrences';
const OVER: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

export abstract class Repetition<T extends Occurrence> implements Occurrences<T> {
  #over = false;
  readonly [self]: () => this = returning(this);

  /** Returns the next one, or undefined if there are no more. An error ends the iteration. */
  protected abstract take(): Promise<T | undefined>;

  /** Ends pending calls: each take() returns undefined. */
  protected abstract end(): void;

  protected get over(): boolean {
    return this.#over;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const iterator = owner(this, Repetition, NAME, 'next');
    if (iterator.#over) return OVER;
    try {
      const value = await iterator.take();
      // Even if the loop is over by now: what was taken goes to the caller that asked for it.
      if (value !== undefined) return { done: false, value };
    } catch (error) {
      if (!iterator.#over) {
        iterator.#over = true;
        iterator.end();
        throw error;
      }
    }
    return iterator.return();
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    const iterator = owner(this, Repetition, NAME, 'return');
    iterator.#over = true;
    iterator.end();
    return OVER;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
