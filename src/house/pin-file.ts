import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {toolchainOfBareSpecs, toolchainOfGlobalSpecs} from '../pin/bare-specs.ts'
import {removePin, setPin} from '../pin/edit.ts'
import {parsePinText} from '../pin/parse.ts'
import {readPinText} from '../pin/read.ts'
import type {Pin, PinFile} from '../pin/types.ts'
import {writePinFile} from '../pin/write.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * Has a pin file of ours pin these versions, which makes the file where there is none; whatever else it says stays.
 * @throws UserError PIN_*, PERMISSION_DENIED, READ_ONLY, DISK_FULL
 */
export function setPins(
  context: Context,
  definitions: Definitions,
  path: string,
  pins: readonly Pick<Pin, 'toolchain' | 'specs'>[],
): void {
  const before = openPinFile(context, definitions, path)
  const after = pins.reduce((file, {toolchain, specs}) => setPin(file, toolchain, specs), before)
  writePinFile(after)
}

/**
 * Takes toolchains out of a pin file of ours.
 * @returns those that were in it
 * @throws UserError PIN_*, PERMISSION_DENIED, READ_ONLY
 */
export function unsetPins(
  context: Context,
  definitions: Definitions,
  path: string,
  toolchains: readonly string[],
): string[] {
  const before = openPinFile(context, definitions, path)
  const there = toolchains.filter(name => before.pins.some(({toolchain}) => toolchain === name))
  if (there.length > 0) writePinFile(there.reduce((file, name) => removePin(file, name), before))
  return there
}

/** A pin file of ours, empty where there is none. */
export function openPinFile(context: Context, definitions: Definitions, path: string): PinFile {
  const isGlobal = path === context.layout.globalPins
  const {log, cwd} = context
  return parsePinText(readPinText(path, context) ?? '', path, {
    defaultToolchain: () =>
      isGlobal ? toolchainOfGlobalSpecs(context) : toolchainOfBareSpecs(dirname(path), context),
    canonical: definitions.canonical,
    log,
    cwd,
  })
}
