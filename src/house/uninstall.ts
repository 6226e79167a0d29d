import type {Context} from '../base/context.ts'
import {isUserError} from '../base/errors.ts'
import {rehashAfter} from '../install/rehash-after.ts'
import type {Installed} from '../store/types.ts'
import {uninstall as remove} from '../store/uninstall.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {findNamed} from './named-version.ts'
import {findUses, type Use} from './uses.ts'

/** A version that is to be removed, and who needs it. */
export interface Removable extends Installed {
  uses: readonly Use[]
}

export interface UninstallRequest {
  /** `[TOOLCHAIN@]VERSION` each. */
  words: readonly string[]
  /** That of words which name none. */
  toolchain: string
  /** A version that is not there is no mistake. */
  force?: boolean
}

/**
 * What is to be removed, each once, and who would miss it.
 * @throws UserError VERSION_NOT_INSTALLED, VERSION_AMBIGUOUS, VERSION_MISSING, UNKNOWN_TOOLCHAIN
 */
export async function planUninstall(
  context: Context,
  definitions: Definitions,
  {words, toolchain, force = false}: UninstallRequest,
): Promise<Removable[]> {
  const found = words.flatMap(word => {
    try {
      return findNamed(context, definitions, word, toolchain)
    } catch (error) {
      if (force && isUserError(error, 'VERSION_NOT_INSTALLED')) return []
      throw error
    }
  })
  if (found.length === 0) return []
  const uses = await findUses(context, definitions)
  // Who names a version is asked for no other proof than that nobody is known to need it.
  for (const {why} of uses.unsure) context.log.warning(why)
  const each = new Map(found.map(one => [one.directory, {...one, uses: uses.of(one)}]))
  return [...each.values()]
}

/**
 * Removes versions; the links of specs move to what is left, and shims of nothing go.
 * @throws UserError PERMISSION_DENIED, READ_ONLY
 */
export async function uninstall(
  context: Context,
  definitions: Definitions,
  versions: readonly Installed[],
): Promise<void> {
  for (const version of versions) await remove(context, version)
  if (versions.length > 0) await rehashAfter(context, definitions)
}
