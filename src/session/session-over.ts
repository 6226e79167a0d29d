import {Exit, UserError} from '../base/errors.ts'

/** Something was asked of a session that has come to its end. */
export function sessionOver(cwd: string): UserError {
  return new UserError({
    code: 'SUPERVISOR_STOPPED',
    message: `all that ran for ${cwd} has just ended`,
    hint: 'run it again',
    exitCode: Exit.workerFailed,
  })
}
