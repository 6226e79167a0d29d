import type {Context} from '../base/context.ts'
import {findPin} from '../pin/find.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {programOf} from './bin.ts'
import {resolveLocal} from './local.ts'
import type {Resolved} from './types.ts'

/**
 * The pinned toolchain that a command such as `tsc` belongs to. Of several, one whose version here has it, then one that
 * is pinned to be the system's; undefined if no toolchain has it, or none that has is pinned.
 * @throws UserError PIN_*, PATH_PIN_*
 */
export function resolveExecutable(
  context: Context,
  definitions: Definitions,
  executable: string,
): Resolved | undefined {
  const pinned = definitions
    .providing(executable)
    .map(definition => ({definition, pin: findPin(context, definitions, definition.name)}))
    .filter(({pin}) => pin.origin.kind !== 'default')
    .map(({definition, pin}) => resolveLocal(context, definition, pin))
  return (
    pinned.find(resolved => resolved.via !== 'system' && programOf(resolved, executable, context)) ??
    pinned.find(({via}) => via !== 'system') ??
    pinned[0]
  )
}
