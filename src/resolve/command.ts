import {closeSync, openSync, readSync} from 'node:fs'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin} from '../base/origin.ts'
import {listInstalled} from '../store/installed.ts'
import {readReceipt} from '../store/receipt.ts'
import type {Installed} from '../store/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {printSpec} from '../version/spec.ts'
import {findNode} from './node.ts'
import {findOnPath, findProgram} from './programs.ts'
import type {CommandLine, Resolved} from './types.ts'

/**
 * How an executable of a resolved toolchain is run.
 * @throws UserError VERSION_NOT_INSTALLED (exit 7), COMMAND_NOT_FOUND (exit 127)
 */
export function commandOf(
  context: Context,
  definitions: Definitions,
  resolved: Resolved,
  executable: string,
): CommandLine {
  switch (resolved.via) {
    case 'missing':
      throw notInstalled(resolved, context)
    case 'system': {
      const file = findOnPath(executable, context)
      if (file === undefined) throw notFound(resolved, executable, context)
      return {file, args: [], binDirectories: []}
    }
    case 'path':
      return inDirectory(context, definitions, resolved, executable, resolved.bin)
    case 'store':
      return inDirectory(context, definitions, resolved, executable, resolved.installed.bin)
  }
}

function inDirectory(
  context: Context,
  definitions: Definitions,
  resolved: Resolved,
  executable: string,
  bin: string,
): CommandLine {
  const file = findProgram(bin, executable, context)
  if (file === undefined) throw notFound(resolved, executable, context)
  const installed = resolved.via === 'store' ? resolved.installed : undefined
  if (!isForNode(file, executable, installed)) return {file, args: [], binDirectories: [bin]}
  return {file: findNode(context, definitions), args: [file], binDirectories: [bin]}
}

/** The receipt knows; what a person put there by hand is asked itself. */
function isForNode(file: string, executable: string, installed: Installed | undefined): boolean {
  const receipt = installed && readReceipt(installed)
  if (receipt === undefined || !Object.hasOwn(receipt.executables, executable)) return hasNodeShebang(file)
  return receipt.executables[executable]?.runtime === 'node'
}

function hasNodeShebang(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(128)
    const length = readSync(file, start, 0, start.length, 0)
    return /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(?:\S*\/)?node\s*\n/.test(start.toString('latin1', 0, length))
  } finally {
    closeSync(file)
  }
}

function notInstalled({toolchain, spec, pin}: Resolved, {cwd}: Context): UserError {
  const text = printSpec(spec)
  return new UserError({
    code: 'VERSION_NOT_INSTALLED',
    message: `${toolchain} ${text} is not installed (set by ${describeOrigin(pin.origin, cwd)})`,
    hint: `tool install ${/^[\w.@/+-]+$/.test(text) ? `${toolchain}@${text}` : `"${toolchain}@${text}"`}`,
    exitCode: Exit.notInstalled,
  })
}

function notFound(resolved: Resolved, executable: string, context: Context): UserError {
  const {toolchain, pin} = resolved
  const where = resolved.via === 'store' ? `${toolchain} ${resolved.installed.version}` : placeOf(resolved)
  const others = listInstalled(context, toolchain)
    .filter(({bin}) => findProgram(bin, executable, context))
    .map(({version}) => version)
  return new UserError({
    code: 'COMMAND_NOT_FOUND',
    message: `${where} has no command ${JSON.stringify(executable)} (set by ${describeOrigin(pin.origin, context.cwd)})`,
    hint:
      others.length > 0
        ? `it is in ${toolchain} ${others.join(', ')}`
        : `pin a version that has it, such as: tool install ${toolchain}@latest`,
    exitCode: Exit.commandNotFound,
  })
}

function placeOf(resolved: Resolved): string {
  return resolved.via === 'path' ? resolved.bin : 'the system’s PATH'
}
