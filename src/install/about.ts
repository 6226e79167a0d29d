import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {describeOrigin, type Origin} from '../base/origin.ts'

/** What was to be got, and who says so. */
export interface Subject {
  toolchain: string
  /** As it was asked for. */
  version: string
  origin: Origin
}

/** These say which version they are about. */
const named = new Set([
  'NO_SUCH_VERSION',
  'NO_ARTIFACT_FOR_PLATFORM',
  'EXECUTABLE_MISSING',
  'SIGNATURE_MISSING',
])

/** These are about the machine's settings, whatever is asked for. */
const general = new Set([
  'NPM_CONFIG_INVALID',
  'PROXY_INVALID',
  'CERTIFICATE_FILE_INVALID',
  'DEFINITION_INVALID',
])

/**
 * Does work at a source or with an archive, neither of which knows what it is for: a failure says which version it is
 * about, and what set that.
 */
export async function about<T>(
  {cwd}: Context,
  {toolchain, version, origin}: Subject,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UserError) || general.has(error.code)) throw error
    const {code, message, hint, exitCode} = error
    const what = named.has(code) ? '' : `${toolchain} ${version}: `
    throw new UserError({
      code,
      message: `${what}${message} (set by ${describeOrigin(origin, cwd)})`,
      hint,
      exitCode,
      cause: error,
    })
  }
}
