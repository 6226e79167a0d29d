import type {Context} from '../base/context.ts'
import {withFirstOnPath, withVariables} from '../base/variables.ts'
import type {Pin} from '../pin/types.ts'
import {binsOnPath, programOf} from '../resolve/bin.ts'
import {commandOf} from '../resolve/command.ts'
import {resolveExecutable} from '../resolve/executable.ts'
import {resolvePin} from '../resolve/local.ts'
import {findOnPath} from '../resolve/programs.ts'
import {runtimeOf} from '../resolve/runtime.ts'
import {type CommandLine, isIncomplete, type Resolved} from '../resolve/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {firstWith, pinnedAround} from './pinned-programs.ts'
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

/** The versions that a command is to have, as far as they are there. */
export interface ExecNeeds {
  resolved: readonly Resolved[]
  /** Whether the command is one of theirs, or they were named for it: without them it can't run. */
  essential: boolean
  /** The Node that the project pins, where scripts are to be run by it. */
  runtime?: Resolved | undefined
}

/**
 * What a command needs: the versions named for it, else its own toolchain's, else everything that is pinned here.
 * @throws UserError PIN_*, PATH_PIN_*, LOCK_INVALID, UNKNOWN_TOOLCHAIN
 */
export function execNeeds(
  context: Context,
  definitions: Definitions,
  {command, pins}: Pick<ExecRequest, 'command' | 'pins'>,
): ExecNeeds {
  const own =
    pins.length > 0
      ? pins.map(pin => resolvePin(context, definitions, pin))
      : [resolveExecutable(context, definitions, command) ?? []].flat()
  if (own.length > 0) return {resolved: own, essential: true, runtime: runtimeOf(context, definitions, own)}
  return {resolved: pinnedAround(context, definitions, command), essential: false}
}

/** Whether something must be installed first, or programs be asked for their version. */
export function needsMore({resolved, runtime}: ExecNeeds): boolean {
  return [...resolved, ...(runtime ? [runtime] : [])].some(isIncomplete)
}

/**
 * How a command becomes a process: a toolchain's own executable of the version that it needs, or any other program with
 * the folders of all of them first on its PATH.
 * @throws UserError VERSION_NOT_INSTALLED (7), LOCK_OUTDATED (3), COMMAND_NOT_FOUND (127)
 */
export function planExec(
  context: Context,
  definitions: Definitions,
  request: ExecRequest,
  resolved = execNeeds(context, definitions, request).resolved,
): ExecPlan {
  const {file, args, binDirectories} = commandLine(context, definitions, request.command, resolved)
  const {os} = context.platform
  const env = withFirstOnPath(os, withVariables(os, context.env), binDirectories)
  return {file, args: [...args, ...request.args], env, resolved}
}

function commandLine(
  context: Context,
  definitions: Definitions,
  command: string,
  resolved: readonly Resolved[],
): CommandLine {
  const names = definitions.providing(command).map(({name}) => name)
  const owners = resolved.filter(({toolchain}) => names.includes(toolchain))
  const owner = owners.find(one => programOf(one, command, context)) ?? owners[0]
  const bins = resolved.flatMap(binsOnPath)
  if (owner) {
    const node = resolved.find(({toolchain}) => toolchain === 'node')
    const named = node && programOf(node, 'node', context)
    const line = commandOf(
      context,
      definitions,
      owner,
      command,
      named === undefined ? undefined : () => named,
    )
    return {...line, binDirectories: [...new Set([...line.binDirectories, ...bins])]}
  }
  const file =
    firstWith(resolved, command, context)?.file ??
    (isPath(command, context) ? command : findOnPath(command, context))
  if (file === undefined) throw commandNotFound(command, definitions)
  return {file, args: [], binDirectories: bins}
}

function isPath(command: string, {platform}: Context): boolean {
  return command.includes('/') || (platform.os === 'win32' && command.includes('\\'))
}
