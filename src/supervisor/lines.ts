import {LineRing} from './line-ring.ts'
import {nextOf} from './next-of.ts'
import type {LineSource, LogLine, LogPage, NumberedLine, ReadLinesOptions} from './types.ts'

/** The last lines of all workers, to be read from any position that is still kept. */
export class Lines implements LineSource {
  readonly #ring = new LineRing()
  readonly #waiting = new Set<() => void>()
  #next = 0
  #ended = false

  push(line: LogLine, at: number): void {
    this.#ring.push(line, at)
    this.#next += 1
    this.#wake()
  }

  /** No more will come. */
  end(): void {
    this.#ended = true
    this.#wake()
  }

  from(offset: number, workerId?: string): LogPage {
    return this.#ring.from(offset, workerId)
  }

  read({since = this.#next, workerId, signal}: ReadLinesOptions = {}): AsyncGenerator<NumberedLine, void> {
    return this.#read(since, workerId, signal)
  }

  [Symbol.asyncIterator](): AsyncGenerator<NumberedLine, void> {
    return this.read()
  }

  async *#read(since: number, workerId?: string, signal?: AbortSignal): AsyncGenerator<NumberedLine, void> {
    for (let next = since; !signal?.aborted; ) {
      const page = this.#ring.from(next, workerId)
      for (const line of page.lines) {
        if (signal?.aborted) return
        yield line
      }
      const isAll = page.next >= this.#next
      next = page.next
      if (isAll && this.#ended) return
      if (isAll) await nextOf(callback => this.#onNext(callback), signal)
    }
  }

  #onNext(callback: () => void): () => void {
    this.#waiting.add(callback)
    return () => this.#waiting.delete(callback)
  }

  #wake(): void {
    // Clearing costs a new table, also of what is empty, and there are millions of these.
    if (this.#waiting.size === 0) return
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
