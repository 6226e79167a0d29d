import type {Context} from '../base/context.ts'
import {isUserError, UserError} from '../base/errors.ts'
import {resolveVersion} from '../resolve/version.ts'
import {openSource} from '../source/open.ts'
import type {InstallOptions, InstallRequest} from './install.ts'

/**
 * Why a version could not be installed. That one is not there, for this machine or at all, is told again by the list of
 * all, which knows whether it exists, and which ones are near it.
 */
export async function explain(
  context: Context,
  {definition, version, origin}: InstallRequest,
  {network}: Pick<InstallOptions, 'network'>,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof UserError) || !absent.has(error.code)) return error
  const source = openSource(context, definition, {...(network && {network})})
  const pin = {
    toolchain: definition.name,
    specs: [{kind: 'exact', version, text: version}],
    origin,
    baseDirectory: context.cwd,
  } as const
  try {
    await resolveVersion(context, definition, pin, source)
  } catch (better) {
    if (isUserError(better, 'NO_SUCH_VERSION')) return better
  }
  return error
}

const absent = new Set(['NO_SUCH_VERSION', 'NO_ARTIFACT_FOR_PLATFORM'])
