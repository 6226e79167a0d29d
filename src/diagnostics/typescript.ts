import {Severity} from '../model/diagnostic.ts'
import {draftParser} from './drafts.ts'
import {beginning, fileUri, rangeOf, rootUri} from './location.ts'
import type {Found, OutputParser, Parsed, ParserPlace} from './parser.ts'
import {beginFrame, type Frame} from './typescript-frame.ts'

/** A message with its place: the diagnostic itself, or one thing related to it. */
interface Part {
  place?: {path: string; line: number; character: number}
  message: string[]
  frame?: Frame
}

interface Draft {
  severity: 1 | 2 | 3 | 4
  code: string
  parts: [Part, ...Part[]]
  /** Whether a blank line came, which ends a message and separates frames and related parts. */
  blank: boolean
}

/** Most lines of one message that are kept. */
const maxMessageLines = 200

/**
 * Reads what `tsc` prints of any version, with `--pretty` (frames give exact ranges) or without (ranges are empty).
 * Columns are UTF-16 in both.
 */
export function typescriptParser(place: ParserPlace): OutputParser {
  return draftParser({holds, readHeader, readBorder, continues, finish}, place)
}

const severities: Readonly<Record<string, 1 | 2 | 3 | 4>> = {
  error: Severity.error,
  warning: Severity.warning,
  message: Severity.information,
  info: Severity.information,
  suggestion: Severity.hint,
}

const kinds = Object.keys(severities).join('|')
const prettyHeader = new RegExp(`^(\\S.*?):(\\d+):(\\d+) - (${kinds}) (TS\\d+): (.*)$`)
const plainHeader = new RegExp(`^(\\S.*?)\\((\\d+),(\\d+)\\): (${kinds}) (TS\\d+): (.*)$`)
const globalHeader = new RegExp(`^(${kinds}) (TS\\d+): (.*)$`)
const relatedHeader = /^ {2}(\S.*?):(\d+):(\d+)(?: - (.*))?$/

function readHeader(text: string): Draft | undefined {
  const [, path = '', line, column, kind = '', code = '', message = ''] =
    prettyHeader.exec(text) ?? plainHeader.exec(text) ?? []
  if (path !== '') return newDraft(kind, code, {place: placeOf(path, line, column), message: [message]})
  const global = globalHeader.exec(text)
  return global ? newDraft(global[1], global[2], {message: [global[3] ?? '']}) : undefined
}

function newDraft(kind = '', code = '', part: Part): Draft {
  return {severity: severities[kind] ?? Severity.error, code, parts: [part], blank: false}
}

function placeOf(path: string, line: string | undefined, column: string | undefined) {
  return {path, line: Number(line) - 1, character: Number(column) - 1}
}

/** The words around a run, of a single compilation and of a watching one. */
function readBorder(text: string): Parsed | undefined {
  if (/^(?:\[[^\]]*\] |[\d: APM]+ - )?Found \d+ errors?\b/.test(text)) return {kind: 'run-ended'}
  if (/\bStarting (?:incremental )?compilation\b/.test(text)) return {kind: 'run-started'}
  return undefined
}

/** Code comes first: what looks like another error in it is none. */
function holds(draft: Draft, text: string): boolean {
  const part = currentPart(draft)
  if (part.frame) return part.frame.take(text)
  const isMain = part === draft.parts[0]
  if (part.place === undefined || (isMain && !draft.blank)) return false
  const frame = beginFrame(text, part.place.line + 1, isMain ? 0 : 4)
  if (frame) part.frame = frame
  return frame !== undefined
}

/** Adds a line to the draft it belongs to; false if it belongs to none. */
function continues(draft: Draft, text: string): boolean {
  if (text.trim() === '') {
    draft.blank = true
    return true
  }
  const related = draft.blank ? relatedHeader.exec(text) : null
  if (related) {
    const [, path = '', line, column, message] = related
    draft.parts.push({place: placeOf(path, line, column), message: message === undefined ? [] : [message]})
    draft.blank = false
    return true
  }
  if (!text.startsWith('  ')) return false
  const {message} = currentPart(draft)
  // Before version 7 the message of something related comes last, indented like its frame.
  if (message.length < maxMessageLines)
    message.push(draft.parts.length === 1 ? text : text.replace(/^ {4}/, ''))
  return true
}

function currentPart(draft: Draft): Part {
  return draft.parts.at(-1) ?? draft.parts[0]
}

function finish({severity, code, parts: [main, ...related]}: Draft, {root, toolchain}: ParserPlace): Found {
  const relatedInformation = related.flatMap(part =>
    part.place
      ? [{location: {uri: fileUri(root, part.place.path), range: rangeOfPart(part)}, message: textOf(part)}]
      : [],
  )
  return {
    uri: main.place ? fileUri(root, main.place.path) : rootUri(root),
    diagnostic: {
      range: rangeOfPart(main),
      severity,
      code,
      source: toolchain,
      message: textOf(main),
      ...(relatedInformation.length > 0 ? {relatedInformation} : {}),
    },
  }
}

function rangeOfPart({place, frame}: Part) {
  if (place === undefined) return beginning
  const end = frame?.end()
  return rangeOf(place.line, place.character, end?.line, end?.character)
}

function textOf({message}: Part): string {
  return message.join('\n').trim()
}
