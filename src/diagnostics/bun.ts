import {Severity} from '../model/diagnostic.ts'
import {draftParser} from './drafts.ts'
import {beginning, fileUri, rangeOf, rootUri} from './location.ts'
import type {Found, OutputParser, ParserPlace} from './parser.ts'

interface Draft {
  severity: 1 | 2 | 3
  message: string
  place?: {path: string; line: number; column: number}
}

/** Reads the messages of `bun build`, whose columns are UTF-16 from 1: a headline, and below it the place. */
export function bunParser(place: ParserPlace): OutputParser {
  return draftParser({readHeader, readBorder: () => undefined, continues, finish}, place)
}

const severities = {error: Severity.error, warn: Severity.warning, note: Severity.information} as const
const headerPattern = /^(?<kind>error|warn|note): (?<message>.+)$/
/** Before version 1.1 without `at`, and with the offset in the file. */
const placePattern = /^(?: {4}at )?(\/.+|[A-Za-z]:[\\/].+):(\d+):(\d+)(?: \d+)?$/

function readHeader(text: string): Draft | undefined {
  const {kind, message = ''} = headerPattern.exec(text)?.groups ?? {}
  if (kind === undefined) return undefined
  return {severity: severities[kind === 'warn' || kind === 'note' ? kind : 'error'], message}
}

/** Before version 1.1 there is code between the headline and the place. */
function continues(draft: Draft, text: string): boolean {
  if (draft.place) return false
  const [, path, line, column] = placePattern.exec(text) ?? []
  if (path !== undefined) draft.place = {path, line: Number(line), column: Number(column)}
  return true
}

function finish({severity, message, place}: Draft, {root, toolchain}: ParserPlace): Found {
  return {
    uri: place ? fileUri(root, place.path) : rootUri(root),
    diagnostic: {
      range: place ? rangeOf(place.line - 1, place.column - 1) : beginning,
      severity,
      source: toolchain,
      message,
    },
  }
}
