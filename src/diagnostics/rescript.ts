import {Severity} from '../model/diagnostic.ts'
import {draftParser} from './drafts.ts'
import {beginning, fileUri, rangeOf, rootUri} from './location.ts'
import type {Found, OutputParser, ParserPlace} from './parser.ts'

interface Draft {
  severity: 1 | 2
  code?: string
  headline: string
  place?: {path: string; line: number; column: number; endLine: number; endColumn: number}
  message: string[]
  /** How many blank lines came last: two end a message. */
  blanks: number
}

const maxMessageLines = 200

/**
 * Reads what ReScript's compiler says, of any version. Its columns are UTF-16 from 1, that of the end is the last one's.
 * What the build system says of runs counts for nothing: it comes on the other stream, early or late.
 */
export function rescriptParser(place: ParserPlace): OutputParser {
  return draftParser({readHeader, readBorder: () => undefined, continues, finish}, place)
}

const warningPattern = /^ {2}Warning number (\d+)( \(configured as error\))? *$/
const errorPattern = /^ {2}(We've found a bug for you!|Syntax error!)$/
const placePattern = /^ {2}(\S.*?):(\d+):(\d+)(?:-(?:(\d+):)?(\d+))?$/
const framePattern = /^ *(?:\d+ )?[│┆](?: |$)|^ +(?:…|⋮|\.+)$/
/** What the build system says around the compiler's messages. */
const aroundPattern =
  /^(?:>>>> |FAILED: |rescript: |Error in |Compiled |Incremental build failed|Dependency Finished)/

function readHeader(text: string): Draft | undefined {
  const [, number, asError] = warningPattern.exec(text) ?? []
  if (number !== undefined) {
    const severity = asError ? Severity.error : Severity.warning
    return {severity, code: number, headline: text.trim(), message: [], blanks: 0}
  }
  const headline = errorPattern.exec(text)?.[1]
  return headline === undefined ? undefined : {severity: Severity.error, headline, message: [], blanks: 0}
}

function continues(draft: Draft, text: string): boolean {
  if (text.trim() === '') {
    draft.blanks += 1
    // A blank line of the message has its indentation.
    if (text === '' && draft.blanks > 1 && draft.message.length > 0) return false
    if (draft.message.length > 0) addText(draft, '')
    return true
  }
  draft.blanks = 0
  const place = draft.place ? null : placePattern.exec(text)
  if (place) return locate(draft, place)
  if (aroundPattern.test(text)) return false
  if (draft.message.length > 0 || !framePattern.test(text)) addText(draft, text.replace(/^ {2}/, ''))
  return true
}

function locate(draft: Draft, [, path = '', ...numbers]: RegExpExecArray): boolean {
  const [line, column] = [Number(numbers[0]), Number(numbers[1])]
  const [endLine, endColumn] = [Number(numbers[2] ?? line), Number(numbers[3] ?? column)]
  draft.place = {path, line, column, endLine, endColumn}
  return true
}

function addText({message}: Draft, text: string): void {
  if (message.length < maxMessageLines) message.push(text)
}

function finish({severity, code, headline, place, message}: Draft, {root, toolchain}: ParserPlace): Found {
  return {
    uri: place ? fileUri(root, place.path) : rootUri(root),
    diagnostic: {
      range: place
        ? rangeOf(place.line - 1, place.column - 1, place.endLine - 1, place.endColumn)
        : beginning,
      severity,
      ...(code === undefined ? {} : {code}),
      source: toolchain,
      message: message.join('\n').trim() || headline,
    },
  }
}
