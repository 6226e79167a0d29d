import {basename, dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin} from '../base/origin.ts'
import type {Definition} from '../model/definition.ts'
import {pinFromArgument} from '../pin/argument.ts'
import {findPin} from '../pin/find.ts'
import type {Pin} from '../pin/types.ts'
import {binOf} from '../resolve/bin.ts'
import {executableNames, resolveLocal} from '../resolve/local.ts'
import {notInstalled} from '../resolve/missing.ts'
import {findOnPath} from '../resolve/programs.ts'
import {findInstalled} from '../store/installed.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * The folder of a version, of the pinned one if none is named; of a package in node_modules its own, of the system's the parent of the `bin` on PATH that has
 * its program.
 * @throws UserError VERSION_NOT_INSTALLED (7), COMMAND_NOT_FOUND (127), PIN_*, PATH_PIN_*, UNKNOWN_TOOLCHAIN
 */
export function prefix(
  context: Context,
  definitions: Definitions,
  toolchain: string,
  version?: string,
): string {
  // A version that a person put there may have a name that no pin can.
  const named = version === undefined ? undefined : findInstalled(context, toolchain, version)
  if (named !== undefined) return named.directory
  const pin =
    version === undefined
      ? findPin(context, definitions, toolchain)
      : pinFromArgument(version, toolchain, context)
  const definition = definitions.get(pin.toolchain, pin.origin)
  const resolved = resolveLocal(context, definition, pin)
  if (resolved.via === 'missing') throw notInstalled(resolved, context)
  if (resolved.via === 'node-modules') return resolved.directory
  const bin = binOf(resolved) ?? systemBin(context, definition, pin)
  return basename(bin) === 'bin' ? dirname(bin) : bin
}

function systemBin(context: Context, definition: Definition, {toolchain, origin}: Pin): string {
  const names = [...new Set(executableNames(definition))]
  const program = names.map(name => findOnPath(name, context)).find(found => found !== undefined)
  if (program !== undefined) return dirname(program)
  throw new UserError({
    code: 'COMMAND_NOT_FOUND',
    message: `the system has no ${toolchain}: none of ${names.join(', ')} is on PATH (set by ${describeOrigin(origin, context.cwd)})`,
    hint: `install it on this machine, or pin a version: tool local ${toolchain}@latest`,
    exitCode: Exit.commandNotFound,
  })
}
