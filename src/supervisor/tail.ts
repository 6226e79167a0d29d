import type {LogLine} from './types.ts'

const maxLines = 1000
/** In UTF-16 units. */
const maxSize = 1024 * 1024

/** The last lines of a worker, bounded in number and size. */
export class Tail {
  /** By number, since taking the first of an array moves all others. */
  readonly #lines = new Map<number, LogLine>()
  #size = 0
  #first = 0
  #next = 0

  push(line: LogLine): void {
    this.#lines.set(this.#next, line)
    this.#next += 1
    this.#size += line.text.length
    while (this.#lines.size > maxLines || this.#size > maxSize) {
      this.#size -= this.#lines.get(this.#first)?.text.length ?? 0
      this.#lines.delete(this.#first)
      this.#first += 1
    }
  }

  lines(): LogLine[] {
    return [...this.#lines.values()]
  }
}
