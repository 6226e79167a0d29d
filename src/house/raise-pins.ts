import {basename} from 'node:path'
import type {Context} from '../base/context.ts'
import {ownPinFileName} from '../pin/readers.ts'
import type {Pin, Specs} from '../pin/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import type {VersionSpec} from '../version/spec.ts'
import {setPins} from './pin-file.ts'

/** Whether a pin stands in a file of ours, which can be edited; a variable, or another tool's file, is the person's to change. */
export function isOurs({origin}: Pin, context: Context): boolean {
  if (origin.kind !== 'file') return false
  return origin.path === context.layout.globalPins || basename(origin.path) === ownPinFileName(context)
}

/**
 * Writes another spec in the place of one, where a pin stands; everything else in the file stays as it is.
 * @throws UserError PIN_*, PERMISSION_DENIED, READ_ONLY, DISK_FULL
 */
export async function rewritePin(
  context: Context,
  definitions: Definitions,
  {toolchain, specs, origin}: Pin,
  change: {from: VersionSpec; to: VersionSpec},
): Promise<void> {
  if (origin.kind !== 'file') throw new Error(`${toolchain} is pinned by no file`)
  const [first, ...others] = specs.map(spec => (spec === change.from ? change.to : spec))
  const next: Specs = [first ?? change.to, ...others]
  await setPins(context, definitions, origin.path, [{toolchain, specs: next}])
}
