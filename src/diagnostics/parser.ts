import type {LspDiagnostic} from '../model/diagnostic.ts'

/** One diagnostic that an output told, and the URI of the file it is about. */
export interface Found {
  uri: string
  diagnostic: LspDiagnostic
}

/** What a parser makes of output: a diagnostic, or the border of a run, where what earlier runs said stops being true. */
export type Parsed = {kind: 'found'; found: Found} | {kind: 'run-started'} | {kind: 'run-ended'}

/** Reads one stream of a compiler. */
export interface OutputParser {
  /** Set if lines are handed in whole and as they were printed, since their length is of the format. */
  raw?: true
  /** One line without its end and without escape sequences. */
  line(text: string): Parsed[]
  /** No line of what was begun will follow; lines of another run may. */
  end(): Parsed[]
}

/** What every parser must know of the place it works in. */
export interface ParserPlace {
  /** Absolute path that printed file names are relative to. */
  root: string
  /** Written into `source` of each diagnostic. */
  toolchain: string
}
