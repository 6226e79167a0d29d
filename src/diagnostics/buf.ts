import {Severity} from '../model/diagnostic.ts'
import {type Fields, jsonReportParser, numberOf, textOf} from './json-reports.ts'
import {beginning, filePath, fileUri, rangeOf, rootUri} from './location.ts'
import type {Found, OutputParser, ParserPlace} from './parser.ts'
import {columnOfBytes, type SourceLines, sourceLines} from './source-text.ts'

/** Reads what `buf --error-format=json` says: an object a line, with columns in bytes from 1. */
export function bufParser(place: ParserPlace): OutputParser {
  const lines = sourceLines()
  return jsonReportParser({readReport: report => readReport(report, place, lines), readText}, place)
}

function readReport(report: Fields, {root, toolchain}: ParserPlace, lines: SourceLines): Found[] {
  const message = textOf(report.message)
  if (message === '') return []
  const [path, code] = [textOf(report.path), textOf(report.type)]
  const at = (line: number, column: unknown) => [
    line - 1,
    columnOfBytes(lines(filePath(root, path), line), numberOf(column) - 1),
  ]
  const [line = 0, character = 0] = at(numberOf(report.start_line), report.start_column)
  const [endLine, endCharacter] = at(numberOf(report.end_line), report.end_column)
  return [
    {
      uri: path === '' ? rootUri(root) : fileUri(root, path),
      diagnostic: {
        range: path === '' ? beginning : rangeOf(line, character, endLine, endCharacter),
        severity: Severity.error,
        ...(code === '' ? {} : {code}),
        source: toolchain,
        message,
      },
    },
  ]
}

/** What it says where there is nothing to compile. */
function readText(text: string, {root, toolchain}: ParserPlace): Found[] {
  const message = /^Failure: (.+)$/.exec(text)?.[1]
  if (message === undefined) return []
  const diagnostic = {range: beginning, severity: Severity.error, source: toolchain, message}
  return [{uri: rootUri(root), diagnostic}]
}
