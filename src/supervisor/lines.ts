import {NextCalls} from './next-calls.ts'
import {Ring} from './ring.ts'
import type {LineSource, LogLine, LogPage, NumberedLine, ReadLinesOptions} from './types.ts'

/** How many lines one answer has. */
const pageLines = 1000
/** In UTF-16 units. */
const pageSize = 1024 * 1024

/** The last lines of all workers, numbered from 0 in the order in which they came, to be read from any position that is still kept. */
export class Lines implements LineSource {
  readonly #ring = new Ring<NumberedLine>({maxItems: 10_000, maxSize: 1024 * 1024})
  readonly #waiting = new NextCalls()
  #ended = false

  push(line: LogLine, at: number): void {
    this.#ring.push({...line, offset: this.#ring.next, at}, line.text.length)
    this.#waiting.callAll()
  }

  /** No more will come. */
  end(): void {
    this.#ended = true
    this.#waiting.callAll()
  }

  /** Lines from that number on, of one worker or of all; those that are not kept any more are passed over. */
  from(offset: number, workerId?: string): LogPage {
    const {first, next} = this.#ring
    const lines: NumberedLine[] = []
    let at = Math.max(offset, first)
    for (let size = 0; at < next && lines.length < pageLines && size < pageSize; at++) {
      const line = this.#ring.at(at)
      if (line === undefined || (workerId !== undefined && line.workerId !== workerId)) continue
      lines.push(line)
      size += line.text.length
    }
    return {lines, next: Math.min(at, next)}
  }

  read({
    since = this.#ring.next,
    workerId,
    signal,
  }: ReadLinesOptions = {}): AsyncGenerator<NumberedLine, void> {
    return this.#read(since, workerId, signal)
  }

  [Symbol.asyncIterator](): AsyncGenerator<NumberedLine, void> {
    return this.read()
  }

  async *#read(since: number, workerId?: string, signal?: AbortSignal): AsyncGenerator<NumberedLine, void> {
    for (let next = since; !signal?.aborted; ) {
      const page = this.from(next, workerId)
      for (const line of page.lines) {
        if (signal?.aborted) return
        yield line
      }
      const isAll = page.next >= this.#ring.next
      next = page.next
      if (isAll && this.#ended) return
      if (isAll) await this.#waiting.next(signal)
    }
  }
}
