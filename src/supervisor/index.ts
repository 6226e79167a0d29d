/**
 * `toolversion/supervisor`: start programs, keep them running, know what they say, and end all of it.
 *
 * `createSupervisor` is where to begin. `openControl` lets other programs find a supervisor and use it, `connectControl`
 * is how they do.
 */
export {UserError} from '../base/errors.ts'
export {IpcError, type IpcErrorCode, RpcCode, RpcError} from '../ipc/errors.ts'
export type {RequestOptions, Schema} from '../ipc/types.ts'
export type {Event, Exit, Snapshot, WorkerFailure, WorkerInfo, WorkerState} from '../model/event.ts'
export type {Interpreter} from '../model/interpreter.ts'
export type {Clock} from '../process/clock.ts'
export {type Control, type ControlOptions, openControl} from './control.ts'
export {type ConnectControlOptions, type Controller, connectControl} from './controller.ts'
export {Picture} from './picture.ts'
export {afterExit, type Decision, defaultPolicy, type History} from './policy.ts'
export {createSupervisor} from './supervisor.ts'
export type {
  EndedWorker,
  EventItem,
  EventListener,
  EventSource,
  LineSource,
  LogLine,
  LogPage,
  NumberedLine,
  Outcome,
  Position,
  ReadEventsOptions,
  Readiness,
  ReadLinesOptions,
  RestartPolicy,
  Subscription,
  Supervisor,
  SupervisorOptions,
  Worker,
  WorkerList,
  WorkerOptions,
  WorkerSpec,
} from './types.ts'
export type {WorkerConnection} from './worker-connection.ts'
export {describeExit, workerError} from './worker-error.ts'
