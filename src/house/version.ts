import {resolve} from 'node:path'
import {ancestors} from '../base/ancestors.ts'
import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {findPin, startingPoints} from '../pin/find.ts'
import {pinsIn} from '../pin/readers.ts'
import {versionOf} from '../resolve/bin.ts'
import {resolveLocal} from '../resolve/local.ts'
import {notInstalled} from '../resolve/missing.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/** The version of a toolchain that holds here, and what says so. */
export interface HeldVersion {
  toolchain: string
  /** Its name in the store; `system`, or what stands for a folder. */
  version: string
  origin: Origin
}

/**
 * The version of a toolchain that holds here. That of the system is not looked for.
 * @throws UserError VERSION_NOT_INSTALLED (7), PIN_*, PATH_PIN_*
 */
export function heldVersion(context: Context, definitions: Definitions, toolchain: string): HeldVersion {
  const pin = findPin(context, definitions, toolchain)
  const {origin} = pin
  if (pin.specs[0].kind === 'system') return {toolchain, version: 'system', origin}
  const resolved = resolveLocal(context, definitions.get(toolchain, origin), pin)
  if (resolved.via === 'missing') throw notInstalled(resolved, context)
  return {
    toolchain,
    version: versionOf(resolved) ?? resolved.spec.text,
    origin,
  }
}

/**
 * The file that says which version of a toolchain holds here, whatever variables say: the nearest that pins it, else the
 * global one, whether it is there or not.
 * @throws UserError PIN_*, DIRECTORY_NOT_FOUND
 */
export function versionFile(context: Context, definitions: Definitions, toolchain: string): string {
  for (const start of startingPoints(context)) {
    const file = versionFileAbove(context, definitions, toolchain, start)
    if (file !== undefined) return file
  }
  return context.layout.globalPins
}

/** The nearest file at or above a folder that pins a toolchain; undefined where none does. @throws UserError PIN_* */
export function versionFileAbove(
  context: Context,
  definitions: Definitions,
  toolchain: string,
  directory: string,
): string | undefined {
  for (const at of ancestors(resolve(context.cwd, directory))) {
    for (const {toolchain: name, origin} of pinsIn(at, context, definitions, toolchain))
      if (name === toolchain && origin.kind === 'file') return origin.path
  }
  return undefined
}

/**
 * What says which version of a toolchain holds here: the name of a variable, or the path of a file.
 * @throws UserError PIN_*, DIRECTORY_NOT_FOUND
 */
export function versionOrigin(context: Context, definitions: Definitions, toolchain: string): string {
  const {origin} = findPin(context, definitions, toolchain)
  if (origin.kind === 'variable') return origin.name
  return origin.kind === 'file' ? origin.path : context.layout.globalPins
}
