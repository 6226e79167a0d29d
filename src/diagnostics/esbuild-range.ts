import type {Range} from '../model/diagnostic.ts'
import {rangeOf} from './location.ts'
import {readSource} from './source-text.ts'

/** A place as esbuild prints it. */
export interface Marked {
  /** From 1. */
  line: number
  /** Bytes of UTF-8 before it in the line, a byte order mark included. */
  column: number
  /** The line of code: tabs expanded to stops of two, long lines cut at either end with `...`. */
  excerpt?: string
  /** The underline, in code points of the excerpt; a byte order mark has no width. */
  mark?: {from: number; length: number}
}

const byteOrderMark = '\uFEFF'

/** The UTF-16 range of a marked place; `path` is read only where the excerpt doesn't tell the column. */
export function rangeOfMarked({line, column, excerpt, mark}: Marked, path: string): Range {
  if (excerpt === undefined || mark === undefined) {
    const character = characterInFile(path, line, column) ?? column
    return rangeOf(line - 1, character)
  }
  const points = [...excerpt.replace(byteOrderMark, '')]
  const before = points.slice(0, mark.from).join('')
  const marked = points.slice(mark.from, mark.from + mark.length).join('')
  const bytes = excerpt.startsWith(byteOrderMark) ? column - 3 : column
  const cut = excerpt.startsWith('...')
  const character =
    (cut ? characterInFile(path, line, column) : characterInExcerpt(before, bytes)) ?? Math.max(0, bytes)
  return rangeOf(line - 1, character, line - 1, character + marked.length)
}

/** An expanded tab adds as many bytes as UTF-16 units, so what the prefix has more than `bytes` is blanks to take off. */
function characterInExcerpt(before: string, bytes: number): number | undefined {
  const added = Buffer.byteLength(before) - bytes
  return added >= 0 && added <= before.length ? before.length - added : undefined
}

function characterInFile(path: string, line: number, column: number): number | undefined {
  const text = readSource(path)?.split(/\r\n|[\r\n\u2028\u2029]/)[line - 1]
  if (text === undefined) return undefined
  const before = Buffer.from(text).subarray(0, column).toString()
  return before.startsWith(byteOrderMark) ? before.length - 1 : before.length
}
