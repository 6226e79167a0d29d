/**
 * The last items of a stream, numbered in the order in which they came, bounded in number and in size.
 *
 * The slots are reused: a Map grows new tables all the time, and under a flood what a dead one points to outlives the
 * items themselves, by ten times the memory.
 */
export class Ring<T> {
  readonly #maxItems: number
  readonly #maxSize: number
  readonly #slots: ({item: T; size: number} | undefined)[] = []
  #first: number
  #next: number
  #size = 0

  /** @param first the number of the first item */
  constructor({maxItems, maxSize, first = 0}: {maxItems: number; maxSize: number; first?: number}) {
    this.#maxItems = maxItems
    this.#maxSize = maxSize
    this.#first = first
    this.#next = first
  }

  /** The number of the oldest item that is kept, or `next` if there is none. */
  get first(): number {
    return this.#first
  }

  /** The number that the next item gets. */
  get next(): number {
    return this.#next
  }

  /** Adds an item, and forgets the oldest ones that are too many for it; the newest one always stays. */
  push(item: T, size: number): void {
    if (this.#next - this.#first === this.#maxItems) this.#forget()
    this.#slots[this.#next % this.#maxItems] = {item, size}
    this.#next += 1
    this.#size += size
    while (this.#size > this.#maxSize && this.#next - this.#first > 1) this.#forget()
  }

  /** The item of that number; undefined if it is not kept any more, or yet to come. */
  at(number: number): T | undefined {
    return number < this.#first || number >= this.#next
      ? undefined
      : this.#slots[number % this.#maxItems]?.item
  }

  items(): T[] {
    return Array.from({length: this.#next - this.#first}, (_, index) => this.at(this.#first + index) as T)
  }

  #forget(): void {
    const index = this.#first % this.#maxItems
    this.#size -= this.#slots[index]?.size ?? 0
    this.#slots[index] = undefined
    this.#first += 1
  }
}
