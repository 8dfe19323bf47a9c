// What Windows does not promise is a choice, and a list of numbers says how each choice of a step was made.

/** Chooses one of so many possibilities. */
export type Choose = (possibilities: number) => number;

/** One of several candidates, if there is anything to choose. */
export const oneOf = <T>(candidates: readonly T[], choose: Choose): T => candidates[candidates.length > 1 ? choose(candidates.length) : 0]!;

/** The choices of one step: those that are given, then always the first possibility. */
export class Choices {
  readonly #given: readonly number[];
  readonly #possibilities: number[] = [];

  constructor(given: readonly number[] = []) {
    this.#given = given;
  }

  readonly choose: Choose = (possibilities) => {
    this.#possibilities.push(possibilities);
    return this.#at(this.#possibilities.length - 1);
  };

  get made(): readonly number[] {
    return this.#possibilities.map((_, place) => this.#at(place));
  }

  /** The choices that differ in one place more, after those that are given. */
  get others(): number[][] {
    const { made } = this;
    return this.#possibilities.flatMap((possibilities, place) =>
      place < this.#given.length ? [] : Array.from({ length: possibilities - 1 }, (_, other) => [...made.slice(0, place), other + 1]),
    );
  }

  #at(place: number): number {
    return Math.min(this.#given[place] ?? 0, this.#possibilities[place]! - 1);
  }
}

/** The orders of so many things: with three, the first is 0 1 2, the last 2 1 0. */
export function ordersOf(count: number): number[][] {
  if (count === 0) return [[]];
  return ordersOf(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, place) => order.toSpliced(count - 1 - place, 0, count - 1)),
  );
}
