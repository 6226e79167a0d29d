/** `toolversion/supervisor`: start programs, keep them running, know what they say, and end all of it. */
export type {Event, Exit, Snapshot, WorkerFailure, WorkerInfo, WorkerState} from '../model/event.ts'
export type {Interpreter} from '../model/interpreter.ts'
export {type Control, type ControlOptions, openControl} from './control.ts'
export {type ConnectControlOptions, type Controller, connectControl} from './controller.ts'
export {Picture} from './picture.ts'
export {afterExit, type Decision, defaultPolicy, type History} from './policy.ts'
export {createSupervisor} from './supervisor.ts'
export type {
  EventListener,
  EventSource,
  LogLine,
  LogPage,
  NumberedLine,
  Outcome,
  Position,
  Readiness,
  RestartPolicy,
  Subscription,
  Supervisor,
  SupervisorOptions,
  Worker,
  WorkerList,
  WorkerSpec,
} from './types.ts'
export {describeExit, workerError} from './worker-error.ts'
