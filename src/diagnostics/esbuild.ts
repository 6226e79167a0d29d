import type {Range} from '../model/diagnostic.ts'
import {Severity} from '../model/diagnostic.ts'
import {draftParser} from './drafts.ts'
import {type Marked, rangeOfMarked} from './esbuild-range.ts'
import {beginning, filePath, fileUri, rootUri} from './location.ts'
import type {Found, OutputParser, Parsed, ParserPlace} from './parser.ts'

/** A text with its place: the message itself, or one of its notes. */
interface Part {
  text: string[]
  place?: {path: string; marked: Marked}
}

interface Draft {
  severity: 1 | 2 | 3
  code?: string
  parts: [Part, ...Part[]]
  /** Whether the last line was blank: a text after it is a new note. */
  blank: boolean
}

const maxTextLines = 200

/**
 * Reads the messages of esbuild's command line. Its columns count bytes from 0 and its underline counts code points
 * of a line with expanded tabs; both become UTF-16 columns.
 */
export function esbuildParser(place: ParserPlace): OutputParser {
  return draftParser({readHeader, readBorder, continues, finish}, place)
}

const headerPattern =
  /^\S \[(?<kind>ERROR|WARNING|INFO)\] (?<text>.*?)(?: \[plugin (?<plugin>[^\]]+)\])?(?: \[(?<code>[a-z]+(?:-[a-z0-9]+)+)\])?$/
const locationPattern = /^ {4}(\S.*):(\d+):(\d+):$/
const codePattern = /^ +\d+ │ (.*)$/
const markPattern = /^ +[│╵] ( *)(~+|\^)$/
const suggestionPattern = /^ +[│╵] /
const notePattern = /^ {2}(\S.*)$/

const severities = {ERROR: Severity.error, WARNING: Severity.warning, INFO: Severity.information} as const

function readHeader(line: string): Draft | undefined {
  const groups = headerPattern.exec(line)?.groups
  if (groups === undefined) return undefined
  const {kind, text = '', plugin, code} = groups
  const severity = severities[kind === 'WARNING' || kind === 'INFO' ? kind : 'ERROR']
  const name = code ?? (plugin === undefined ? undefined : `plugin ${plugin}`)
  return {severity, parts: [{text: [text]}], blank: false, ...(name === undefined ? {} : {code: name})}
}

/** What esbuild says around the messages of one build. */
function readBorder(text: string): Parsed | undefined {
  if (/^\[watch\] build started\b/.test(text)) return {kind: 'run-started'}
  if (/^\[watch\] build finished\b/.test(text)) return {kind: 'run-ended'}
  if (/^\d+ (?:of \d+ )?(?:errors?|warnings?)\b/.test(text)) return {kind: 'run-ended'}
  return undefined
}

/** Adds a line to the draft it belongs to; false if it belongs to none. */
function continues(draft: Draft, text: string): boolean {
  const {blank} = draft
  draft.blank = text.trim() === ''
  if (draft.blank) return true
  const part = draft.parts.at(-1) ?? draft.parts[0]
  const location = locationPattern.exec(text)
  if (location) return locate(part, location)
  const code = codePattern.exec(text)?.[1]
  if (code !== undefined && part.place) {
    part.place.marked.excerpt ??= code
    return true
  }
  const mark = markPattern.exec(text)
  if (mark && part.place && part.place.marked.mark === undefined) {
    part.place.marked.mark = {from: (mark[1] ?? '').length, length: (mark[2] ?? '').length}
    return true
  }
  if (suggestionPattern.test(text)) return true
  return addText(draft, part, text, blank)
}

function locate(part: Part, [, path = '', line, column]: RegExpExecArray): boolean {
  part.place ??= {path, marked: {line: Number(line), column: Number(column)}}
  return true
}

function addText(draft: Draft, part: Part, text: string, afterBlank: boolean): boolean {
  const note = notePattern.exec(text)?.[1]
  const isFirstText = part === draft.parts[0] && part.place === undefined && !afterBlank
  if (note === undefined) {
    // A message of several lines has its further ones at the margin.
    if (!isFirstText || /^[\s[]/.test(text)) return false
    if (part.text.length < maxTextLines) part.text.push(text)
  } else if (afterBlank || part === draft.parts[0]) {
    draft.parts.push({text: [note]})
  } else if (part.text.length < maxTextLines) {
    part.text.push(note)
  }
  return true
}

function finish({severity, code, parts: [main, ...notes]}: Draft, {root, toolchain}: ParserPlace): Found {
  const placeless = notes.filter(note => note.place === undefined)
  const relatedInformation = notes.flatMap(note =>
    note.place
      ? [
          {
            location: {uri: fileUri(root, note.place.path), range: rangeOfPart(note, root)},
            message: note.text.join('\n'),
          },
        ]
      : [],
  )
  return {
    uri: main.place ? fileUri(root, main.place.path) : rootUri(root),
    diagnostic: {
      range: rangeOfPart(main, root),
      severity,
      ...(code === undefined ? {} : {code}),
      source: toolchain,
      message: [...main.text, ...placeless.flatMap(note => note.text)].join('\n'),
      ...(relatedInformation.length > 0 ? {relatedInformation} : {}),
    },
  }
}

function rangeOfPart({place}: Part, root: string): Range {
  return place ? rangeOfMarked(place.marked, filePath(root, place.path)) : beginning
}
