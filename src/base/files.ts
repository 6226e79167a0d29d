import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {Exit, errnoOf, messageOf, UserError} from './errors.ts'
import {quoteWord} from './quote-word.ts'
import {rename} from './rename.ts'

/** The text of a file, or undefined where there is none. Other failures pass through. */
export function readTextIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}

/** The first bytes of a file, at most so many, a letter each. Failures pass through. */
export function beginningOf(path: string, length: number): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(length)
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, 0))
  } finally {
    closeSync(file)
  }
}

/**
 * Makes a folder and those above it that are missing. Node's own way of doing so never ends below a folder that answers
 * "no such file" to the making of another, as `/proc` does.
 * @throws errors of the disk as they come
 */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return
  const above = dirname(path)
  if (above !== path) makeDirectory(above)
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have been faster.
    if (errnoOf(error) !== 'EEXIST' || !isDirectory(path)) throw error
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Writes a whole file or leaves the old one: staged beside it, then renamed. */
export function writeFileAtomic(path: string, data: string | Uint8Array, mode = 0o644): void {
  makeDirectory(dirname(path))
  const staged = join(
    dirname(path),
    `.${basename(path)}.${process.pid}-${process.hrtime.bigint().toString(36)}`,
  )
  try {
    writeFileSync(staged, data, {mode})
    chmodSync(staged, mode)
    rename(staged, path)
  } catch (error) {
    rmSync(staged, {force: true})
    throw error
  }
}

/**
 * Turns the disk's refusals into words: no space, no permission, read-only, too many files, something in the way.
 * Anything else is returned as it came.
 */
export function diskError(error: unknown, path: string): unknown {
  const errno = errnoOf(error)
  const known = errno === undefined ? undefined : diskProblems[isFolderRefused(error) ? 'EROFS' : errno]
  if (known === undefined) return error
  const [code, what, hint] = known
  return new UserError({
    code,
    message: `${what}: ${code === inTheWay ? (placeOf(error) ?? path) : path} (${errno})`,
    hint,
    exitCode: Exit.notInstalled,
    cause: messageOf(error),
  })
}

/**
 * As `diskError`, for a file or folder that a person named: those refusals advise another home, which can't help there.
 * @param error as it came from the disk, or already in words
 */
export function diskErrorOutside(error: unknown, path: string): unknown {
  const told = diskError(error, path)
  if (!(told instanceof UserError) || !outsideCodes.has(told.code)) return told
  const {code, message, exitCode} = told
  const hint = `make the folder writable, or free some space: ${quoteWord(dirname(placeOf(error) ?? path))}`
  return new UserError({code, message, hint, exitCode, cause: error})
}

/** A file system such as that of `/proc` answers "no such file" to the making of a folder. */
function isFolderRefused(error: unknown): boolean {
  return errnoOf(error) === 'ENOENT' && (error as {syscall?: unknown}).syscall === 'mkdir'
}

const outsideCodes = new Set(['DISK_FULL', 'PERMISSION_DENIED', 'READ_ONLY'])

/** What the disk was asked for: of a move, where to. */
function placeOf(error: unknown): string | undefined {
  const {dest, path} = (error ?? {}) as {dest?: unknown; path?: unknown}
  return [dest, path].find(one => typeof one === 'string')
}

const inTheWay = 'IN_THE_WAY'
const moveAway = 'move it away, or name another place'

const diskProblems: Record<string, [code: string, what: string, hint: string]> = {
  ENOSPC: ['DISK_FULL', 'no space is left on the disk', 'free some space, or set TOOL_HOME to another disk'],
  EDQUOT: ['DISK_FULL', 'the disk quota is used up', 'free some space, or set TOOL_HOME to another disk'],
  EACCES: [
    'PERMISSION_DENIED',
    'permission denied',
    'check the owner of the folder, or set TOOL_HOME to one of yours',
  ],
  EPERM: [
    'PERMISSION_DENIED',
    'the operation is not permitted',
    // To Windows, a program that runs from there is a reason, too.
    `${process.platform === 'win32' ? 'end the programs that use it, or ' : ''}check the owner of the folder, or set TOOL_HOME to one of yours`,
  ],
  EROFS: ['READ_ONLY', 'the file system is read-only', 'set TOOL_HOME to a folder that can be written'],
  EEXIST: [inTheWay, 'something stands where a folder should be', moveAway],
  ENOTDIR: [inTheWay, 'something that is no folder is in the way of', moveAway],
  EISDIR: [inTheWay, 'a folder stands where a file should be', moveAway],
  EBUSY: ['IN_USE', 'a program uses it', 'end the programs that run from there, and try again'],
  EMFILE: ['TOO_MANY_OPEN_FILES', 'too many files are open', 'raise the limit: ulimit -n 4096'],
}
