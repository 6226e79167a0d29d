import type {Range} from '../model/diagnostic.ts'
import {Severity} from '../model/diagnostic.ts'
import {type Fields, fieldsOf, jsonReportParser, numberOf, textOf} from './json-reports.ts'
import {beginning, filePath, fileUri, rangeOf, rootUri} from './location.ts'
import type {Found, OutputParser, ParserPlace} from './parser.ts'
import {columnOfPoints, type SourceLines, sourceLines} from './source-text.ts'

/** Reads the report of `elm make --report=json`: one object, with columns in code points from 1. */
export function elmParser(place: ParserPlace): OutputParser {
  const lines = sourceLines()
  return jsonReportParser({readReport: report => readReport(report, place, lines)}, place)
}

function readReport(report: Fields, place: ParserPlace, lines: SourceLines): Found[] {
  switch (report.type) {
    case 'compile-errors':
      return listOf(report.errors).flatMap(({path, problems}) =>
        listOf(problems).map(problem => foundIn(problem, textOf(path), place, lines)),
      )
    case 'error':
      return [foundIn(report, textOf(report.path), place, lines)]
    default:
      return []
  }
}

function foundIn(
  {title, message, region}: Fields,
  path: string,
  {root, toolchain}: ParserPlace,
  lines: SourceLines,
): Found {
  const code = textOf(title)
  return {
    uri: path === '' ? rootUri(root) : fileUri(root, path),
    diagnostic: {
      range: region === undefined ? beginning : rangeIn(region, filePath(root, path), lines),
      severity: Severity.error,
      ...(code === '' ? {} : {code}),
      source: toolchain,
      message: plain(message),
    },
  }
}

function rangeIn(region: unknown, path: string, lines: SourceLines): Range {
  const at = (position: unknown) => {
    const {line, column} = fieldsOf(position)
    const number = numberOf(line)
    return [number - 1, columnOfPoints(lines(path, number), numberOf(column) - 1)] as const
  }
  const {start, end} = fieldsOf(region)
  return rangeOf(...at(start), ...at(end))
}

/** Messages are pieces: plain ones, and ones with a style. */
function plain(message: unknown): string {
  const pieces = Array.isArray(message) ? message : [message]
  return pieces.map(piece => textOf(piece) || textOf(fieldsOf(piece).string)).join('')
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : []
}
