import {rmSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {isLive, removeDeadSocket} from '../ipc/socket-claim.ts'
import {endCarriers} from '../process/carriers.ts'
import {watchdogScript} from '../process/watchdog.ts'
import {deadRecord, foldersOfDead, recordFile} from './control-record.ts'
import {lockRun, removeIfEmpty, sweepWorkersSockets} from './run-folder.ts'

/** Ms that processes may take to be gone that a supervisor left. */
const patience = 5000

/**
 * Removes what supervisors left who were killed, or whose machine went down: their records and sockets, not what they
 * logged, and processes, where their watchdogs were killed, too. Nothing of a supervisor that lives is touched. Never rejects.
 */
export async function sweepRuns(context: SweepContext): Promise<void> {
  await Promise.allSettled(foldersOfDead(context.layout).map(folder => sweep(context, folder)))
}

type SweepContext = Pick<Context, 'layout' | 'packageRoot' | 'signal'>

async function sweep({layout, signal, packageRoot}: SweepContext, folder: string): Promise<void> {
  await using _lock = await lockRun(layout, folder, signal)
  const dead = deadRecord(layout, folder)
  if (dead === undefined) return
  const {socket, instance} = dead
  // In another namespace of processes, that of a container with the same home, it may well live.
  if (await isLive(socket)) return
  // What can't be ended now is tried again.
  if (!(await endCarriers(instance, watchdogScript({packageRoot}), patience))) return
  if (process.platform !== 'win32') {
    await removeDeadSocket(socket).catch(() => {})
    await sweepWorkersSockets(socket)
    // Where a person chose the place of the socket, the workers' are not beside it.
    await sweepWorkersSockets(join(layout.runs, folder, 'control.sock'))
  }
  rmSync(join(layout.runs, folder, recordFile), {force: true})
  removeIfEmpty(join(layout.runs, folder))
}
