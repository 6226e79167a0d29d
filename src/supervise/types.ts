import type {Readable} from 'node:stream'
import type {UserError} from '../base/errors.ts'
import type {Event} from '../model/event.ts'
import type {LogLine} from '../supervisor/types.ts'

export interface SuperviseRequest {
  /** Absolute real path of the file. */
  path: string
  /** Release of this program, told to those who connect. */
  release: string
  /** Whether what tasks print will be seen on a terminal that has colours. */
  color?: boolean
  /** Gives the input of the task that wants it; not asked for where none does. */
  input?(): Readable
}

export interface SuperviseListener {
  onEvent?(event: Event): void
  onLine?(line: LogLine): void
}

/** How it ended, with nothing of it left. */
export type SuperviseEnd =
  /** The person ended it, here or by another `tool`. */
  | {kind: 'stopped'}
  /**
   * Every task that has an end has ended. `errors` says of each that failed for good why; those of `skipped` never began,
   * since one failed that comes before them.
   */
  | {kind: 'done'; errors: readonly UserError[]; skipped: readonly string[]}
