import {setTimeout as delay} from 'node:timers/promises'
import type {Context} from '../base/context.ts'
import {IpcError} from '../ipc/errors.ts'
import {hasEnded} from '../model/event.ts'
import {isAlive} from '../process/identity.ts'
import {type ControlRecord, liveRecords, readRecord} from '../supervisor/control-record.ts'
import {type Controller, findControl} from '../supervisor/controller.ts'
import {orAborted} from './or-aborted.ts'
import {nameOf} from './servers.ts'

/** A worker that ran, and is gone with its whole process group. */
export interface StoppedWorker {
  /** The project's root. */
  root: string
  toolchain: string
  version: string
}

/** How long a supervisor without workers may take to end. */
const patience = 2000
const pause = 10

/**
 * Stops what runs for a project, or one toolchain of it; the supervisor goes with its last worker. Resolves when all
 * of it is gone; with nothing, where nothing ran.
 * @throws UserError SUPERVISOR_NOT_ANSWERING; the signal's reason
 */
export async function stopProject(
  {layout, signal}: Context,
  root: string,
  toolchain?: string,
): Promise<StoppedWorker[]> {
  const record = readRecord(layout, root)
  return record ? stopRecord(record, toolchain, signal) : []
}

/**
 * Stops what runs for any project of this home.
 * @returns what was stopped, and why the rest was not
 */
export async function stopAll({
  layout,
  signal,
}: Context): Promise<{stopped: StoppedWorker[]; errors: unknown[]}> {
  const records = liveRecords(layout).sort((a, b) => (a.root < b.root ? -1 : 1))
  const settled = await Promise.allSettled(records.map(record => stopRecord(record, undefined, signal)))
  signal.throwIfAborted()
  return {
    stopped: settled.flatMap(one => (one.status === 'fulfilled' ? one.value : [])),
    errors: settled.flatMap(one => (one.status === 'rejected' ? [one.reason] : [])),
  }
}

async function stopRecord(
  record: ControlRecord,
  toolchain: string | undefined,
  signal: AbortSignal,
): Promise<StoppedWorker[]> {
  using controller = await findControl(record, signal)
  if (controller === undefined) return []
  return await orAborted(stopWorkers(controller, record, toolchain), signal)
}

async function stopWorkers(
  controller: Controller,
  record: ControlRecord,
  toolchain: string | undefined,
): Promise<StoppedWorker[]> {
  const running = (await controller.workers()).workers.filter(info => !hasEnded(info))
  const meant = running.filter(info => toolchain === undefined || nameOf(info).toolchain === toolchain)
  if (meant.length < running.length) {
    await Promise.all(meant.map(({workerId}) => controller.stop(workerId)))
  } else {
    // One that is ending already closes the connection instead of an answer.
    await controller.shutdown().catch(ignoreClosed)
    await controller.closed
    await isGone(record)
  }
  return meant.map(info => ({root: record.root, ...nameOf(info)}))
}

/** Resolves when the supervisor's process has ended, or goes on with something else, as a program that embeds one. */
async function isGone({process: owner}: ControlRecord): Promise<void> {
  for (let waited = 0; waited < patience && owner.pid !== process.pid && isAlive(owner); waited += pause)
    await delay(pause)
}

function ignoreClosed(error: unknown): void {
  if (!(error instanceof IpcError) || error.code !== 'CONNECTION_CLOSED') throw error
}
