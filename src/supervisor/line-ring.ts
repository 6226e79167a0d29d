import type {LogLine, LogPage, NumberedLine} from './types.ts'

/** How many lines are kept, and how many of them one answer has. */
const maxLines = 10_000
const pageLines = 1000
/** In UTF-16 units. */
const maxSize = 4 * 1024 * 1024
const pageSize = 1024 * 1024

/** The last lines of all workers, numbered from 0 in the order in which they came; bounded in number and size. */
export class LineRing {
  /** By number, since taking the first of an array moves all others. */
  readonly #lines = new Map<number, NumberedLine>()
  #size = 0
  #first = 0
  #next = 0

  push(line: LogLine, at: number): void {
    this.#lines.set(this.#next, {...line, offset: this.#next, at})
    this.#next += 1
    this.#size += line.text.length
    while (this.#lines.size > maxLines || (this.#size > maxSize && this.#lines.size > 1)) {
      this.#size -= this.#lines.get(this.#first)?.text.length ?? 0
      this.#lines.delete(this.#first)
      this.#first += 1
    }
  }

  /** Lines from that number on, of one worker or of all; those that are not kept any more are passed over. */
  from(offset: number, workerId?: string): LogPage {
    const lines: NumberedLine[] = []
    let at = Math.max(offset, this.#first)
    for (let size = 0; at < this.#next && lines.length < pageLines && size < pageSize; at++) {
      const line = this.#lines.get(at)
      if (line === undefined || (workerId !== undefined && line.workerId !== workerId)) continue
      lines.push(line)
      size += line.text.length
    }
    return {lines, next: Math.min(at, this.#next)}
  }
}
