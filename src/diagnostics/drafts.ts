import type {Found, OutputParser, Parsed, ParserPlace} from './parser.ts'

/** A format whose diagnostics take several lines: each begins with a header, and is a draft until its last line came. */
export interface DraftFormat<Draft> {
  /** Whether the line is part of the draft, whatever it looks like. */
  holds?(draft: Draft, text: string): boolean
  readHeader(text: string): Draft | undefined
  /** What the compiler says around the diagnostics of a run. */
  readBorder(text: string): Parsed | undefined
  /** Adds a line to the draft it belongs to; false if it belongs to none. */
  continues(draft: Draft, text: string): boolean
  finish(draft: Draft, place: ParserPlace): Found
}

/** Reads one stream in such a format. */
export function draftParser<Draft>(format: DraftFormat<Draft>, place: ParserPlace): OutputParser {
  let draft: Draft | undefined
  const replace = (next: Draft | undefined): Parsed[] => {
    const done = draft
    draft = next
    return done === undefined ? [] : [{kind: 'found', found: format.finish(done, place)}]
  }
  return {
    line(text) {
      if (draft !== undefined && format.holds?.(draft, text)) return []
      const next = format.readHeader(text)
      if (next !== undefined) return replace(next)
      const border = format.readBorder(text)
      if (border) return [...replace(undefined), border]
      if (draft === undefined || format.continues(draft, text)) return []
      return replace(undefined)
    },
    end: () => replace(undefined),
  }
}
