import {rmSync} from 'node:fs'
import {join} from 'node:path'
import type {Layout} from '../base/layout.ts'
import {removeDeadSocket} from '../ipc/socket-claim.ts'
import {acquireLock} from '../process/lock.ts'
import {deadRecords, recordFile} from './control-record.ts'
import {removeIfEmpty, sweepWorkersSockets} from './run-folder.ts'

/**
 * Removes what supervisors left who were killed, or whose machine went down: their records and sockets, not what they
 * logged. Nothing of a supervisor that lives is touched. Never rejects.
 */
export async function sweepRuns(layout: Layout, signal?: AbortSignal): Promise<void> {
  await Promise.allSettled(deadRecords(layout).map(({folder}) => sweep(layout, folder, signal)))
}

async function sweep(layout: Layout, folder: string, signal?: AbortSignal): Promise<void> {
  // Whoever begins in this project holds it, too.
  await using _lock = await acquireLock(layout.lock(`run-${folder}`), signal === undefined ? {} : {signal})
  const dead = deadRecords(layout).find(one => one.folder === folder)
  if (dead === undefined) return
  const {socket} = dead.record
  if (process.platform !== 'win32') {
    await removeDeadSocket(socket).catch(() => {})
    await sweepWorkersSockets(socket)
  }
  rmSync(join(layout.runs, folder, recordFile), {force: true})
  removeIfEmpty(join(layout.runs, folder))
}
