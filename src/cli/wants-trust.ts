import {UserError} from '../base/errors.ts'

const codes = new Set(['PROJECT_NOT_TRUSTED', 'PATH_PIN_UNTRUSTED'])

/** Whether work failed for want of trust, so that the person can be asked for it. */
export function wantsTrust(error: unknown): error is UserError {
  return error instanceof UserError && codes.has(error.code)
}
