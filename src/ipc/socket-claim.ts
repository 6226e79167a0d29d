import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {linkSync, lstatSync, renameSync, unlinkSync} from 'node:fs'
import {createConnection, type Server} from 'node:net'
import {dirname, join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {Exit, errnoOf, UserError} from '../base/errors.ts'

const probes = 3
const probeDelay = 50
const attempts = 10

/**
 * Listens under a socket path. The socket is bound beside it and put in place by a link, which fails if something is
 * there; only a socket that refuses connections again and again is removed, so that no live peer ever loses its own.
 * @returns a function that takes the path away again, if it is still this server's
 * @throws UserError SOCKET_IN_USE if a live peer listens there
 */
export async function claimSocket(server: Server, path: string): Promise<() => void> {
  const staged = sibling(path)
  server.listen(staged)
  await once(server, 'listening')
  const own = identity(staged)
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (putInPlace(staged, path)) {
      return () => {
        if (identity(path) === own) unlinkSync(path)
      }
    }
    await removeDeadSocket(path)
  }
  throw inUse(path)
}

function putInPlace(staged: string, path: string): boolean {
  try {
    linkSync(staged, path)
    unlinkSync(staged)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' || identity(path) !== undefined) return false
    // A file system without links for sockets: a rename is next best, its window is a few microseconds.
    renameSync(staged, path)
    return true
  }
}

/**
 * Removes a socket at which nobody listens.
 * @throws UserError SOCKET_IN_USE if a live peer does, SOCKET_PATH_TAKEN if it is no socket
 */
export async function removeDeadSocket(path: string): Promise<void> {
  refuseOtherFiles(path)
  const found = identity(path)
  for (let probe = 0; probe < probes; probe++) {
    if (probe > 0) await delay(probeDelay)
    if (await isLive(path)) throw inUse(path)
  }
  // What was probed and what is there now must be the same; should it change this very moment, it is put back.
  if (found === undefined || identity(path) !== found) return
  const aside = sibling(path)
  renameSync(path, aside)
  if (identity(aside) !== found) putInPlace(aside, path)
  else unlinkSync(aside)
}

/** Whether somebody listens at a path. Anything but a clear refusal counts as life: a full backlog, no permission. */
export async function isLive(path: string): Promise<boolean> {
  const socket = createConnection(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    return errnoOf(error) !== 'ECONNREFUSED' && errnoOf(error) !== 'ENOENT'
  } finally {
    socket.destroy()
  }
}

/** Tells one socket file from its successor under the same name, and survives links and renames. */
function identity(path: string): string | undefined {
  const stats = lstatSync(path, {bigint: true, throwIfNoEntry: false})
  return stats && `${stats.dev}:${stats.ino}:${stats.mtimeNs}`
}

function refuseOtherFiles(path: string): void {
  const stats = lstatSync(path, {throwIfNoEntry: false})
  if (!stats || stats.isSocket()) return
  throw new UserError({
    code: 'SOCKET_PATH_TAKEN',
    message: `${path} is there and is no socket`,
    hint: `remove ${path}`,
    exitCode: Exit.workerFailed,
  })
}

function sibling(path: string): string {
  return join(dirname(path), `.${randomBytes(4).toString('hex')}`)
}

function inUse(path: string): UserError {
  return new UserError({
    code: 'SOCKET_IN_USE',
    message: `somebody listens at ${path} already`,
    hint: 'connect to it, or stop it first',
    exitCode: Exit.workerFailed,
  })
}
