import {Ring} from './ring.ts'
import type {LogLine} from './types.ts'

/** The last lines of a worker, bounded in number and, in UTF-16 units, in size. */
export class Tail {
  readonly #ring = new Ring<LogLine>({maxItems: 1000, maxSize: 256 * 1024})

  push(line: LogLine): void {
    this.#ring.push(line, line.text.length)
  }

  lines(): LogLine[] {
    return this.#ring.items()
  }
}
