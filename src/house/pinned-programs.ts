import type {Context} from '../base/context.ts'
import {currentPins} from '../pin/find.ts'
import {binsOnPath} from '../resolve/bin.ts'
import {resolvePin} from '../resolve/local.ts'
import {findProgram} from '../resolve/programs.ts'
import type {Resolved} from '../resolve/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * The pinned versions in whose folders a command is looked for that no definition names: those of a version that a
 * person linked or put there by hand, say. None for a command that a toolchain owns.
 * @throws UserError PIN_*, PATH_PIN_*, LOCK_INVALID, UNKNOWN_TOOLCHAIN
 */
export function pinnedAround(context: Context, definitions: Definitions, command: string): Resolved[] {
  if (definitions.providing(command).length > 0) return []
  return currentPins(context, definitions)
    .map(pin => resolvePin(context, definitions, pin))
    .filter(one => isWanted(one, context))
}

/** Nobody waits for what is only pinned globally, to run a command that may not need it. */
function isWanted({via, pin}: Resolved, {layout}: Context): boolean {
  const isGlobal = pin.origin.kind === 'file' && pin.origin.path === layout.globalPins
  return via !== 'system' && !(via === 'missing' && isGlobal)
}

/** The first of these versions in whose folders a command is, and its file. */
export function firstWith(
  all: readonly Resolved[],
  command: string,
  context: Context,
): {resolved: Resolved; file: string} | undefined {
  for (const resolved of all)
    for (const directory of binsOnPath(resolved)) {
      const file = findProgram(directory, command, context)
      if (file !== undefined) return {resolved, file}
    }
  return undefined
}
