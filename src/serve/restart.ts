import type {Context} from '../base/context.ts'
import {type Controller, connectControl} from '../supervisor/controller.ts'
import {orAborted} from './or-aborted.ts'
import {nameOf, runningServer} from './servers.ts'
import type {RunningServer} from './types.ts'

export interface Restarted {
  /** Names of the toolchains that were started again. */
  toolchains: string[]
  /** Where their servers listen now. */
  servers: RunningServer[]
  /** Names of the toolchains that were not meant. */
  others: string[]
}

/**
 * Starts what runs for a project again, or one toolchain of it, also what has failed for good; resolves when all of it
 * is ready.
 * @returns undefined where no supervisor runs
 * @throws UserError why the first one that can't is not ready; SUPERVISOR_NOT_ANSWERING; the signal's reason
 */
export async function restartServers(
  {layout, signal}: Context,
  root: string,
  toolchain?: string,
): Promise<Restarted | undefined> {
  using controller = await connectControl({layout, projectRoot: root, signal})
  if (controller === undefined) return undefined
  return await orAborted(restartWorkers(controller, toolchain), signal)
}

async function restartWorkers(controller: Controller, toolchain: string | undefined): Promise<Restarted> {
  const {workers} = await controller.workers()
  const meant = workers.filter(info => toolchain === undefined || nameOf(info).toolchain === toolchain)
  await Promise.all(meant.map(({workerId}) => controller.restart(workerId)))
  const ids = new Set(meant.map(({workerId}) => workerId))
  const {servers} = await controller.workers()
  return {
    toolchains: meant.map(info => nameOf(info).toolchain),
    servers: servers.filter(({workerId}) => ids.has(workerId)).map(runningServer),
    others: workers.filter(info => !meant.includes(info)).map(info => nameOf(info).toolchain),
  }
}
