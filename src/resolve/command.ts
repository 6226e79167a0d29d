import {closeSync, openSync, readSync} from 'node:fs'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin} from '../base/origin.ts'
import {quoteWord} from '../base/quote-word.ts'
import {listInstalled} from '../store/installed.ts'
import {readReceipt} from '../store/receipt.ts'
import type {Installed} from '../store/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {binOf, binsOnPath, programOf, versionOf} from './bin.ts'
import {notInstalled} from './missing.ts'
import {findNode} from './node.ts'
import {findProgram} from './programs.ts'
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
  if (resolved.via === 'missing') throw notInstalled(resolved, context)
  const file = programOf(resolved, executable, context)
  if (file === undefined) throw notFound(resolved, executable, context)
  switch (resolved.via) {
    case 'system':
      return {file, args: [], binDirectories: []}
    default: {
      const binDirectories = binsOnPath(resolved)
      if (!isForNode(resolved, file, executable)) return {file, args: [], binDirectories}
      return {file: findNode(context, definitions), args: [file], binDirectories}
    }
  }
}

/** The receipt knows; what a person put there by hand is asked itself. */
function isForNode(resolved: Resolved, file: string, executable: string): boolean {
  if (resolved.via === 'node-modules' && resolved.scripts.includes(executable)) return true
  const receipt = resolved.via === 'store' ? readReceipt(resolved.installed) : undefined
  if (receipt === undefined || !Object.hasOwn(receipt.executables, executable)) return hasNodeShebang(file)
  return receipt.executables[executable]?.runtime === 'node'
}

function hasNodeShebang(path: string): boolean {
  const file = openIfReadable(path)
  if (file === undefined) return false
  try {
    const start = Buffer.alloc(128)
    const length = readSync(file, start, 0, start.length, 0)
    return /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(?:\S*\/)?node\s*\n/.test(start.toString('latin1', 0, length))
  } finally {
    closeSync(file)
  }
}

/** A program that may be run need not be one that may be read. */
function openIfReadable(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
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
  const version = versionOf(resolved)
  if (version === undefined)
    return resolved.via === 'path' ? resolved.bin : `${resolved.toolchain} is the system’s, whose PATH`
  const where = {'node-modules': ' of node_modules', 'on-path': ` of ${binOf(resolved)}`}
  return `${resolved.toolchain} ${version}${where[resolved.via as keyof typeof where] ?? ''}`
}
