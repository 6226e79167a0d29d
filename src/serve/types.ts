import type {UserError} from '../base/errors.ts'
import type {Target} from '../driver/target.ts'
import type {Event} from '../model/event.ts'
import type {ServeSettings} from '../model/project-config.ts'
import type {LogLine} from '../supervisor/types.ts'

export interface ServeRequest {
  /** Absolute path of the project root, in which all servers run. */
  root: string
  /** Those without a server are left out. */
  targets: readonly Target<ServeSettings>[]
  /** The person's own arguments, after those of tool.json. */
  args?: readonly string[]
  /** Wished on the command line; tool.json comes next, then 127.0.0.1. */
  host?: string | undefined
  /** Wished on the command line; tool.json comes next, then 0, which means any. */
  port?: number | undefined
  /** Whether raw output will be seen on a terminal that has colours. */
  color?: boolean
  /** Whether it runs in the background, and outlives its terminal. */
  detached?: boolean
  /** Release of this program, told to those who connect. */
  release: string
}

export interface ServeListener {
  /** A server listens, and a connection to it succeeded. Again after a restart or a move. */
  onServer?(server: RunningServer): void
  onEvent?(event: Event): void
  /** Only of own servers: log lines don't travel to a second `serve`. */
  onLine?(line: LogLine): void
}

/** A server as it is really bound. */
export interface RunningServer {
  toolchain: string
  version: string
  url: string
  host: string
  port: number
}

/** Why serving is over. */
export type ServeEnd =
  /** The person ended it, here or by another `tool`. */
  | {kind: 'stopped'}
  /** Every server is gone; `errors` says of each that failed for good why. */
  | {kind: 'exited'; errors: UserError[]}
  /** The `tool serve` that this one followed has ended. */
  | {kind: 'followed'}

/** Servers of a project that all listen. */
export interface Serving extends AsyncDisposable {
  /** Whether another `tool serve` owns them. */
  readonly attached: boolean
  /** Those that listen now. */
  servers(): RunningServer[]
  /** Resolves when it is over and nothing of it is left. Never rejects. */
  readonly ended: Promise<ServeEnd>
  /** Ends own servers, or only the following of another's. */
  stop(): Promise<void>
}
