import {Ring} from './ring.ts'
import type {LogLine, LogPage, NumberedLine} from './types.ts'

/** How many lines one answer has. */
const pageLines = 1000
/** In UTF-16 units. */
const pageSize = 1024 * 1024

/** The last lines of all workers, numbered from 0 in the order in which they came; bounded in number and size. */
export class LineRing {
  readonly #ring = new Ring<NumberedLine>({maxItems: 10_000, maxSize: 1024 * 1024})

  push(line: LogLine, at: number): void {
    this.#ring.push({...line, offset: this.#ring.next, at}, line.text.length)
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
}
