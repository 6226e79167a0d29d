import type {Context} from '../base/context.ts'
import type {WorkerInfo} from '../model/event.ts'
import {type Controller, connectControl, isUnknownCall} from '../supervisor/controller.ts'
import type {WorkerList} from '../supervisor/types.ts'
import {orAborted} from './or-aborted.ts'
import {nameOf, sortOut, type WhatRuns} from './servers.ts'

export interface Restarted {
  /** What was started again, and where the servers among it listen now. */
  again: WhatRuns
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
  const before = await controller.workers()
  const workers = await controller.renew(toolchain).catch(error => {
    // A supervisor that is no session of a project knows its workers, but no plan.
    if (isUnknownCall(error)) return restartEach(controller, before, toolchain)
    throw error
  })
  const ids = new Set(workers.map(({workerId}) => workerId))
  const names = workers.map(info => nameOf(info).toolchain)
  const now = await controller.workers()
  const isMeant = ({workerId}: {workerId: string}) => ids.has(workerId)
  return {
    again: sortOut({workers: now.workers.filter(isMeant), servers: now.servers.filter(isMeant)}),
    others: before.workers.map(info => nameOf(info).toolchain).filter(name => !names.includes(name)),
  }
}

async function restartEach(
  controller: Controller,
  {workers}: WorkerList,
  toolchain: string | undefined,
): Promise<WorkerInfo[]> {
  const meant = workers.filter(info => toolchain === undefined || nameOf(info).toolchain === toolchain)
  await Promise.all(meant.map(({workerId}) => controller.restart(workerId)))
  return meant
}
