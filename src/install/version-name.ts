import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin, type Origin} from '../base/origin.ts'
import {isVersionName} from '../version/name.ts'

/**
 * A version becomes the name of a folder, and may come from anywhere.
 * @throws UserError VERSION_NAME_UNSAFE
 */
export function checkVersionName({cwd}: Context, toolchain: string, version: string, origin: Origin): void {
  if (isVersionName(version)) return
  throw new UserError({
    code: 'VERSION_NAME_UNSAFE',
    message: `${toolchain} ${JSON.stringify(version)} is no name for a version (set by ${describeOrigin(origin, cwd)})`,
    hint: 'a version is made of letters, digits, dots, + and -',
    exitCode: Exit.noSuchVersion,
  })
}
