import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin, type Origin} from '../base/origin.ts'
import {currentPlatform, type Platform, parsePlatformName, platformName} from '../base/platform.ts'
import {quoteWord} from '../base/quote-word.ts'
import type {Definition} from '../model/definition.ts'
import {readReceipt} from '../store/receipt.ts'
import type {Installed} from '../store/types.ts'
import {concrete} from '../toolchain/concrete.ts'

/**
 * The platform that a version was installed for, if another one's archive would have been needed here: in a home that
 * machines of two kinds share, or that was filled for another one. Undefined where it serves.
 */
export function foreignPlatform(
  context: Context,
  definition: Definition,
  installed: Installed,
): string | undefined {
  const platform = readReceipt(installed)?.platform
  if (platform === undefined || platform === platformName(context.platform)) return undefined
  return isSameArchive(context, definition, installed.version, platform) ? undefined : platform
}

/** Whether one archive serves this platform and that one. */
function isSameArchive(context: Context, definition: Definition, version: string, name: string): boolean {
  const other = parsePlatformName(name)
  if (other === undefined) return false
  try {
    const [ours, theirs] = [context.platform, other].map(platform => {
      const {sources, executables} = concrete(definition, version, platform)
      return JSON.stringify([sources, executables])
    })
    return ours === theirs
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

/** Not what this machine uses by what only another one can. */
function orReplace(platform: Platform, name: string): string {
  if (platformName(platform) !== platformName(currentPlatform())) return ''
  return `, or replace it: tool install --force ${quoteWord(name)}`
}

/** A version of a name can be in a home only once. */
export function platformMismatch(
  {cwd, platform, layout}: Context,
  {toolchain, version}: Installed,
  there: string,
  origin: Origin,
): UserError {
  return new UserError({
    code: 'PLATFORM_MISMATCH',
    message: `${toolchain} ${version} is in ${layout.home} for ${there}, not for ${platformName(platform)} (set by ${describeOrigin(origin, cwd)})`,
    hint: `set TOOL_HOME to another folder for ${platformName(platform)}${orReplace(platform, `${toolchain}@${version}`)}`,
    exitCode: Exit.notInstalled,
  })
}
