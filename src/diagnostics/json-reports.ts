import type {Found, OutputParser, ParserPlace} from './parser.ts'

/** Whatever a program may have put into its JSON. */
export type Fields = Readonly<Record<string, unknown>>

/** A format in which each line of output is a JSON object, or nothing of it. */
export interface JsonFormat {
  readReport(report: Fields, place: ParserPlace): Found[]
  /** What is told beside, in words. */
  readText?(text: string, place: ParserPlace): Found[]
}

/** UTF-16 units; a longer report is passed over. */
const maxReportLength = 16 * 1024 * 1024

/** Reads one stream in such a format. A long line comes in pieces, each but the last ending in `…`. */
export function jsonReportParser({readReport, readText}: JsonFormat, place: ParserPlace): OutputParser {
  let begun = ''
  return {
    raw: true,
    line(text) {
      const whole = begun + text
      // Where a report broke off, the next one is one of its own.
      const report = parseObject(whole) ?? (begun === '' ? undefined : parseObject(text))
      const isPiece = report === undefined && whole.startsWith('{') && text.endsWith('…')
      begun = isPiece && whole.length < maxReportLength ? whole.slice(0, -1) : ''
      const found = report ? readReport(report, place) : isPiece ? [] : (readText?.(whole, place) ?? [])
      return found.map(one => ({kind: 'found', found: one}))
    },
    end: () => [],
  }
}

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

/** A text; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** A whole number, such as a line; 1 for anything else. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : 1
}

function parseObject(text: string): Fields | undefined {
  // Looked at first, since a long report would else be parsed anew with every piece of it.
  if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) return undefined
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return undefined
  }
}
