import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {supervisorsAbove} from '../base/variables.ts'
import {watchdogScript} from '../process/watchdog.ts'
import {keepLogs} from '../session/keep-logs.ts'
import {openControl} from '../supervisor/control.ts'
import {readRecord} from '../supervisor/control-record.ts'
import {logFolder} from '../supervisor/log-record.ts'
import {createSupervisor} from '../supervisor/supervisor.ts'
import {sweepRuns} from '../supervisor/sweep.ts'
import type {Supervisor} from '../supervisor/types.ts'
import {checkPrograms} from './check-programs.ts'
import {type PlannedTask, planTasks, type SupervisePlan} from './plan.ts'
import {readSuperviseFile} from './read-file.ts'
import {runTasks} from './run-tasks.ts'
import {taskError} from './task-error.ts'
import type {SuperviseEnd, SuperviseListener, SuperviseRequest} from './types.ts'

/**
 * Runs the tasks of a file until those that have an end have ended, or the person ends them; nothing of them is left
 * then. Other programs find it by the real path of the file, as they find a project by its root.
 * @throws UserError SUPERVISE_FILE_MISSING, SUPERVISE_FILE_INVALID, TASK_COMMAND_MISSING, SUPERVISED_ALREADY, and what sockets
 *   throw: SOCKET_IN_USE, SOCKET_PATH_TAKEN, SOCKET_PATH_TOO_LONG, SOCKET_DIRECTORY_UNSAFE
 */
export async function supervise(
  context: Context,
  request: SuperviseRequest,
  listener: SuperviseListener = {},
): Promise<SuperviseEnd> {
  const {layout, env, signal} = context
  const {path, release, color = false, input} = request
  const read = await readSuperviseFile(path, env)
  const plan = planTasks(read, path, {env, color})
  checkPrograms(read, plan.tasks)
  signal.throwIfAborted()
  await sweepRuns(context)
  const wanted = plan.tasks.some(({spec}) => spec.stdin === 'inherit') ? input?.() : undefined
  const supervisor = createSupervisor({
    directory: layout.run(path),
    above: supervisorsAbove(env),
    watchdog: watchdogScript(context),
    ...(wanted && {stdin: wanted}),
  })
  const control = await openControl(supervisor, {
    layout,
    projectRoot: path,
    folder: dirname(path),
    socket: plan.socket,
    version: release,
    signal,
  })
  if (control === undefined) throw supervisedAlready(context, path)
  const forgetLogs = keep(context, supervisor, path, plan)
  if (listener.onEvent) supervisor.onEvent(event => listener.onEvent?.(event))
  if (listener.onLine) supervisor.onLine(line => listener.onLine?.(line))
  try {
    return await untilTheEnd(supervisor, plan.tasks, signal, (error, id) => {
      const index = plan.tasks.findIndex(({spec}) => spec.id === id)
      return taskError(error, read.at(['task', index]), path, id)
    })
  } finally {
    await supervisor.shutdown()
    await control.close()
    forgetLogs()
  }
}

async function untilTheEnd(
  supervisor: Supervisor,
  tasks: readonly PlannedTask[],
  signal: AbortSignal,
  explain: (error: UserError, id: string) => UserError,
): Promise<SuperviseEnd> {
  const stop = () => void supervisor.shutdown()
  signal.addEventListener('abort', stop, {once: true})
  if (signal.aborted) stop()
  try {
    return await runTasks(supervisor, tasks, explain)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function keep(context: Context, supervisor: Supervisor, path: string, {logs}: SupervisePlan): () => void {
  if (logs === undefined) return () => {}
  const {directory = logFolder(context.layout, path), ...limits} = logs
  return keepLogs(supervisor, directory, context.log, limits)
}

function supervisedAlready({layout}: Context, path: string): UserError {
  const record = readRecord(layout, path)
  return new UserError({
    code: 'SUPERVISED_ALREADY',
    message: `${path} is supervised already${record ? `, by process ${record.process.pid}` : ''}`,
    hint: `see what it does: tool logs -f ${path}, or end it: tool stop ${path}`,
    exitCode: Exit.workerFailed,
  })
}
