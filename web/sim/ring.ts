/** The last `capacity` items, the oldest first. */
export class Ring<T> {
  #items: T[] = [];
  #capacity: number;
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(item: T): void {
    if (this.#capacity === 0) return;
    if (this.#items.length < this.#capacity) this.#items.push(item);
    else this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** Has room for so many from now on, if that is more than before. */
  widen(capacity: number): void {
    if (capacity <= this.#capacity) return;
    this.#items = this.toArray();
    this.#next = this.#items.length;
    this.#capacity = capacity;
  }

  /** At most the last `count` items. */
  toArray(count = this.#capacity): T[] {
    const inOrder =
      this.#items.length < this.#capacity
        ? this.#items.slice()
        : [...this.#items.slice(this.#next), ...this.#items.slice(0, this.#next)];
    return inOrder.slice(-count);
  }
}
