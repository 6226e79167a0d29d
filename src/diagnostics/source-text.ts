import {readFileSync, statSync} from 'node:fs'

/** In bytes; a larger file is not looked into, and columns stay as the compiler counts them. */
const maxFileSize = 64 * 1024 * 1024

/** The text of a source file; undefined where a path names none, as `<stdin>` does. */
export function readSource(path: string): string | undefined {
  try {
    // What a compiler names may be a device or a pipe, which has no end.
    const stats = statSync(path)
    if (!stats.isFile() || stats.size > maxFileSize) return undefined
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Gives a line of a file, by its number from 1 and without its end; undefined where there is none. */
export type SourceLines = (path: string, line: number) => string | undefined

/** Reads lines, and remembers the last file while nobody writes it: what compilers say of one comes together. */
export function sourceLines(): SourceLines {
  let last: {path: string; written: number | undefined; lines: string[]} | undefined
  return (path, line) => {
    const written = timeOf(path)
    if (last?.path !== path || last.written !== written)
      last = {path, written, lines: (readSource(path) ?? '').split(/\r\n|[\r\n]/)}
    return last.lines[line - 1]
  }
}

function timeOf(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs
  } catch {
    return undefined
  }
}

/** The UTF-16 column, from 0, behind so many bytes of UTF-8; without the line's text the number of bytes. */
export function columnOfBytes(text: string | undefined, bytes: number): number {
  if (text === undefined) return bytes
  return Buffer.from(text).subarray(0, Math.max(0, bytes)).toString().length
}

/** The UTF-16 column, from 0, behind so many code points; without the line's text their number. */
export function columnOfPoints(text: string | undefined, points: number): number {
  if (text === undefined) return points
  return [...text].slice(0, Math.max(0, points)).join('').length
}
