import type {Context} from '../base/context.ts'
import {type Ensured, ensureInstalled} from '../install/ensure.ts'
import type {Pin} from '../pin/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {withProgress} from './with-progress.ts'

/** Installs what is missing of the pins, with progress on stderr. */
export async function installPins(
  context: Context,
  definitions: Definitions,
  pins: readonly Pin[],
  {force = false, quiet = false} = {},
): Promise<Ensured[]> {
  return withProgress(context, quiet, shown => ensureInstalled(context, definitions, pins, {...shown, force}))
}
