import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {installedToolchains} from '../store/installed.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * The toolchain that a person named, by its name or an alias. One whose definition is gone still has its versions.
 * @throws UserError UNKNOWN_TOOLCHAIN
 */
export function toolchainNamed(
  context: Context,
  definitions: Definitions,
  name: string,
  origin: Origin,
): string {
  if (definitions.names().includes(name) || installedToolchains(context).includes(name)) return name
  return definitions.get(name, origin).name
}
