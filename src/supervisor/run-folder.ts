import {rmdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {errnoOf} from '../base/errors.ts'
import type {Layout} from '../base/layout.ts'
import {namesIn} from '../base/names-in.ts'
import {removeDeadSocket} from '../ipc/socket-claim.ts'
import {acquireLock} from '../process/lock.ts'

/** The right to begin a supervisor in a folder of `run/`, or to take away what one left there. @throws as `acquireLock` */
export function lockRun(layout: Layout, folder: string, signal?: AbortSignal): Promise<AsyncDisposable> {
  return acquireLock(layout.lock(`run-${folder}`), {signal})
}

/** Name of the socket of a supervisor's workers. */
export function workersSocket(instance: string): string {
  return `workers-${instance.slice(0, 8)}.sock`
}

/** Removes the workers' sockets that supervisors left when they were killed, from the folder of a socket. Never rejects. */
export async function sweepWorkersSockets(socket: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = dirname(socket)
  const paths = namesIn(folder)
    .filter(name => /^workers-[\da-f]{8}\.sock$/.test(name))
    .map(name => join(folder, name))
    .filter(path => path !== socket)
  // One that lives, or is taken away by somebody else meanwhile, is none of our business.
  await Promise.allSettled(paths.map(removeDeadSocket))
}

/** Removes a folder, if nothing is in it. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (error) {
    if (!harmless.has(errnoOf(error) ?? '')) throw error
  }
}

/** It is in use, gone already, or can't be removed: then it stays. */
const harmless: ReadonlySet<string> = new Set([
  'ENOTEMPTY',
  'EEXIST',
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  'EBUSY',
])
