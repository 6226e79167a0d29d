import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {projectId} from '../base/layout.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {toolchainOfBareSpecs, toolchainOfGlobalSpecs} from '../pin/bare-specs.ts'
import {removePin, setPin} from '../pin/edit.ts'
import {parsePinText} from '../pin/parse.ts'
import {readPinText} from '../pin/read.ts'
import type {Pin, PinFile} from '../pin/types.ts'
import {writePinFile} from '../pin/write.ts'
import {exclusively} from '../process/exclusively.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * Changes a pin file of ours, or makes it: `change` gets what it says at that moment, and returns nothing where it is to
 * stay. Of several who do so at once each sees what the others wrote.
 * @throws UserError PIN_*, PERMISSION_DENIED, READ_ONLY, DISK_FULL; what `change` throws
 */
export async function editPinFile(
  context: Context,
  definitions: Definitions,
  path: string,
  change: (before: PinFile) => PinFile | undefined,
): Promise<void> {
  // One that is a link is written where it leads to.
  const folder = dirname(realPathIfAny(path) ?? path)
  await using _lock = await exclusively(context, path, () => `pin-file-${projectId(folder)}`)
  const after = change(openPinFile(context, definitions, path))
  if (after !== undefined) writePinFile(after)
}

/**
 * Has a pin file of ours pin these versions, which makes the file where there is none; whatever else it says stays.
 * @throws UserError PIN_*, PERMISSION_DENIED, READ_ONLY, DISK_FULL
 */
export async function setPins(
  context: Context,
  definitions: Definitions,
  path: string,
  pins: readonly Pick<Pin, 'toolchain' | 'specs'>[],
): Promise<void> {
  await editPinFile(context, definitions, path, before =>
    pins.reduce((file, {toolchain, specs}) => setPin(file, toolchain, specs), before),
  )
}

/**
 * Takes toolchains out of a pin file of ours.
 * @returns those that were in it
 * @throws UserError PIN_*, PERMISSION_DENIED, READ_ONLY
 */
export async function unsetPins(
  context: Context,
  definitions: Definitions,
  path: string,
  toolchains: readonly string[],
): Promise<string[]> {
  let there: string[] = []
  await editPinFile(context, definitions, path, before => {
    there = toolchains.filter(name => before.pins.some(({toolchain}) => toolchain === name))
    return there.length > 0 ? there.reduce((file, name) => removePin(file, name), before) : undefined
  })
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
