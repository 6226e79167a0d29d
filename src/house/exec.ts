import {delimiter} from 'node:path'
import type {Context} from '../base/context.ts'
import {currentPins} from '../pin/find.ts'
import type {Pin} from '../pin/types.ts'
import {binOf} from '../resolve/bin.ts'
import {commandOf} from '../resolve/command.ts'
import {resolveExecutable} from '../resolve/executable.ts'
import {resolveLocal} from '../resolve/local.ts'
import {findOnPath, findProgram} from '../resolve/programs.ts'
import type {CommandLine, Resolved} from '../resolve/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {commandNotFound} from './which.ts'

export interface ExecRequest {
  command: string
  args: readonly string[]
  /** Versions named on the command line, which replace the pins of their toolchains. */
  pins: readonly Pin[]
}

export interface ExecPlan {
  file: string
  args: string[]
  /** The whole environment: the folder of the version first on PATH, nothing else changed. */
  env: Record<string, string>
  /** The versions that it needs. */
  resolved: readonly Resolved[]
}

/**
 * The versions that a command needs and that are not there.
 * @throws UserError PIN_*, PATH_PIN_*, UNKNOWN_TOOLCHAIN
 */
export function missingFor(context: Context, definitions: Definitions, request: ExecRequest): Pin[] {
  return resolvedFor(context, definitions, request)
    .filter(({via}) => via === 'missing')
    .map(({pin}) => pin)
}

/**
 * How a command becomes a process: a toolchain's own executable of the pinned version, or any other program with the
 * folders of all pinned versions first on its PATH.
 * @throws UserError VERSION_NOT_INSTALLED (7), COMMAND_NOT_FOUND (127), and those of `missingFor`
 */
export function planExec(context: Context, definitions: Definitions, request: ExecRequest): ExecPlan {
  const resolved = resolvedFor(context, definitions, request)
  const {file, args, binDirectories} = commandLine(context, definitions, request, resolved)
  const path = [...binDirectories, ...(context.env.PATH ? [context.env.PATH] : [])].join(delimiter)
  const env = {...definedOnly(context.env), PATH: path}
  return {file, args: [...args, ...request.args], env, resolved}
}

function commandLine(
  context: Context,
  definitions: Definitions,
  {command}: ExecRequest,
  resolved: readonly Resolved[],
): CommandLine {
  const owner = resolved.find(({toolchain}) =>
    definitions.providing(command).some(({name}) => name === toolchain),
  )
  if (owner) {
    const line = commandOf(context, definitions, owner, command)
    return {...line, binDirectories: [...new Set([...line.binDirectories, ...binsOf(resolved)])]}
  }
  const bins = binsOf(resolved)
  const file =
    firstProgram(bins, command, context) ?? (command.includes('/') ? command : findOnPath(command, context))
  if (file === undefined) throw commandNotFound(command, definitions)
  return {file, args: [], binDirectories: bins}
}

/** Only what the command needs: its own toolchain if it has one, else everything that is pinned here. */
function resolvedFor(context: Context, definitions: Definitions, {command, pins}: ExecRequest): Resolved[] {
  const named = pins.map(pin => resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin))
  if (named.length > 0) return named
  const owner = resolveExecutable(context, definitions, command)
  if (owner) return [owner]
  if (definitions.providing(command).length > 0) return []
  return currentPins(context, definitions)
    .map(pin => resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin))
    .filter(({via}) => via === 'store' || via === 'path')
}

function binsOf(resolved: readonly Resolved[]): string[] {
  return resolved.map(binOf).filter(bin => bin !== undefined)
}

function firstProgram(directories: readonly string[], name: string, context: Context): string | undefined {
  for (const directory of directories) {
    const program = findProgram(directory, name, context)
    if (program !== undefined) return program
  }
  return undefined
}

function definedOnly(env: Context['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
