import type {LspDiagnostic} from '../model/diagnostic.ts'
import type {FilesChangedParams, LogMessageParams, WorkerMode} from '../model/protocol.ts'

/** A program that compiles, and may serve what it compiled. */
export interface Compiler {
  name: string
  version: string
  /**
   * Compiles once, everything: what a file was reported for by an earlier compile is forgotten unless it is reported
   * again. It failed if an error was reported. A throw means that the compiler itself is broken.
   * Never called twice at the same time.
   */
  compile(request: CompileRequest, report: TaskReport): Promise<void> | void
  /**
   * Starts a server and says by `report.listening` where it really listens. It may return then or stay;
   * it ends when `request.signal` is aborted. A throw ends the program.
   */
  serve?(request: ServeRequest, report: ServerReport): Promise<void> | void
}

export type FileChange = FilesChangedParams['changes'][number]

export interface CompileRequest {
  /** What the person wrote after `--`, and the arguments of tool.json. */
  arguments: readonly string[]
  /** Absolute path of the project's root. */
  root: string
  mode: WorkerMode
  /** What changed since the last compile, as far as anybody said so. */
  changes: readonly FileChange[]
  /** Aborted when nobody wants the result any more. */
  signal: AbortSignal
}

export interface ServeRequest {
  arguments: readonly string[]
  root: string
  /** Where to listen; port 0 means any. */
  host: string
  port: number
  signal: AbortSignal
}

/** What a compiler can say at any time. Awaiting holds a fast speaker back; not awaiting is safe. */
export interface Report {
  /**
   * Says what is wrong with a file: all of it, or, with `reset: false`, something more. An empty list clears the file.
   * @param uri `file:` URI
   */
  diagnostics(
    uri: string | URL,
    diagnostics: readonly LspDiagnostic[],
    options?: {reset?: boolean},
  ): Promise<void>
  /** Runs a part of the work as a task of its own, which is finished whatever happens. */
  task<T>(title: string, run: (report: TaskReport) => Promise<T> | T): Promise<T>
  log(level: LogMessageParams['level'], message: string): Promise<void>
}

export interface TaskReport extends Report {
  progress(progress: {message?: string; progress?: number; total?: number}): Promise<void>
}

export interface ServerReport extends Report {
  /**
   * @param server its URL, which can be visited and has the port that is really bound, and the address that is bound
   *   where that is another one, as 0.0.0.0 is
   */
  listening(server: {url: string | URL; host?: string}): Promise<void>
  /** The server at this URL listens no more. */
  closed(server: {url: string | URL}): Promise<void>
}
