import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {type StoppedWorker, stopAll, stopProject} from '../session/stop.ts'
import {nothingRuns} from './nothing-runs.ts'
import {servedProject} from './served-project.ts'
import {placeName} from './supervise-file.ts'

export interface StopCommand {
  toolchain: string | undefined
  all: boolean
}

/**
 * `tool stop`: what was stopped. That nothing ran is no error, since it is what was wished for.
 * @throws UserError STOP_ALL_WITH_TOOLCHAIN, NO_PROJECT, UNKNOWN_TOOLCHAIN, SUPERVISOR_NOT_ANSWERING
 */
export async function runStop(context: Context, {toolchain, all}: StopCommand): Promise<StoppedWorker[]> {
  if (all) {
    if (toolchain !== undefined) throw contradiction(toolchain)
    return runStopAll(context)
  }
  const project = await servedProject(context, toolchain)
  const stopped = await stopProject(context, project.root, project.toolchain)
  const what = project.toolchain === undefined ? 'nothing' : `no ${project.toolchain}`
  if (stopped.length === 0) context.log.info(`${what} runs for ${placeName(project.root)}`)
  return stopped
}

async function runStopAll(context: Context): Promise<StoppedWorker[]> {
  const {stopped, errors} = await stopAll(context)
  const [first, ...others] = errors
  for (const error of others) context.log.error(error instanceof Error ? error.message : String(error))
  if (first !== undefined) throw first
  if (stopped.length === 0) context.log.info(nothingRuns(context))
  return stopped
}

function contradiction(toolchain: string): UserError {
  return new UserError({
    code: 'STOP_ALL_WITH_TOOLCHAIN',
    message: `--all stops what runs for every project, and ${toolchain} was named, too`,
    hint: `stop it here: tool stop ${toolchain}, or everything: tool stop --all`,
    exitCode: Exit.usage,
  })
}
