// The library `toolversion`: what the command line does, for other programs.
export {type Context, type ContextOptions, createContext, type Environment} from './base/context.ts'
export {Exit, type ExitCode, UserError} from './base/errors.ts'
export {createLogger, type Logger, type LogLevel} from './base/log.ts'
export {describeOrigin, type Origin} from './base/origin.ts'
export {build} from './build/build.ts'
export {exitCodeOf} from './build/exit-code.ts'
export type {BuildListener, BuildRequest, BuildResult, BuildStatus} from './build/types.ts'
export type {Target} from './driver/target.ts'
export {type AvailableOptions, makeAvailable} from './install/available.ts'
export {type Ensured, ensureInstalled} from './install/ensure.ts'
export {type LockOptions, lock} from './install/lock.ts'
export type {LockChange, LockedFile} from './install/lock-folder.ts'
export type {InstallPhase, InstallProgress} from './install/progress.ts'
export type {Diagnostic} from './model/diagnostic.ts'
export type {Event, Snapshot, WorkerState} from './model/event.ts'
export {pinFromArgument} from './pin/argument.ts'
export {currentPins, findPin} from './pin/find.ts'
export {findProject, type Project, projectPins} from './pin/project.ts'
export type {Pin} from './pin/types.ts'
export {commandOf} from './resolve/command.ts'
export {resolveLocal} from './resolve/local.ts'
export type {CommandLine, Resolved} from './resolve/types.ts'
export {serve} from './serve/serve.ts'
export type {ServeRequest} from './serve/types.ts'
export {servers} from './session/servers.ts'
export type {
  PlannedWorker,
  Planner,
  Running,
  RunningServer,
  RunRequest,
  SessionEnd,
  SessionListener,
} from './session/types.ts'
export {listInstalled} from './store/installed.ts'
export type {Installed} from './store/types.ts'
export {supervise} from './supervise/supervise.ts'
export type {SuperviseEnd, SuperviseListener, SuperviseRequest} from './supervise/types.ts'
export {concrete} from './toolchain/concrete.ts'
export {type Definitions, loadDefinitions} from './toolchain/definitions.ts'
export {readProjectConfig} from './toolchain/project-config.ts'
export {type WatchRun, watchRuns} from './watch/runs.ts'
export type {WatchRequest} from './watch/types.ts'
export {watch} from './watch/watch.ts'
