import type {Context} from '../base/context.ts'
import {Exit, isUserError, UserError} from '../base/errors.ts'
import {type StoppedWorker, stopAll, stopProject} from '../session/stop.ts'
import type {ControlRecord} from '../supervisor/control-record.ts'
import {nothingRuns} from './nothing-runs.ts'
import {type ServedProject, servedProject} from './served-project.ts'
import {placeName} from './supervise-file.ts'

export interface StopCommand {
  toolchain: string | undefined
  all: boolean
  /** Kills a supervisor that does not answer. */
  force: boolean
}

/**
 * `tool stop`: what was stopped. That nothing ran is no error, since it is what was wished for.
 * @throws UserError STOP_ALL_WITH_TOOLCHAIN, NO_PROJECT, UNKNOWN_TOOLCHAIN, SUPERVISOR_NOT_ANSWERING
 */
export async function runStop(
  context: Context,
  {toolchain, all, force}: StopCommand,
): Promise<StoppedWorker[]> {
  if (all) {
    if (toolchain !== undefined) throw contradiction(toolchain)
    return runStopAll(context, force)
  }
  const project = await projectToStop(context, toolchain)
  if (project === undefined) {
    context.log.info(
      `there is no project in ${context.cwd} or above it, so nothing runs here; for all that runs: tool ps`,
    )
    return []
  }
  const killed = killings(context)
  const options = {toolchain: project.toolchain, force, onKilled: killed.add}
  const stopped = await stopProject(context, project.root, options)
  const what = project.toolchain === undefined ? 'nothing' : `no ${project.toolchain}`
  if (stopped.length + killed.count() === 0) context.log.info(`${what} runs for ${placeName(project.root)}`)
  return stopped
}

/** Undefined outside of all projects, where nobody named anything. */
async function projectToStop(context: Context, word: string | undefined): Promise<ServedProject | undefined> {
  try {
    return await servedProject(context, word)
  } catch (error) {
    if (word === undefined && isUserError(error, 'NO_PROJECT')) return undefined
    throw error
  }
}

async function runStopAll(context: Context, force: boolean): Promise<StoppedWorker[]> {
  const killed = killings(context)
  const {stopped, errors} = await stopAll(context, {force, onKilled: killed.add})
  const [first, ...others] = errors
  for (const error of others) context.log.error(error instanceof Error ? error.message : String(error))
  if (first !== undefined) throw first
  if (stopped.length + killed.count() === 0) context.log.info(nothingRuns(context))
  return stopped
}

/** Tells of supervisors that were killed, and counts them. */
function killings({log}: Context) {
  let count = 0
  return {
    add({process: {pid}, root}: ControlRecord) {
      count += 1
      log.warning(
        `the supervisor of ${placeName(root)} (process ${pid}) did not answer, and was killed with all that it ran`,
      )
    },
    count: () => count,
  }
}

function contradiction(toolchain: string): UserError {
  return new UserError({
    code: 'STOP_ALL_WITH_TOOLCHAIN',
    message: `--all stops what runs for every project, and ${toolchain} was named, too`,
    hint: `stop it here: tool stop ${toolchain}, or everything: tool stop --all`,
    exitCode: Exit.usage,
  })
}
