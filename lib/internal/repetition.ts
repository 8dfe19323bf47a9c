// What happens again and again, for `for await`: what all of its iterators have in common.

/** One time of what happens again and again: a signal, a beat, a tick. */
export interface Occurrence {
  /** When it was, in milliseconds on the clock of this thread's `performance.now()`. */
  readonly firedAt: number;
  /** How many have gone by unseen since the one before; undefined where that cannot be known. */
  readonly missed: number | undefined;
}

/**
 * The occurrences of something, one after the other, for as long as somebody asks. Leaving a `for await` loop ends them, and so
 * does disposing.
 */
export interface Occurrences<T extends Occurrence = Occurrence> extends AsyncIterableIterator<T>, AsyncDisposable {}

const OVER: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

export abstract class Repetition<T extends Occurrence> implements Occurrences<T> {
  #over = false;

  /** The next one; undefined where there is none any more. A failure is the last thing that is heard. */
  protected abstract take(): Promise<T | undefined>;

  /** Ends what is under way: each take() gives undefined. */
  protected abstract end(): void;

  protected get over(): boolean {
    return this.#over;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#over) return OVER;
    try {
      const value = await this.take();
      // Also where it is over by now: what has been taken is given to whoever has asked for it.
      if (value !== undefined) return { done: false, value };
    } catch (error) {
      if (!this.#over) {
        this.#over = true;
        this.end();
        throw error;
      }
    }
    return this.return();
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#over = true;
    this.end();
    return OVER;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
