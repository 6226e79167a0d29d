import type {Context} from '../base/context.ts'
import {findPin} from '../pin/find.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {binOf} from './bin.ts'
import {resolveLocal} from './local.ts'
import {findProgram} from './programs.ts'
import type {Resolved} from './types.ts'

/**
 * The pinned toolchain that a command such as `tsc` belongs to. Of several, one whose version here has it; undefined
 * if no toolchain has it, or none that has is pinned, so that it is the system's.
 * @throws UserError PIN_*, PATH_PIN_*
 */
export function resolveExecutable(
  context: Context,
  definitions: Definitions,
  executable: string,
): Resolved | undefined {
  const pinned = definitions
    .providing(executable)
    .map(definition => resolveLocal(context, definition, findPin(context, definition.name)))
    .filter(({via}) => via !== 'system')
  return pinned.find(resolved => hasProgram(resolved, executable, context)) ?? pinned[0]
}

function hasProgram(resolved: Resolved, executable: string, context: Context): boolean {
  const bin = binOf(resolved)
  return bin !== undefined && findProgram(bin, executable, context) !== undefined
}
