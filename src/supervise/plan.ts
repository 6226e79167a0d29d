import {dirname, resolve} from 'node:path'
import type {Environment} from '../base/context.ts'
import {compilerEnvironment} from '../driver/environment.ts'
import {listeningInterpreter} from '../driver/listening.ts'
import type {SuperviseTask} from '../model/supervise-file.ts'
import {defaultPolicy} from '../supervisor/policy.ts'
import type {Readiness, RestartPolicy, WorkerSpec} from '../supervisor/types.ts'
import {checkTasks} from './check-tasks.ts'
import type {SuperviseFileRead} from './read-file.ts'
import {taskIds} from './task-ids.ts'
import {bytes, milliseconds} from './units.ts'

/** A task, and how it is run. */
export interface PlannedTask {
  spec: WorkerSpec
  /** Nobody waits for its end. */
  daemon: boolean
  /** It goes on, so who comes after it waits until it is ready, and not for its end. */
  goesOn: boolean
  /** Ids of the tasks that come before it. */
  after: readonly string[]
}

export interface SupervisePlan {
  tasks: readonly PlannedTask[]
  /** Absolute path that a person chose for the control socket. */
  socket: string | undefined
  logs: LogSettings | undefined
}

/** How what tasks print is kept. */
export interface LogSettings {
  /** Absolute path of the folder; in the home unless given. */
  directory?: string
  /** Bytes of a file. */
  maxSize?: number
  /** Files of a task. */
  count?: number
}

interface Surroundings {
  env: Environment
  /** Whether what tasks print will be seen on a terminal that has colours. */
  color: boolean
}

/**
 * How all tasks of a file are run; what is relative in it is so to its folder.
 * @throws UserError SUPERVISE_FILE_INVALID
 */
export function planTasks(read: SuperviseFileRead, path: string, around: Surroundings): SupervisePlan {
  const {file} = read
  const folder = dirname(path)
  const ids = taskIds(file.task)
  checkTasks(read, ids)
  return {
    tasks: file.task.map((task, index) => ({
      spec: specOf(task, ids[index] ?? '', folder, around),
      daemon: task.daemon ?? false,
      goesOn: task.ready !== undefined || policyOf(task).restart === 'permanent',
      after: task.after ?? [],
    })),
    socket: file.socket === undefined ? undefined : resolve(folder, file.socket),
    logs: logSettings(file.logs, folder),
  }
}

/** How logs are kept, by the settings of a file; undefined where none are. */
export function logSettings(
  logs: SuperviseFileRead['file']['logs'],
  folder: string,
): LogSettings | undefined {
  if (logs === false) return undefined
  return {
    ...(logs?.folder !== undefined && {directory: resolve(folder, logs.folder)}),
    ...(logs?.size !== undefined && {maxSize: bytes(logs.size)}),
    ...(logs?.count !== undefined && {count: logs.count}),
  }
}

/** Ms, unless the file says otherwise. */
const usualGrace = 5000
const usualTimeout = 30_000

function specOf(task: SuperviseTask, id: string, folder: string, {env, color}: Surroundings): WorkerSpec {
  const {command, args = [], detached, mode = 'serve', grace, stdin = 'none'} = task
  const cwd = resolve(folder, task.cwd ?? '.')
  const {pattern} = typeof task.ready === 'object' ? task.ready : {}
  const reads = readinessOf(task).by === 'server' && pattern !== undefined
  return {
    id,
    label: id,
    file: /[/\\]/.test(command) ? resolve(folder, command) : command,
    args,
    cwd,
    env: compilerEnvironment({env, binDirectories: [], color, additions: [textual(task.envs)]}),
    stdin,
    grace: grace === undefined ? usualGrace : milliseconds(grace),
    readiness: readinessOf(task),
    restart: policyOf(task),
    ...(!detached && {ipc: {root: cwd, mode, arguments: [], server: {host: '127.0.0.1', port: 0}}}),
    ...(reads && {interpreter: () => listeningInterpreter(pattern, '127.0.0.1')}),
  }
}

function textual(envs: SuperviseTask['envs'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(envs).map(([name, value]) => [name, String(value)]))
}

function readinessOf({ready = 'spawn'}: SuperviseTask): Readiness {
  const {
    by,
    pattern,
    timeout: span,
  } = typeof ready === 'string' ? {by: ready, pattern: undefined, timeout: undefined} : ready
  const timeout = span === undefined ? usualTimeout : milliseconds(span)
  switch (by) {
    case 'spawn':
      return {by}
    case 'protocol':
      return {by, timeout}
    case 'server':
      return {by, timeout, sockets: pattern === undefined}
    case 'line':
      return {by, timeout, pattern: new RegExp(pattern ?? '', 'u')}
  }
}

function policyOf(task: SuperviseTask): RestartPolicy {
  const {daemon, restart = daemon ? 'permanent' : 'temporary', backoff = {}} = task
  const {'retry-limit': limit, 'retry-factor': factor, window, 'reset-after': resetAfter} = task
  const {delay, max, factor: growth, jitter} = backoff
  return {
    ...defaultPolicy,
    restart: limit === 0 ? 'temporary' : restart,
    finalExitCodes: task['final-exit-codes'] ?? [],
    ...(delay !== undefined && {delay: milliseconds(delay)}),
    ...(growth !== undefined && {factor: growth}),
    ...(backoff.growth !== undefined && {growth: backoff.growth}),
    ...(max !== undefined && {maxDelay: milliseconds(max)}),
    ...(jitter !== undefined && {jitter}),
    ...(factor !== undefined && {
      delay: factor,
      growth: 'linear',
      jitter: 0,
      maxDelay: Number.POSITIVE_INFINITY,
    }),
    ...(task['max-restarts'] !== undefined && {maxRestarts: task['max-restarts']}),
    ...(window !== undefined && {window: milliseconds(window)}),
    ...(resetAfter !== undefined && {resetAfter: milliseconds(resetAfter)}),
    // So often in a row, however long that takes; being well for a while forgets it.
    ...(limit !== undefined && {maxRestarts: limit, window: Number.POSITIVE_INFINITY}),
  }
}
