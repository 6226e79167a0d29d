import {Severity} from '../model/diagnostic.ts'
import {draftParser} from './drafts.ts'
import {beginning, filePath, fileUri, rangeOf, rootUri} from './location.ts'
import type {Found, OutputParser, ParserPlace} from './parser.ts'
import {beginsFrame, SassFrame} from './sass-frame.ts'
import {type SourceLines, sourceLines} from './source-text.ts'

/** A line of the stack below a message: where it is, or who called that. */
interface Call {
  path: string
  /** From 1. */
  line: number
  column: number
  member: string
}

interface Draft {
  severity: 1 | 2 | 3
  code?: string
  message: string[]
  frame?: SassFrame
  frameIsOpen?: boolean
  calls: Call[]
  /** Set for what is told in one line, with its place. */
  whole?: {path: string; line: number}
}

const maxMessageLines = 200
const maxCalls = 50

/** Reads what Dart Sass prints of any version, with or without Unicode. Its columns are UTF-16 from 1. */
export function sassParser(place: ParserPlace): OutputParser {
  const lines = sourceLines()
  return draftParser(
    {holds, readHeader, readBorder: () => undefined, continues, finish: draft => finish(draft, place, lines)},
    place,
  )
}

const headerPattern =
  /^(?<kind>Error|WARNING|DEPRECATION WARNING)(?: \[(?<code>[a-z0-9-]+)\])?: (?<text>.*)$/i
const unreadablePattern = /^Error reading (.+?): (.*)$/
const debugPattern = /^(\S.*):(\d+) (?:DEBUG|Debug): (.*)$/
const callPattern = /^ {2,}(\S.*?) (\d+):(\d+) {2,}(\S.*)$/

function readHeader(line: string): Draft | undefined {
  const {kind, code, text = ''} = headerPattern.exec(line)?.groups ?? {}
  if (kind !== undefined) {
    const severity = /^error$/i.test(kind) ? Severity.error : Severity.warning
    return {severity, message: [text], calls: [], ...(code === undefined ? {} : {code})}
  }
  const [, unreadable, why = ''] = unreadablePattern.exec(line) ?? []
  if (unreadable !== undefined) {
    return {severity: Severity.error, message: [why], calls: [], whole: {path: unreadable, line: 1}}
  }
  const [, path, number, said = ''] = debugPattern.exec(line) ?? []
  if (path === undefined) return undefined
  return {severity: Severity.information, message: [said], calls: [], whole: {path, line: Number(number)}}
}

/** Code comes first: what looks like another error in it is none. */
function holds(draft: Draft, text: string): boolean {
  if (!draft.frameIsOpen) return false
  const taken = draft.frame?.take(text)
  draft.frameIsOpen = taken === true || beginsFrame(text)
  return taken !== false || draft.frameIsOpen
}

/** Adds a line to the draft it belongs to; false if it belongs to none. */
function continues(draft: Draft, text: string): boolean {
  if (draft.whole) return false
  if (beginsFrame(text)) {
    draft.frame ??= new SassFrame()
    draft.frame.take(text)
    draft.frameIsOpen = true
    return true
  }
  const [, path, line, column, member = ''] = callPattern.exec(text) ?? []
  if (path !== undefined) {
    if (draft.calls.length < maxCalls)
      draft.calls.push({path, line: Number(line), column: Number(column), member})
    return true
  }
  if (draft.frame || draft.calls.length > 0) return false
  if (draft.message.length < maxMessageLines) draft.message.push(text)
  return true
}

function finish(draft: Draft, place: ParserPlace, lines: SourceLines): Found {
  const {severity, code, message, whole, calls} = draft
  const {root, toolchain} = place
  const common = {
    severity,
    ...(code === undefined ? {} : {code}),
    source: toolchain,
    message: message.join('\n').trim(),
  }
  const [main, ...callers] = calls
  if (main === undefined) {
    if (whole === undefined) return {uri: rootUri(root), diagnostic: {range: beginning, ...common}}
    return {uri: uriOf(root, whole.path), diagnostic: {range: rangeOf(whole.line - 1, 0), ...common}}
  }
  const relatedInformation = [...labelsOf(draft, main, place, lines), ...callersOf(callers, main, place)]
  return {
    uri: uriOf(root, main.path),
    diagnostic: {
      range: rangeOfCall(draft, main, place, lines),
      ...common,
      ...(relatedInformation.length > 0 ? {relatedInformation} : {}),
    },
  }
}

function rangeOfCall({frame}: Draft, {path, line, column}: Call, {root}: ParserPlace, lines: SourceLines) {
  const start = {line: line - 1, character: column - 1}
  const end = frame?.endOf(start, filePath(root, path), lines) ?? start
  return rangeOf(start.line, start.character, end.line, end.character)
}

function labelsOf({frame}: Draft, main: Call, {root}: ParserPlace, lines: SourceLines) {
  const readLine: SourceLines = (path, line) => lines(filePath(root, path), line)
  return (frame?.labels(main.path, readLine) ?? []).map(({path = main.path, start, end, text}) => ({
    location: {
      uri: uriOf(root, path),
      range: rangeOf(start.line, start.character, end.line, end.character),
    },
    message: text,
  }))
}

/** Who called: each call names the function that it is in, so the next one's place has the name of the one before. */
function callersOf(callers: readonly Call[], main: Call, {root}: ParserPlace) {
  return callers
    .filter(({path, line, column}) => path !== main.path || line !== main.line || column !== main.column)
    .map(({path, line, column, member}) => ({
      location: {uri: uriOf(root, path), range: rangeOf(line - 1, column - 1)},
      message: `from ${member}`,
    }))
}

/** Standard input is called `-`. */
function uriOf(root: string, path: string): string {
  return path === '-' ? rootUri(root) : fileUri(root, path)
}
