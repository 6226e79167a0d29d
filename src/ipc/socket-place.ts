import {createHash, randomBytes} from 'node:crypto'
import {accessSync, chmodSync, constants, lstatSync, mkdirSync, type Stats} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, dirname, join} from 'node:path'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {diskError} from '../base/files.ts'

/** macOS takes 103 bytes, Linux 107; a longer path is refused, or even cut off. */
const maxPathBytes = 103
/** The longest name that is used in a socket's folder while it is put in place. */
const stagedNameBytes = 9

/**
 * Where a socket may lie: in `directory`, or, if its path would be too long for the system or nothing may be written
 * there, in a folder below the temporary one that is always the same for that directory. The folder is made, and is
 * nobody else's business. On Windows: the name of a pipe that can't be guessed.
 * @throws UserError SOCKET_DIRECTORY_UNSAFE if somebody else owns the folder; PERMISSION_DENIED, READ_ONLY, DISK_FULL
 */
export function socketPlace(directory: string, name: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\toolversion-${randomBytes(16).toString('hex')}`
  const folders = [directory, ...shortFolders(directory)].filter(candidate => fits(candidate, name))
  const [first] = folders
  if (first === undefined) throw new Error(`${JSON.stringify(name)} is too long a name for a socket`)
  const folder = folders.find(isMadePrivate)
  if (folder === undefined) throw notWritable(first)
  return join(folder, name)
}

/**
 * The place that a person wants a socket at, and no other. Its folder is made, if it is missing; one that is there is
 * left as it is, and has to be the person's alone. On Windows: the name of a pipe that can't be guessed.
 * @throws UserError SOCKET_DIRECTORY_UNSAFE, SOCKET_PATH_TOO_LONG; PERMISSION_DENIED, READ_ONLY, DISK_FULL
 */
export function wishedSocketPlace(path: string): string {
  if (process.platform === 'win32') return socketPlace(dirname(path), basename(path))
  const folder = dirname(path)
  if (!fits(folder, basename(path))) throw tooLong(path)
  try {
    mkdirSync(folder, {recursive: true, mode: 0o700})
  } catch (error) {
    throw diskError(error, folder)
  }
  const stats = lstatSync(folder)
  const isPrivate = isOwnFolder(stats) && (stats.mode & 0o077) === 0
  if (isPrivate) return path
  throw new UserError({
    code: 'SOCKET_DIRECTORY_UNSAFE',
    message: `others can get at ${folder}, so no socket can be kept in it`,
    hint: `take a folder that is yours alone; one that is missing is made so: ${join(folder, 'run', basename(path))}`,
    exitCode: Exit.workerFailed,
  })
}

/** False where the system lets nobody write. */
function isMadePrivate(folder: string): boolean {
  try {
    makePrivate(folder)
    accessSync(folder, constants.W_OK)
    return true
  } catch (error) {
    if (unwritable.has(errnoOf(error) ?? '')) return false
    throw diskError(error, folder)
  }
}

function notWritable(folder: string): UserError {
  return new UserError({
    code: 'PERMISSION_DENIED',
    message: `${folder} can't be written, nor can the folder of temporary files, so no socket can be made`,
    hint: 'set TMPDIR to a folder of yours',
    exitCode: Exit.notInstalled,
  })
}

const unwritable: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS'])

function shortFolders(directory: string): string[] {
  const id = createHash('sha256').update(directory).digest('hex').slice(0, 16)
  const name = `tool-${process.getuid?.()}-${id}`
  return [join(tmpdir(), name), join('/tmp', name)]
}

function fits(folder: string, name: string): boolean {
  return Buffer.byteLength(folder) + 1 + Math.max(stagedNameBytes, Buffer.byteLength(name)) <= maxPathBytes
}

function isOwnFolder(stats: Stats): boolean {
  return stats.isDirectory() && stats.uid === process.getuid?.()
}

function tooLong(path: string): UserError {
  return new UserError({
    code: 'SOCKET_PATH_TOO_LONG',
    message: `${path} is longer than the ${maxPathBytes} bytes that the path of a socket may have`,
    hint: 'take a shorter path, or leave the place to this program',
    exitCode: Exit.workerFailed,
  })
}

function makePrivate(folder: string): void {
  // Looked at before, too: what others put there, such as a link to nowhere, makes odd errors.
  refuseOthers(folder)
  mkdirSync(folder, {recursive: true, mode: 0o700})
  const stats = refuseOthers(folder)
  if (stats && (stats.mode & 0o077) !== 0) chmodSync(folder, 0o700)
}

function refuseOthers(folder: string): Stats | undefined {
  const stats = lstatSync(folder, {throwIfNoEntry: false})
  if (!stats || isOwnFolder(stats)) return stats
  throw new UserError({
    code: 'SOCKET_DIRECTORY_UNSAFE',
    message: `${folder} is not a folder of yours, so no socket can be kept in it`,
    hint: `remove ${folder}, or set TMPDIR to a folder of yours`,
    exitCode: Exit.workerFailed,
  })
}
