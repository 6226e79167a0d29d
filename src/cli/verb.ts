import type {Context} from '../base/context.ts'
import type {Self} from './self.ts'

/** The value of a flag as it was given; absent: it was not. */
export type FlagValue = string | boolean

/** One command line, read: what a verb is asked to do. */
export interface Call {
  context: Context
  /** Every word that is no flag, as typed. */
  words: readonly string[]
  flags: Readonly<Record<string, FlagValue | undefined>>
  self: Self
}

/** What a verb found. */
export interface Shown {
  /** For people, and for scripts that read plain text: goes to stdout, with a last newline if it has none. */
  text?: string
  /** The same for `--json`. */
  result?: unknown
  /** 0 unless it says otherwise. */
  exitCode?: number
  /** Set where the process goes on: a program runs as its child. */
  running?: boolean
}

/**
 * What a command does that is called all day, by people, editors and scripts: it runs without the command framework, so
 * it may load neither a schema library nor an HTTP client. `undefined`, before anything has happened, means that more
 * is needed than that (an install, say): the framework's own command goes on.
 */
export type Verb = (call: Call) => Shown | undefined | Promise<Shown | undefined>
