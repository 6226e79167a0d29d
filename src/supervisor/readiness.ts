import {stripVTControlCharacters} from 'node:util'

/** Longest part of a line that is looked at. */
const maxLineLength = 10_000

/** Whether a line, as printed, is the one that says that a worker is ready. */
export function saysReady(pattern: RegExp, line: string): boolean {
  // One with the flag g would go on where it was.
  pattern.lastIndex = 0
  return pattern.test(stripVTControlCharacters(line.slice(0, maxLineLength)))
}
