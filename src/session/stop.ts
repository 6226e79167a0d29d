import type {Context} from '../base/context.ts'
import {IpcError} from '../ipc/errors.ts'
import {hasEnded} from '../model/event.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {untilEnded} from '../process/until-ended.ts'
import {type ControlRecord, liveRecords, readRecord} from '../supervisor/control-record.ts'
import {type Controller, findControl, isNotAnswering} from '../supervisor/controller.ts'
import {sweepRuns} from '../supervisor/sweep.ts'
import {killSupervisor} from './force.ts'
import {orAborted} from './or-aborted.ts'
import {compilerOf, nameOf} from './servers.ts'

/** A worker that ran, and is gone with its whole process group. */
export interface StoppedWorker {
  /** The project's root. */
  root: string
  toolchain: string
  version: string
  /** What it was there for; null where it was no compiler's. */
  mode: WorkerMode | null
}

export interface StopOptions {
  /** Only this toolchain. */
  toolchain?: string | undefined
  /** Kills a supervisor that does not answer, with all that it has. */
  force?: boolean
  /** Told of each that was killed. */
  onKilled?(record: ControlRecord): void
}

/** How long a supervisor without workers may take to end. */
const patience = 2000

/**
 * Stops what runs for a project, or one toolchain of it; the supervisor goes with its last worker. Resolves when all
 * of it is gone; with nothing, where nothing ran.
 * @throws UserError SUPERVISOR_NOT_ANSWERING, PROCESSES_LEFT; the signal's reason
 */
export async function stopProject(
  context: Context,
  root: string,
  options: StopOptions = {},
): Promise<StoppedWorker[]> {
  // What a killed one may have left ends as well.
  await sweepRuns(context)
  const record = readRecord(context.layout, root)
  return record ? stopRecord(context, record, options) : []
}

/**
 * Stops what runs for any project of this home.
 * @returns what was stopped, and why the rest was not
 */
export async function stopAll(
  context: Context,
  options: Omit<StopOptions, 'toolchain'> = {},
): Promise<{stopped: StoppedWorker[]; errors: unknown[]}> {
  const {layout, signal} = context
  await sweepRuns(context)
  const records = liveRecords(layout).sort((a, b) => (a.root < b.root ? -1 : 1))
  const settled = await Promise.allSettled(records.map(record => stopRecord(context, record, options)))
  signal.throwIfAborted()
  return {
    stopped: settled.flatMap(one => (one.status === 'fulfilled' ? one.value : [])),
    errors: settled.flatMap(one => (one.status === 'rejected' ? [one.reason] : [])),
  }
}

async function stopRecord(
  context: Context,
  record: ControlRecord,
  {toolchain, force = false, onKilled}: StopOptions,
): Promise<StoppedWorker[]> {
  try {
    const {signal} = context
    using controller = await findControl(record, signal)
    if (controller === undefined) return []
    return await orAborted(stopWorkers(controller, record, toolchain), signal)
  } catch (error) {
    if (!force || !isNotAnswering(error)) throw error
    await killSupervisor(context, record)
    onKilled?.(record)
    return []
  }
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
    await untilClosed(controller)
    await isGone(record)
  }
  return meant.map(info => ({root: record.root, ...compilerOf(info)}))
}

/** @throws UserError SUPERVISOR_NOT_ANSWERING where it hangs at its end */
async function untilClosed(controller: Controller): Promise<void> {
  const hung = Promise.withResolvers<never>()
  controller.onHung(error => error && hung.reject(error))
  await Promise.race([controller.closed, hung.promise])
}

/** Resolves when the supervisor's process has ended, or goes on with something else, as a program that embeds one. */
async function isGone({process: owner}: ControlRecord): Promise<void> {
  if (owner.pid !== process.pid) await untilEnded(owner, patience)
}

function ignoreClosed(error: unknown): void {
  if (!(error instanceof IpcError) || error.code !== 'CONNECTION_CLOSED') throw error
}
