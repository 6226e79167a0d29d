import {join, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Range} from '../model/diagnostic.ts'
import {localPath, maxUriLength} from '../model/uri.ts'

/** LSP's largest line or column. */
const maxNumber = 2 ** 31 - 1

/** The `file:` URI of a path as a compiler prints it: relative to the root, absolute, or a URI of this machine already. */
export function fileUri(root: string, printed: string): string {
  const uri = pathToFileURL(filePath(root, printed)).href
  return uri.length > maxUriLength ? rootUri(root) : uri
}

/** The URI that stands for what concerns no file: that of the root's folder, with a slash at its end. */
export function rootUri(root: string): string {
  return pathToFileURL(join(root, '/')).href
}

/** The path behind a printed file name. */
export function filePath(root: string, printed: string): string {
  return localPath(printed) ?? resolve(root, printed)
}

/**
 * A range inside one line, or between two; all counted from 0, the end exclusive and never before the start.
 * Numbers that are none of a text become the nearest that is.
 */
export function rangeOf(line: number, character: number, endLine = line, endCharacter = character): Range {
  const start = {line: inText(line), character: inText(character)}
  const end = {line: inText(endLine), character: inText(endCharacter)}
  const backwards = end.line < start.line || (end.line === start.line && end.character < start.character)
  return {start, end: backwards ? {...start} : end}
}

function inText(number: number): number {
  return Number.isNaN(number) ? 0 : Math.trunc(Math.min(Math.max(number, 0), maxNumber))
}

/** Where a diagnostic without a place is put: the beginning of the file. */
export const beginning: Range = {start: {line: 0, character: 0}, end: {line: 0, character: 0}}
