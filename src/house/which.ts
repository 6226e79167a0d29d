import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import {binOf} from '../resolve/bin.ts'
import {commandOf} from '../resolve/command.ts'
import {resolveExecutable} from '../resolve/executable.ts'
import {findOnPath, findProgram} from '../resolve/programs.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * The absolute path of the program that a command means here: of the pinned version, else of the system.
 * @throws UserError VERSION_NOT_INSTALLED (7), COMMAND_NOT_FOUND (127), PIN_*
 */
export function which(context: Context, definitions: Definitions, command: string): string {
  const resolved = resolveExecutable(context, definitions, command)
  if (resolved) {
    // The program itself, not the interpreter that runs it.
    const bin = binOf(resolved)
    const own = bin === undefined ? undefined : findProgram(bin, command, context)
    return own ?? commandOf(context, definitions, resolved, command).file
  }
  const file = findOnPath(command, context)
  if (file === undefined) throw commandNotFound(command, definitions)
  return file
}

/** No toolchain that is pinned here has it, and neither has the PATH. */
export function commandNotFound(command: string, definitions: Definitions): UserError {
  const owners = definitions.providing(command).map(({name}) => name)
  const near = nearestNames(command, allExecutables(definitions))
  const hint =
    owners.length > 0
      ? `${owners.join(' and ')} has it: pin a version in .toolversion, such as "${owners[0]} latest"`
      : near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : 'no toolchain that tool knows has it'
  return new UserError({
    code: 'COMMAND_NOT_FOUND',
    message: `there is no command ${JSON.stringify(command)} here: no pinned toolchain has it, nor has the PATH`,
    hint,
    exitCode: Exit.commandNotFound,
  })
}

function allExecutables(definitions: Definitions): Set<string> {
  const origin = {kind: 'default'} as const
  return new Set(
    definitions.names().flatMap(name => {
      try {
        return Object.keys(definitions.get(name, origin).executables)
      } catch {
        return []
      }
    }),
  )
}
