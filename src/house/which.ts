import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import {quoteWord} from '../base/quote-word.ts'
import {programOf, versionOf} from '../resolve/bin.ts'
import {commandOf} from '../resolve/command.ts'
import {describeResolved} from '../resolve/describe.ts'
import {resolveExecutable} from '../resolve/executable.ts'
import {findOnPath} from '../resolve/programs.ts'
import type {Resolved} from '../resolve/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {firstWith, pinnedAround} from './pinned-programs.ts'

/** The program that a command means. */
export interface WhichProgram {
  /** Absolute. */
  path: string
  /** The toolchain that it is of, and its version where that is known; null for what no pinned toolchain has. */
  toolchain: string | null
  version: string | null
  /** Which of all that could be meant it is, and why. */
  reason: string
}

/**
 * The program that a command means here: of the pinned version, else of the system. Starts nothing: what programs on
 * PATH have not been asked for their version before does not count.
 * @throws UserError VERSION_NOT_INSTALLED (7), COMMAND_NOT_FOUND (127), LOCK_OUTDATED (3), PIN_*
 */
export function which(context: Context, definitions: Definitions, command: string): WhichProgram {
  const resolved = resolveExecutable(context, definitions, command)
  if (resolved) {
    // The program itself, not the interpreter that runs it.
    const path =
      programOf(resolved, command, context) ?? commandOf(context, definitions, resolved, command).file
    return programIn(resolved, path, context)
  }
  const here = firstWith(pinnedAround(context, definitions, command), command, context)
  if (here) return programIn(here.resolved, here.file, context)
  const path = findOnPath(command, context)
  if (path === undefined) throw commandNotFound(command, definitions)
  return {
    path,
    toolchain: null,
    version: null,
    reason: 'from PATH, since no toolchain that is pinned here has it',
  }
}

function programIn(resolved: Resolved, path: string, context: Context): WhichProgram {
  return {
    path,
    toolchain: resolved.toolchain,
    version: versionOf(resolved) ?? null,
    reason: describeResolved(resolved, context),
  }
}

/** No toolchain that is pinned here has it, and neither has the PATH. */
export function commandNotFound(command: string, definitions: Definitions): UserError {
  if (command.trim() === '') {
    return new UserError({
      code: 'COMMAND_NOT_FOUND',
      message: 'the name of the command is empty',
      hint: 'name one, such as tsc',
      exitCode: Exit.commandNotFound,
    })
  }
  const hint = versionHint(command, definitions) ?? commandHint(command, definitions)
  return new UserError({
    code: 'COMMAND_NOT_FOUND',
    message: `there is no command ${JSON.stringify(command)} here: no pinned toolchain has it, nor has the PATH`,
    hint,
    exitCode: Exit.commandNotFound,
  })
}

/** For who writes a version, or the name of a toolchain, where the command belongs. */
function versionHint(command: string, definitions: Definitions): string | undefined {
  const [name = ''] = command.split('@')
  const toolchain = definitions.canonical(name)
  if (toolchain === undefined) return undefined
  const {executables} = definitions.get(toolchain, {kind: 'default'})
  const [first = 'COMMAND'] = Object.keys(executables)
  if (command === name)
    return `${name} is a toolchain, with the commands ${Object.keys(executables).join(', ')}`
  return `a version stands before the command, with -- between them: tool exec ${quoteWord(command)} -- ${first}`
}

function commandHint(command: string, definitions: Definitions): string {
  const owners = definitions.providing(command).map(({name}) => name)
  if (owners.length > 0)
    return `${owners.join(' and ')} has it: pin a version in .toolversion, such as "${owners[0]} latest"`
  const near = nearestNames(command, allExecutables(definitions))
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'no toolchain that tool knows has it'
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
