/** Those who wait for the next of something: each is called back once. */
export class NextCalls {
  readonly #waiting = new Set<() => void>()

  /** The function that it returns takes the wish back. */
  add(callback: () => void): () => void {
    this.#waiting.add(callback)
    return () => this.#waiting.delete(callback)
  }

  callAll(): void {
    // Clearing costs a new table, also of what is empty, and there are millions of these.
    if (this.#waiting.size === 0) return
    for (const callback of this.#waiting) callback()
    this.#waiting.clear()
  }

  /** Resolves at the next call, or when the signal is aborted. */
  async next(signal: AbortSignal | undefined): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<void>()
    const onAbort = () => resolve()
    const forget = this.add(resolve)
    signal?.addEventListener('abort', onAbort, {once: true})
    if (signal?.aborted) resolve()
    await promise
    signal?.removeEventListener('abort', onAbort)
    forget()
  }
}
