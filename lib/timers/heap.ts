// A binary heap, smallest key first. The keys are plain numbers in an array of their own.

export class Heap<T> {
  readonly #keys: number[] = [];
  readonly #items: T[] = [];
  /** The order in which equal keys were pushed. */
  readonly #sequences: number[] = [];
  #nextSequence = 0;

  get size(): number {
    return this.#keys.length;
  }

  /** The smallest key; Infinity if the heap is empty. */
  get least(): number {
    return this.#keys.length > 0 ? (this.#keys[0] as number) : Number.POSITIVE_INFINITY;
  }

  items(): readonly T[] {
    return this.#items;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  push(key: number, item: T): void {
    this.#rise(this.#keys.length, key, item, this.#nextSequence++);
  }

  /** Removes and returns the first item. */
  pop(): T | undefined {
    const first = this.#items[0];
    const last = this.#keys.length - 1;
    if (last < 0) return undefined;
    const key = this.#keys[last] as number;
    const item = this.#items[last] as T;
    const sequence = this.#sequences[last] as number;
    this.#keys.length = this.#items.length = this.#sequences.length = last;
    if (last > 0) this.#sink(0, key, item, sequence);
    return first;
  }

  /** Removes the items that are no longer wanted. */
  keep(wanted: (item: T) => boolean): void {
    let kept = 0;
    for (let index = 0; index < this.#keys.length; index++) {
      if (wanted(this.#items[index] as T)) this.#move(index, kept++);
    }
    this.#keys.length = this.#items.length = this.#sequences.length = kept;
    for (let index = (kept >> 1) - 1; index >= 0; index--) {
      this.#sink(index, this.#keys[index] as number, this.#items[index] as T, this.#sequences[index] as number);
    }
  }

  /** Puts an entry at a free place, or further up, below a parent that is not greater. */
  #rise(place: number, key: number, item: T, sequence: number): void {
    let index = place;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      // A pushed entry comes after all entries with an equal key.
      if ((this.#keys[parent] as number) <= key) break;
      this.#move(parent, index);
      index = parent;
    }
    this.#put(index, key, item, sequence);
  }

  /** Puts an entry at a free place, or further down, above children that are not smaller. */
  #sink(place: number, key: number, item: T, sequence: number): void {
    const size = this.#keys.length;
    let index = place;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#precedes(child + 1, this.#keys[child] as number, this.#sequences[child] as number)) child++;
      if (!this.#precedes(child, key, sequence)) break;
      this.#move(child, index);
      index = child;
    }
    this.#put(index, key, item, sequence);
  }

  #precedes(index: number, key: number, sequence: number): boolean {
    const other = this.#keys[index] as number;
    return other < key || (other === key && (this.#sequences[index] as number) < sequence);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#keys[from] as number, this.#items[from] as T, this.#sequences[from] as number);
  }

  #put(index: number, key: number, item: T, sequence: number): void {
    this.#keys[index] = key;
    this.#items[index] = item;
    this.#sequences[index] = sequence;
  }
}
