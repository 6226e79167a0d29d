/** One change at a time: each waits for those before it, whatever became of them. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Whether nobody changes anything, or is about to. */
  get free(): boolean {
    return this.#waiting === 0
  }

  async take<T>(change: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    const result = this.#last.then(change)
    this.#last = result.catch(() => {})
    try {
      return await result
    } finally {
      this.#waiting -= 1
    }
  }
}
