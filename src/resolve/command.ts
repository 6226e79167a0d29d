import {closeSync, openSync, readSync} from 'node:fs'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin} from '../base/origin.ts'
import {quoteWord} from '../base/quote-word.ts'
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

export function notInstalled({toolchain, spec, pin}: Resolved, {cwd}: Context): UserError {
  const text = printSpec(spec)
  return new UserError({
    code: 'VERSION_NOT_INSTALLED',
    message: `${toolchain} ${text} is not installed (set by ${describeOrigin(pin.origin, cwd)})`,
    hint: `tool install ${quoteWord(`${toolchain}@${text}`)}`,
    exitCode: Exit.notInstalled,
  })
}

function notFound(resolved: Resolved, executable: string, context: Context): UserError {
  const origin = describeOrigin(resolved.pin.origin, context.cwd)
  return new UserError({
    code: 'COMMAND_NOT_FOUND',
    message: `${placeOf(resolved)} has no command ${JSON.stringify(executable)} (set by ${origin})`,
    hint: whereToFind(resolved, executable, context),
    exitCode: Exit.commandNotFound,
  })
}

function whereToFind(resolved: Resolved, executable: string, context: Context): string {
  const {toolchain} = resolved
  if (resolved.via === 'store' && isPromised(resolved.installed, executable)) {
    const version = quoteWord(`${toolchain}@${resolved.installed.version}`)
    return `it was removed from there; to put it back: tool install --force ${version}`
  }
  const others = listInstalled(context, toolchain)
    .filter(({bin}) => findProgram(bin, executable, context))
    .map(({version}) => version)
  if (others.length > 0) return `it is in ${toolchain} ${others.join(', ')}`
  if (resolved.via === 'system')
    return `install it on this machine, or pin a version instead, such as: ${toolchain} latest`
  return `pin a version that has it, such as: tool install ${toolchain}@latest`
}

function isPromised(installed: Installed, executable: string): boolean {
  return Object.hasOwn(readReceipt(installed)?.executables ?? {}, executable)
}

function placeOf(resolved: Resolved): string {
  if (resolved.via === 'store') return `${resolved.toolchain} ${resolved.installed.version}`
  return resolved.via === 'path' ? resolved.bin : `${resolved.toolchain} is the system’s, whose PATH`
}
