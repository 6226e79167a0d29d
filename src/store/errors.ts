import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {diskError} from '../base/files.ts'
import type {Layout} from '../base/layout.ts'

/** Turns a refusal of the disk below `$TOOL_HOME` into words; anything else is returned as it came. */
export function storeError(error: unknown, {home}: Layout): unknown {
  const errno = errnoOf(error)
  const path = pathOf(error) ?? home
  if (errno === 'ENOTDIR' || errno === 'EEXIST' || errno === 'ELOOP')
    return notADirectory(`a file, or a link to nothing, stands where a folder should be: ${path}`, error)
  // What is missing is made, so only a file system that takes no folders says so.
  if (errno === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'mkdir')
    return notADirectory(`no folder can be made here: ${path}`, error)
  if (errno === 'EXDEV') return divided(path, error)
  return diskError(error, path)
}

function divided(path: string, cause: unknown): UserError {
  return new UserError({
    code: 'HOME_DIVIDED',
    message: `what is built in one folder of the home can't be moved to another, since they are on different disks: ${path}`,
    hint: 'set TOOL_HOME to a folder whose versions/ and staging/ are on one disk, rather than linking one of them elsewhere',
    exitCode: Exit.notInstalled,
    cause,
  })
}

function notADirectory(message: string, cause: unknown): UserError {
  return new UserError({
    code: 'HOME_NOT_A_DIRECTORY',
    message,
    hint: 'move away what is in the way, or set TOOL_HOME to a folder of yours',
    exitCode: Exit.notInstalled,
    cause,
  })
}

function pathOf(error: unknown): string | undefined {
  const path = (error as NodeJS.ErrnoException).path
  return typeof path === 'string' ? path : undefined
}
