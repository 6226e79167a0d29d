import {createHash, randomBytes} from 'node:crypto'
import {chmodSync, lstatSync, mkdirSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Exit, UserError} from '../base/errors.ts'

/** macOS takes 103 bytes, Linux 107; a longer path is refused, or even cut off. */
const maxPathBytes = 103
/** The longest name that is used in a socket's folder while it is put in place. */
const stagedNameBytes = 9

/**
 * Where a socket may lie: in `directory`, or, if its path would be too long for the system, in a folder below the
 * temporary one that is always the same for that directory. The folder is made, and is nobody else's business.
 * On Windows: the name of a pipe that can't be guessed.
 * @throws UserError SOCKET_DIRECTORY_UNSAFE if somebody else owns the folder
 */
export function socketPlace(directory: string, name: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\toolversion-${randomBytes(16).toString('hex')}`
  const folder = [directory, ...shortFolders(directory)].find(candidate => fits(candidate, name))
  if (folder === undefined) throw new Error(`${JSON.stringify(name)} is too long a name for a socket`)
  makePrivate(folder)
  return join(folder, name)
}

function shortFolders(directory: string): string[] {
  const id = createHash('sha256').update(directory).digest('hex').slice(0, 16)
  const name = `tool-${process.getuid?.()}-${id}`
  return [join(tmpdir(), name), join('/tmp', name)]
}

function fits(folder: string, name: string): boolean {
  return Buffer.byteLength(folder) + 1 + Math.max(stagedNameBytes, Buffer.byteLength(name)) <= maxPathBytes
}

function makePrivate(folder: string): void {
  mkdirSync(folder, {recursive: true, mode: 0o700})
  const stats = lstatSync(folder)
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) {
    throw new UserError({
      code: 'SOCKET_DIRECTORY_UNSAFE',
      message: `${folder} is not a folder of yours, so no socket can be kept in it`,
      hint: `remove ${folder}, or set TMPDIR to a folder of yours`,
      exitCode: Exit.workerFailed,
    })
  }
  if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700)
}
