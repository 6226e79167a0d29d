import {Severity} from '../model/diagnostic.ts'
import {beginning, fileUri, rangeOf, rootUri} from './location.ts'
import type {Found, OutputParser, ParserPlace} from './parser.ts'

/** Finds a diagnostic in each line that a regular expression with named groups matches, as definitions give one. */
export function patternParser(pattern: string, place: ParserPlace): OutputParser {
  const regexp = new RegExp(pattern, 'u')
  return {
    line(text) {
      const groups = regexp.exec(text)?.groups
      return groups ? [{kind: 'found', found: foundIn(groups, text, place)}] : []
    },
    end: () => [],
  }
}

type Groups = Readonly<Record<string, string | undefined>>

function foundIn(groups: Groups, text: string, {root, toolchain}: ParserPlace): Found {
  const {file, severity, code, message} = groups
  return {
    uri: file ? fileUri(root, file) : rootUri(root),
    diagnostic: {
      range: rangeIn(groups),
      severity: severities.find(([words]) => words.test(severity ?? ''))?.[1] ?? Severity.error,
      ...(code ? {code} : {}),
      source: toolchain,
      message: message || text.trim(),
    },
  }
}

function rangeIn({line, column, endLine, endColumn}: Groups) {
  if (!line) return beginning
  const [startLine, startCharacter] = [Number(line) - 1, column ? Number(column) - 1 : 0]
  const lastLine = endLine ? Number(endLine) - 1 : startLine
  return rangeOf(
    startLine,
    startCharacter,
    lastLine,
    endColumn ? Number(endColumn) - 1 : lastLine === startLine ? startCharacter : 0,
  )
}

const severities: [RegExp, 1 | 2 | 3 | 4][] = [
  [/^w/i, Severity.warning],
  [/^(?:i|n)/i, Severity.information],
  [/^(?:h|s)/i, Severity.hint],
]
