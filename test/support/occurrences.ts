/** Remembers what happened, and lets tests wait for what is yet to happen. */
export class Occurrences<T> {
  readonly all: T[] = []
  readonly #waiting = new Set<() => void>()

  add(item: T): void {
    this.all.push(item)
    for (const look of [...this.#waiting]) look()
  }

  /** Resolves with the first one, past or future, for which this holds. */
  async when(holds: (item: T) => boolean): Promise<T> {
    const {promise, resolve} = Promise.withResolvers<T>()
    const look = () => {
      const index = this.all.findIndex(holds)
      const found = this.all[index]
      if (index >= 0) resolve(found as T)
    }
    this.#waiting.add(look)
    look()
    return promise.finally(() => this.#waiting.delete(look))
  }
}
