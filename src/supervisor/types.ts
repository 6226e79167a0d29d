import type {Readable} from 'node:stream'
import type {RequestOptions} from '../ipc/types.ts'
import type {Event, Exit, FailureReason, Snapshot, WorkerInfo} from '../model/event.ts'
import type {Interpreter} from '../model/interpreter.ts'
import type {
  CompileParams,
  FilesChangedParams,
  InitializeResult,
  LogMessageParams,
  StatusCode,
} from '../model/protocol.ts'
import type {Clock} from '../process/clock.ts'
import type {WorkerConnection} from './worker-connection.ts'

/** When a worker is started again after its process ended by itself. */
export interface RestartPolicy {
  /**
   * `permanent`: always; `transient`: only after a failure; `temporary`: never; `on-demand`: whenever it is asked to, which
   * it waits for after each end. What such a worker said of files stands until it says something else.
   */
  restart: 'permanent' | 'transient' | 'temporary' | 'on-demand'
  /** Exit codes after which it is never started again. */
  finalExitCodes: readonly number[]
  /** First delay in ms; multiplied by `factor` an exit up to `maxDelay`, then spread by ± `jitter` (0–1). */
  delay: number
  factor: number
  /** `linear`: the delay is added again an exit instead, and `factor` means nothing. `exponential` unless given. */
  growth?: 'exponential' | 'linear'
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
  /**
   * Its server listens: `server/listening` (from IPC or interpreter), and a connection to it succeeded. With `sockets`
   * a TCP socket on which its process group listens counts, too, as a server of `http` (not on Windows); with `'late'` only
   * where it has said nothing for ten seconds.
   */
  | {by: 'server'; timeout: number; sockets?: boolean | 'late'}
  /** It printed a line, without escape sequences, that the pattern fits; of long ones the first 10,000 letters count. */
  | {by: 'line'; pattern: RegExp; timeout: number}
  /** Its first task is finished, however that went and however long it took. */
  | {by: 'task'}
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
  /**
   * What it can't do without and is not there, in words, undefined where all is; asked after an end by itself. Without it
   * it rests, until it is asked to run, rather than be started again in vain.
   */
  missing?: () => string | undefined
  /** Ms after which it is stopped if nobody has it compile. */
  idleTimeout?: number
  /** The command that installs its program anew. */
  reinstall?: string
  /**
   * Called when a process of it has connected, before anything else that it says is read: registers what is answered beside
   * the protocol.
   */
  onConnection?: (connection: WorkerConnection, worker: Worker) => void
}

/** A worker as a program describes it: its program, and whatever is not as usual. */
export interface WorkerOptions
  extends Partial<
    Omit<WorkerSpec, 'file' | 'readiness' | 'restart' | 'ipc' | 'id' | 'label' | 'cwd' | 'env'>
  > {
  /** The program: a name to be found on PATH, or a path. */
  file: string
  /** Stable across restarts, unique in its supervisor. The name of its program unless given. */
  id?: string
  /** What people call it. Its id unless given. */
  label?: string
  /** That of this process unless given. */
  cwd?: string
  /** The whole environment; that of this process unless given. */
  env?: Readonly<Record<string, string>>
  /** When it counts as ready, `spawn` unless given; timeouts are 30 s unless given. */
  readiness?: 'spawn' | 'protocol' | 'server' | Readiness | UntimedReadiness
  /** `transient` unless given; with the limits of `defaultPolicy` where they are left out. */
  restart?: RestartPolicy['restart'] | Partial<RestartPolicy>
  /**
   * Whether it gets a socket, or what `initialize` is answered with there; it does if it gets ready by the protocol, or has an
   * `onConnection`, unless this is `false`.
   */
  ipc?: boolean | Partial<NonNullable<WorkerSpec['ipc']>>
}

type WithoutTimeout<T> = T extends {timeout: number} ? Omit<T, 'timeout'> : never
type UntimedReadiness = WithoutTimeout<Readiness>

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
  /** Resolves once the worker will not run again, unless `restart` is called later; one that is idle may. Never rejects. */
  readonly done: Promise<Outcome>
  /** Resolves when it is ready, at once if it is or is idle; rejects with a UserError (exit code 8) if it ends for good before. */
  ready(): Promise<void>
  /**
   * Asks a `protocol` worker to compile, once it is ready and has done what it was asked before; aborting cancels the
   * request there.
   * @throws UserError WORKER_CANNOT_COMPILE; of the worker's end, if that comes first
   */
  compile(params: CompileParams, signal?: AbortSignal): Promise<{status: StatusCode}>
  /** Tells everybody that its inputs changed; a `protocol` worker that is connected hears which. */
  filesChanged(changes: FilesChangedParams['changes'], at: number): void
  /**
   * Calls a method of it, beside those of the protocol, once it is ready and connected; see `WorkerConnection.request`.
   * @throws UserError of the worker's end, if that comes first; IpcError REQUEST_TIMEOUT also where it does not connect
   */
  request<R = unknown>(method: string, params?: object, options?: RequestOptions): Promise<R>
  /** Tells it something, as `request` does, without an answer. */
  notify(method: string, params?: object): Promise<void>
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
  /** Folder for the workers' socket; made private. One below the temporary folder unless given. */
  directory?: string
  /** Ids of the supervisors above this one, outermost first; those above this process unless given. */
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

