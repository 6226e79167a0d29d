import type {Readable} from 'node:stream'
import type {Event, Exit, FailureReason, Snapshot, WorkerInfo} from '../model/event.ts'
import type {Interpreter} from '../model/interpreter.ts'
import type {CompileParams, InitializeResult, LogMessageParams, StatusCode} from '../model/protocol.ts'
import type {Clock} from '../process/clock.ts'

/** When a worker is started again after its process ended by itself. */
export interface RestartPolicy {
  /** `permanent`: always; `transient`: only after a failure; `temporary`: never. */
  restart: 'permanent' | 'transient' | 'temporary'
  /** Exit codes after which it is never started again. */
  finalExitCodes: readonly number[]
  /** First delay in ms; multiplied by `factor` an exit up to `maxDelay`, then spread by ± `jitter` (0–1). */
  delay: number
  factor: number
  maxDelay: number
  jitter: number
  /** Gives up when more than this many restarts would fall into `window` ms. */
  maxRestarts: number
  window: number
  /** The history is forgotten after a worker was ready for this long, in ms. */
  resetAfter: number
}

/** How a worker counts as ready; without one in `timeout` ms it is stopped and counts as failed. */
export type Readiness =
  /** `initialize` over IPC was answered. */
  | {by: 'protocol'; timeout: number}
  /** Its server listens: `server/listening` (from IPC or interpreter), and a connection to it succeeded. */
  | {by: 'server'; timeout: number}
  /** The process runs. */
  | {by: 'spawn'}

export interface WorkerSpec {
  /** Stable across restarts, unique in its supervisor. */
  id: string
  /** What people call it, such as the toolchain's name; carried by every event. */
  label: string
  file: string
  args: readonly string[]
  cwd: string
  /** The whole environment; the supervisor adds its own four variables, and removes those of a supervisor above. */
  env: Readonly<Record<string, string>>
  /** What `initialize` is answered with; absent: the worker gets no socket. */
  ipc?: Omit<InitializeResult, 'protocolVersion'>
  /**
   * `none`: its input is at its end from the start. `open`: it gets nothing, but the end comes only with ours, for
   * programs that stop at it. `inherit`: it gets what comes on the supervisor's own input, through a pipe.
   */
  stdin: 'inherit' | 'open' | 'none'
  /** A fresh one for each process started. */
  interpreter?: () => Interpreter
  readiness: Readiness
  restart: RestartPolicy
  /** Ms between the polite request to stop and SIGKILL. */
  grace: number
  /** The command that installs its program anew. */
  reinstall?: string
}

/** How a worker ended for good. */
export type Outcome =
  | {kind: 'exited'; exit: Exit}
  | {kind: 'stopped'; exit: Exit | undefined}
  | {kind: 'failed'; reason: FailureReason; exit: Exit}

export interface LogLine {
  workerId: string
  label: string
  stream: 'stdout' | 'stderr' | 'log'
  /** Only for `log`: what the worker, or the supervisor about it, has to say. */
  level?: LogMessageParams['level']
  text: string
}

/** A line with its number among those of all workers, from 0, and when it came, in ms since the epoch. */
export interface NumberedLine extends LogLine {
  offset: number
  at: number
}

/** What `workers/logs` answers. */
export interface LogPage {
  lines: NumberedLine[]
  /** The number to ask from next. */
  next: number
}

export interface Worker {
  readonly id: string
  readonly spec: WorkerSpec
  readonly info: WorkerInfo
  /** Resolves once the worker will not run again, unless `restart` is called later. Never rejects. */
  readonly done: Promise<Outcome>
  /** Resolves when it is ready, at once if it is; rejects with a UserError (exit code 8) if it ends for good before. */
  ready(): Promise<void>
  /**
   * Asks a `protocol` worker to compile, once it is ready; aborting cancels the request there.
   * @throws UserError of the worker's end, if that comes first
   */
  compile(params: CompileParams, signal?: AbortSignal): Promise<{status: StatusCode}>
  /**
   * Stops it in any state. Resolves when its whole group is gone. Called again with less grace, it hurries.
   * Grace 0 kills at once.
   */
  stop(options?: {grace?: number}): Promise<Outcome>
  /** Stops it if it runs, and starts it with a fresh history, in any state. Settles as `ready` does. */
  restart(): Promise<void>
  /** The last lines it printed, oldest first. */
  tail(): LogLine[]
}

export interface SupervisorOptions {
  /** Folder for the workers' socket; made private. */
  directory: string
  /** Ids of the supervisors above this one, outermost first. */
  above?: readonly string[]
  /** The input of workers with `stdin: 'inherit'`. */
  stdin?: Readable
  /**
   * Path of `shell/watchdog.sh` of this package, on Windows of `dist/src/process/windows-watchdog.js`: needed by programs
   * that bundle it into a file of their own.
   */
  watchdog?: string
  clock?: Clock
  /** 0 ≤ n < 1, for the jitter of delays. */
  random?: () => number
}

export type EventListener = (event: Event, seq: number) => void

/** What a client has seen: events up to `seq` of that supervisor. */
export interface Position {
  instance: string
  seq: number
}

export interface Subscription extends Position {
  /** Set where the events since the given position are not all there: the picture at `seq`, to start over from. */
  snapshot?: Snapshot
}

export interface Supervisor {
  /** Unique name of this one; the last of its workers' TOOL_SUPERVISORS. */
  readonly instance: string
  /** @throws Error if a worker of that id still runs, or after `shutdown` */
  start(spec: WorkerSpec): Worker
  /** Forgets a worker that has ended, and what it said. @throws Error while it runs */
  remove(id: string): void
  /** Something to say about a worker, as a line of its log. */
  note(worker: Pick<WorkerSpec, 'id' | 'label'>, level: NonNullable<LogLine['level']>, text: string): void
  list(): Worker[]
  get(id: string): Worker | undefined
  /** The events, as a numbered list that one can read from any recent position. */
  readonly events: EventSource
  onEvent(listener: EventListener): () => void
  onLine(listener: (line: LogLine) => void): () => void
  /** Stops every worker, then closes its sockets. Never rejects; may be called twice. */
  shutdown(options?: {grace?: number}): Promise<void>
}

export interface EventSource {
  /** Where a reader stands who wants to know all: after `since`, if what follows is still there, or at a snapshot. */
  subscribe(since?: Position): Subscription
  /** The event of that number; undefined if it is yet to come. @throws RangeError if it left the ring */
  at(seq: number): Event | undefined
  onEvent(listener: EventListener): () => void
  snapshot(): Snapshot
}

/** What `workers/list` answers. */
export interface WorkerList {
  workers: WorkerInfo[]
  servers: Snapshot['servers']
}
