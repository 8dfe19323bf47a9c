// What Windows does not promise is a choice, and a list of numbers says how each choice of a step was made.

/** Chooses one of so many possibilities. */
export type Choose = (possibilities: number) => number;

/** The choices of one step: those that are given, then always the first possibility. */
export class Choices {
  readonly #made: number[];
  readonly #possibilities: number[] = [];
  #next = 0;

  constructor(given: readonly number[] = []) {
    this.#made = [...given];
  }

  readonly choose: Choose = (possibilities) => {
    const place = this.#next++;
    const made = Math.min(this.#made[place] ?? 0, possibilities - 1);
    this.#made[place] = made;
    this.#possibilities[place] = possibilities;
    return made;
  };

  get made(): readonly number[] {
    return this.#made.slice(0, this.#next);
  }

  /** The next choices to try, if there are any: like a number whose last digit changes first. */
  following(): number[] | undefined {
    for (let place = this.#next - 1; place >= 0; place--) {
      if (this.#made[place]! + 1 < this.#possibilities[place]!) return [...this.#made.slice(0, place), this.#made[place]! + 1];
    }
    return undefined;
  }
}

/** The orders of so many things: with three, the first is 0 1 2, the last 2 1 0. */
export function ordersOf(count: number): number[][] {
  if (count === 0) return [[]];
  return ordersOf(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, place) => order.toSpliced(count - 1 - place, 0, count - 1)),
  );
}
