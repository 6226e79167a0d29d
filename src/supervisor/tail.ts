import type {LogLine} from './types.ts'

const maxLines = 1000
/** In UTF-16 units. */
const maxSize = 1024 * 1024

/** The last lines of a worker, bounded in number and size. */
export class Tail {
  #lines: LogLine[] = []
  #size = 0
  #start = 0

  push(line: LogLine): void {
    this.#lines.push(line)
    this.#size += line.text.length
    while (this.#lines.length - this.#start > maxLines || this.#size > maxSize) {
      this.#size -= this.#lines[this.#start]?.text.length ?? 0
      this.#start += 1
    }
    // Moving the rest at every line would make each line cost a thousand.
    if (this.#start > maxLines) {
      this.#lines = this.#lines.slice(this.#start)
      this.#start = 0
    }
  }

  lines(): LogLine[] {
    return this.#lines.slice(this.#start)
  }
}
