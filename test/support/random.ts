// Random choices from a seed. The same seed makes the same choices, but threads still meet at other moments.

export class Random {
  #state: number;

  constructor(seed: number) {
    // Spreads small seeds. The state must not be 0.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) || 1;
  }

  /** The next state, by Marsaglia's xorshift with 32 bits. */
  #next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** A number from 0 to below 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** An integer from 0 to below the limit. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Several different elements, in random order. */
  sample<T>(list: readonly T[], count: number): T[] {
    const rest = [...list];
    return Array.from({ length: count }, () => rest.splice(this.below(rest.length), 1)[0]!);
  }
}
