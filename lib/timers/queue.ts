// A first-in, first-out queue. Linked, so that a queue that is never quite empty does not grow.

interface Entry<T> {
  readonly item: T;
  next: Entry<T> | undefined;
}

export class Queue<T> {
  #first: Entry<T> | undefined;
  #last: Entry<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#first?.item;
  }

  get last(): T | undefined {
    return this.#last?.item;
  }

  *items(): Iterable<T> {
    for (let entry = this.#first; entry; entry = entry.next) yield entry.item;
  }

  push(item: T): void {
    const entry: Entry<T> = { item, next: undefined };
    if (this.#last) this.#last.next = entry;
    else this.#first = entry;
    this.#last = entry;
    this.#size++;
  }

  /** Removes and returns the first item. */
  shift(): T | undefined {
    const entry = this.#first;
    if (!entry) return undefined;
    this.#first = entry.next;
    if (!this.#first) this.#last = undefined;
    this.#size--;
    return entry.item;
  }
}
