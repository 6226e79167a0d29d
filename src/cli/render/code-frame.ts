import {codeFrameColumns} from '@babel/code-frame'
import type {Range} from '../../model/diagnostic.ts'

/** Lines before and after those that a diagnostic is about. */
const around = 1
/** Of a range of many lines, so many are shown. */
const mostLines = 8
/** A longer line is generated code, and no frame helps to read it. */
const longestLine = 500

/** The lines that a range is about, underlined; undefined where they are not there, or too long to be read. */
export function codeFrame(lines: readonly string[], {start, end}: Range, color: boolean): string | undefined {
  const last = Math.min(end.line, start.line + mostLines - 1)
  const first = Math.max(0, start.line - around)
  // Only these lines are handed on: colouring a whole file for each of its errors would take seconds.
  const shown = lines.slice(first, last + 1 + around)
  if (start.line >= lines.length || shown.some(line => line.length > longestLine)) return undefined
  const at = (line: number, character: number) => ({line: line + 1, column: character})
  const isEmpty = start.line === end.line && start.character === end.character
  const endAt = last < end.line ? at(last, lines[last]?.length ?? 0) : at(end.line, end.character)
  const location = {start: at(start.line, start.character), ...(isEmpty ? {} : {end: endAt})}
  return codeFrameColumns(shown.join('\n'), location, {
    highlightCode: color,
    forceColor: color,
    linesAbove: around,
    linesBelow: around,
    startLine: first + 1,
  })
}
