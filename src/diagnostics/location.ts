import {isAbsolute, resolve} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import type {Range} from '../model/diagnostic.ts'

/** The `file:` URI of a path as a compiler prints it: relative to the root, absolute, or a URI already. */
export function fileUri(root: string, printed: string): string {
  return printed.startsWith('file:') ? printed : pathToFileURL(resolve(root, printed)).href
}

/** The URI that stands for what concerns no file: that of the root's folder. */
export function rootUri(root: string): string {
  return pathToFileURL(root).href
}

/** The path behind a printed file name. */
export function filePath(root: string, printed: string): string {
  if (printed.startsWith('file:')) return fileURLToPath(printed)
  return isAbsolute(printed) ? printed : resolve(root, printed)
}

/** A range inside one line, or between two; all counted from 0, the end exclusive and never before the start. */
export function rangeOf(line: number, character: number, endLine = line, endCharacter = character): Range {
  const start = {line: Math.max(0, line), character: Math.max(0, character)}
  const backwards = endLine < start.line || (endLine === start.line && endCharacter < start.character)
  return {start, end: backwards ? {...start} : {line: endLine, character: Math.max(0, endCharacter)}}
}

/** Where a diagnostic without a place is put: the beginning of the file. */
export const beginning: Range = {start: {line: 0, character: 0}, end: {line: 0, character: 0}}
