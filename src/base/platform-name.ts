import {Exit, UserError} from './errors.ts'
import {nearestNames} from './nearest.ts'
import {type Platform, parsePlatformName} from './platform.ts'

/** What people mostly mean. */
const usual = ['linux-x64', 'linux-arm64', 'linux-x64-musl', 'darwin-arm64', 'darwin-x64', 'win32-x64']

/**
 * The platform of a name that a person wrote, such as `linux-x64-musl`.
 * @throws UserError PLATFORM_UNKNOWN
 */
export function platformNamed(name: string): Platform {
  const platform = parsePlatformName(name)
  if (platform !== undefined) return platform
  const [near] = nearestNames(name, usual)
  throw new UserError({
    code: 'PLATFORM_UNKNOWN',
    message: `${JSON.stringify(name)} is no name of a platform`,
    hint: near === undefined ? `write one such as ${usual.join(', ')}` : `did you mean ${near}?`,
    exitCode: Exit.usage,
  })
}