/** A worker, and how it ended for good. */
export interface EndedWorker {
  worker: Worker
  outcome: Outcome
}

export interface Supervisor extends AsyncDisposable {
  /** Unique name of this one; the last of its workers' TOOL_SUPERVISORS. */
  readonly instance: string
  /** Whether it is shut down, or about to be: nothing can be started any more. */
  readonly closed: boolean
  /** @throws Error if a worker of that id still runs; UserError SUPERVISOR_STOPPED after `shutdown` */
  start(options: WorkerOptions): Worker
  /**
   * Starts a worker, and resolves when it is ready.
   * @throws UserError why it is not, if it ends for good before; Error as `start`
   */
  spawn(options: WorkerOptions): Promise<Worker>
  /** Forgets a worker that has ended, and what it said. @throws Error while it runs */
  remove(id: string): void
  /** Something to say about a worker, as a line of its log, and as an event. */
  note(worker: Pick<WorkerSpec, 'id' | 'label'>, level: NonNullable<LogLine['level']>, text: string): void
  list(): Worker[]
  get(id: string): Worker | undefined
  /** The events, as a numbered list that one can read from any recent position. */
  readonly events: EventSource
  onEvent(listener: EventListener): () => void
  /** What workers print and log, to be read at one's own pace; kept from the first time that this is asked for. */
  readonly lines: LineSource
  onLine(listener: (line: LogLine) => void): () => void
  /** Stops every worker, then closes its sockets; says how each ended. Never rejects; may be called twice. */
  shutdown(options?: {grace?: number}): Promise<EndedWorker[]>
}

export interface ReadEventsOptions {
  /** Where an earlier reading ended. */
  since?: Position
  /** Ends the reading when it is aborted; nothing is thrown. */
  signal?: AbortSignal
}

/** An event, or the picture of all events up to `seq`, from which a reader starts over. */
export type EventItem =
  | {seq: number; event: Event; snapshot?: undefined}
  | {seq: number; snapshot: Snapshot; event?: undefined}

export interface ReadLinesOptions {
  /** Number of the first line, 0 for all that are kept; from here on unless given. A higher number than the one expected means a gap. */
  since?: number
  /** Only those of this worker. */
  workerId?: string
  /** Ends the reading when it is aborted; nothing is thrown. */
  signal?: AbortSignal
}

/** The last 10,000 lines of all workers; `for await` reads them from here on. */
export interface LineSource extends AsyncIterable<NumberedLine> {
  /** Lines at the reader's own pace, until the supervisor is shut down. A slow reader costs nothing, and misses lines. */
  read(options?: ReadLinesOptions): AsyncGenerator<NumberedLine, void>
  /** The lines that are still kept from number `offset` on, of one worker or of all; not all of them at a time. */
  from(offset: number, workerId?: string): LogPage
}

/** What happens, numbered from 1; `for await` reads it from a snapshot on. */
export interface EventSource extends AsyncIterable<EventItem> {
  /**
   * Events at the reader's own pace, in order and each once, until the supervisor is shut down. Without a position that is
   * still known a snapshot comes first. A slow reader holds a position, not a queue: one that falls behind by more than is
   * kept (10,000 events, or 32 MB of them) gets a snapshot, and goes on from there.
   */
  read(options?: ReadEventsOptions): AsyncGenerator<EventItem, void>
  /** Where a reader stands who wants to know all: after `since`, if what follows is still there, or at a snapshot. */
  subscribe(since?: Position): Subscription
  /** The event of that number; undefined if it is yet to come. @throws RangeError if it left the ring */
  at(seq: number): Event | undefined
  onEvent(listener: EventListener): () => void
  snapshot(): Snapshot
}

/** What a controller's `compile` is answered with: how it went, and all that the worker has to say of files then. */
export interface Compiled {
  status: StatusCode
  diagnostics: Snapshot['diagnostics']
}

/** What `workers/list` answers. */
export interface WorkerList {
  workers: WorkerInfo[]
  servers: Snapshot['servers']
}
