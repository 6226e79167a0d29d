import {rmSync} from 'node:fs'
import {join} from 'node:path'
import type {Layout} from '../base/layout.ts'
import {removeDeadSocket} from '../ipc/socket-claim.ts'
import {deadRecord, foldersOfDead, recordFile} from './control-record.ts'
import {lockRun, removeIfEmpty, sweepWorkersSockets} from './run-folder.ts'

/**
 * Removes what supervisors left who were killed, or whose machine went down: their records and sockets, not what they
 * logged. Nothing of a supervisor that lives is touched. Never rejects.
 */
export async function sweepRuns(layout: Layout, signal?: AbortSignal): Promise<void> {
  await Promise.allSettled(foldersOfDead(layout).map(folder => sweep(layout, folder, signal)))
}

async function sweep(layout: Layout, folder: string, signal?: AbortSignal): Promise<void> {
  await using _lock = await lockRun(layout, folder, signal)
  const dead = deadRecord(layout, folder)
  if (dead === undefined) return
  const {socket} = dead
  if (process.platform !== 'win32') {
    await removeDeadSocket(socket).catch(() => {})
    await sweepWorkersSockets(socket)
    // Where a person chose the place of the socket, the workers' are not beside it.
    await sweepWorkersSockets(join(layout.runs, folder, 'control.sock'))
  }
  rmSync(join(layout.runs, folder, recordFile), {force: true})
  removeIfEmpty(join(layout.runs, folder))
}
