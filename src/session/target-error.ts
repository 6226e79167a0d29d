import {UserError} from '../base/errors.ts'
import {describeOrigin} from '../base/origin.ts'
import type {Target} from '../driver/target.ts'

/** An error of a target's worker, with what set the target. `words` are added to its message. */
export function targetError(
  error: UserError,
  {definition: {name}, version, origin}: Target,
  cwd: string,
  words = '',
): UserError {
  const {code, message, hint, exitCode} = error
  return new UserError({
    code,
    message: `${message}${words} (${name} ${version} is set by ${describeOrigin(origin, cwd)})`,
    hint,
    exitCode,
    cause: error,
  })
}
