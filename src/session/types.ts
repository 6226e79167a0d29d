import type {UserError} from '../base/errors.ts'
import type {Target} from '../driver/target.ts'
import type {Event, Snapshot} from '../model/event.ts'
import type {WorkerMode} from '../model/protocol.ts'
import type {LogLine, Supervisor, Worker, WorkerSpec} from '../supervisor/types.ts'

/** What is to run for a project, in the words of the person who asked for it; planned anew when its pins change. */
export interface RunRequest {
  mode: WorkerMode
  /** Only this toolchain; without it all that the project pins and that have the mode. */
  toolchain?: string | undefined
  /** The person's own arguments, after those of tool.json. */
  args: readonly string[]
  /** Wished on the command line; tool.json comes next. */
  host?: string | undefined
  port?: number | undefined
  /** Whether what it prints will be seen on a terminal that has colours. */
  color: boolean
  /** Where the pins are looked for: the working directory of who asked. */
  cwd: string
  /** The whole environment of who asked, as another process is to have it. */
  env: Readonly<Record<string, string>>
}

/** A worker as it is to be started. Its id is one of `workerId`, by which it takes the place of one of another version. */
export interface PlannedWorker {
  spec: WorkerSpec
  target: Target
  /** The port that it was asked for, if it was. */
  port?: number | undefined
  /**
   * Called once the worker is there, by whose process it is, for what else belongs to it; events tell of its end.
   * Resolves when it has done what counts as its beginning, or has ended. Never rejects.
   */
  accompany?(worker: Worker, supervisor: Supervisor): Promise<void>
  /** What its end before it was ready means to the person, where more can be said than the error itself does. */
  explain?(error: UserError, diagnostics: Snapshot['diagnostics']): Promise<unknown>
}

/**
 * Turns a request into workers, by what the project pins at the moment.
 * @throws UserError why it can't be fulfilled
 */
export type Planner = (request: RunRequest, signal: AbortSignal) => Promise<readonly PlannedWorker[]>

export interface RunOptions {
  /** What the request comes to, where that is known already. */
  planned?: readonly PlannedWorker[]
  signal?: AbortSignal
}

export interface SessionOptions {
  /** Absolute path of the project root, in which all workers run. */
  root: string
  /** Release of this program, told to those who connect. */
  release: string
  /** Whether it runs in the background, and outlives its terminal. */
  detached?: boolean | undefined
  /** How a request becomes workers, also one of who joins. */
  plan: Planner
  /** Files of these names at the root and beside the files that set versions are watched: when they change, all is planned anew. */
  pinFiles?: readonly string[] | undefined
}

export interface JoinRequest {
  /** Absolute path of the project root. */
  root: string
  /** What is to run; without it only what does is followed. */
  request?: RunRequest
  /** Names of the toolchains that must be among what runs then. */
  wanted?: readonly string[]
  /** Whether what is started by this stays when this one leaves. */
  stay?: boolean
}

export interface SessionListener {
  /** A server listens, and a connection to it succeeded. Again after a restart or a move. */
  onServer?(server: RunningServer): void
  onEvent?(event: Event): void
  /** The session of another process was joined, and this is how things stand there; events follow. */
  onJoin?(snapshot: Snapshot): void
  /** Only of own workers: log lines don't travel to who joins. */
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

/** Why it is over. */
export type SessionEnd =
  /** The person ended it, here or by another `tool`. */
  | {kind: 'stopped'}
  /** Every worker is gone; `errors` says of each that failed for good why. */
  | {kind: 'exited'; errors: UserError[]}
  /** The session that this one had joined has ended. */
  | {kind: 'followed'}

/** Workers of a project that are all ready. */
export interface Running extends AsyncDisposable {
  /** Whether the session is another process's. */
  readonly attached: boolean
  /** Those that listen now. */
  servers(): RunningServer[]
  /** Resolves when it is over and nothing of it is left. Never rejects. */
  readonly ended: Promise<SessionEnd>
  /** Ends what was asked for here: own workers, or those that were added to another's session, or only the following. */
  stop(): Promise<void>
}
