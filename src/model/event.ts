import type {
  LogMessageParams,
  PublishDiagnosticsParams,
  ServerClosedParams,
  ServerListeningParams,
  TaskFinishParams,
  TaskProgressParams,
  TaskStartParams,
} from './protocol.ts'

/** How a worker's process ended; `code` and `signal` are both null where none could be started. */
export interface Exit {
  at: number
  code: number | null
  signal: string | null
  /** Set where the process could not be started, or was ended since it didn't do what a worker must. */
  failure?: WorkerFailure
}

export interface WorkerFailure {
  code: 'WORKER_CANNOT_START' | 'WORKER_NOT_READY' | 'WORKER_PROTOCOL_ERROR'
  message: string
  hint?: string
}

/** Why a worker that nobody stopped is not started again. */
export type FailureReason = 'gave-up' | 'final-exit' | 'cannot-spawn' | 'not-ready' | 'protocol-error'

/** The states of a worker, one at a time. Times are milliseconds of the supervisor's clock; `pid` is null before there is a process. */
export type WorkerState =
  /** `restarts`: how often it was started again, by policy or by request. */
  | {kind: 'starting'; since: number; pid: number | null; restarts: number}
  /** It said `initialize`. Workers without a socket skip this one. */
  | {kind: 'connected'; since: number; pid: number}
  | {kind: 'ready'; since: number; pid: number}
  /** It is started again at `until`, for the `attempt`th time since it last was well. */
  | {kind: 'backoff'; until: number; attempt: number; exit: Exit}
  /** Its work is done, and it runs again when it is asked to. */
  | {kind: 'idle'; since: number; exit: Exit}
  /** It is asked to end, and killed at `deadline`. */
  | {kind: 'stopping'; pid: number | null; deadline: number}
  /** It ended by itself and stays so, or was stopped. */
  | {kind: 'stopped'; exit: Exit | undefined}
  | {kind: 'failed'; reason: FailureReason; exit: Exit}

export interface WorkerInfo {
  workerId: string
  label: string
  state: WorkerState
  pid: number | null
  restarts: number
}

/** Whether a worker has ended, and stays so unless it is asked to run again. */
export function hasEnded({state: {kind}}: Pick<WorkerInfo, 'state'>): boolean {
  return kind === 'stopped' || kind === 'failed'
}

export type EventBody =
  | {type: 'worker/state'; state: WorkerState}
  /** It has ended, and is not known any more. */
  | {type: 'worker/removed'}
  /** What the supervisor has to say of it, for people. */
  | {type: 'worker/note'; level: LogMessageParams['level']; message: string}
  | ({type: 'diagnostics/publish'} & PublishDiagnosticsParams)
  | ({type: 'task/start'} & TaskStartParams)
  | ({type: 'task/progress'} & TaskProgressParams)
  | ({type: 'task/finish'} & TaskFinishParams)
  | ({type: 'server/listening'} & ServerListeningParams)
  | ({type: 'server/closed'} & ServerClosedParams)
  | ({type: 'files/changed'} & FilesChanged)

/** Inputs of a worker that watches changed. */
interface FilesChanged {
  /** When the newest of them did, in ms since the epoch. */
  at: number
  count: number
}

/** What happens in a supervisor, numbered from 1 and sent to every subscriber. Log lines are no events. */
export type Event = {workerId: string; label: string} & EventBody

/** All that a latecomer must know: with it and the events after it one has the same picture as with every event. */
export interface Snapshot {
  workers: WorkerInfo[]
  servers: ({workerId: string; label: string} & ServerListeningParams)[]
  tasks: ({workerId: string; label: string} & TaskStartParams)[]
  diagnostics: ({workerId: string; label: string} & PublishDiagnosticsParams)[]
}
