import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {diskError} from '../base/files.ts'
import type {Layout} from '../base/layout.ts'

/** Turns a refusal of the disk below `$TOOL_HOME` into words; anything else is returned as it came. */
export function storeError(error: unknown, {home}: Layout): unknown {
  const errno = errnoOf(error)
  if (errno === 'ENOTDIR' || errno === 'EEXIST') {
    return new UserError({
      code: 'HOME_NOT_A_DIRECTORY',
      message: `a file stands where a folder should be: ${pathOf(error) ?? home}`,
      hint: 'move that file away, or set TOOL_HOME to a folder',
      exitCode: Exit.notInstalled,
      cause: error,
    })
  }
  return diskError(error, pathOf(error) ?? home)
}

function pathOf(error: unknown): string | undefined {
  const path = (error as NodeJS.ErrnoException).path
  return typeof path === 'string' ? path : undefined
}
