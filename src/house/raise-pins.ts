import {basename, dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {toolchainOfBareSpecs, toolchainOfGlobalSpecs} from '../pin/bare-specs.ts'
import {setPin} from '../pin/edit.ts'
import {parsePinText} from '../pin/parse.ts'
import {readPinText} from '../pin/read.ts'
import {ownPinFileName} from '../pin/readers.ts'
import type {Pin, Specs} from '../pin/types.ts'
import {writePinFile} from '../pin/write.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import type {VersionSpec} from '../version/spec.ts'

/** Whether a pin stands in a file of ours, which can be edited; a variable, or another tool's file, is the person's to change. */
export function isOurs({origin}: Pin, context: Context): boolean {
  if (origin.kind !== 'file') return false
  return origin.path === context.layout.globalPins || basename(origin.path) === ownPinFileName(context)
}

/**
 * Writes another spec in the place of one, where a pin stands; everything else in the file stays as it is.
 * @throws UserError PIN_*, PERMISSION_DENIED, READ_ONLY, DISK_FULL
 */
export function rewritePin(
  context: Context,
  definitions: Definitions,
  {toolchain, specs, origin}: Pin,
  change: {from: VersionSpec; to: VersionSpec},
): void {
  if (origin.kind !== 'file') throw new Error(`${toolchain} is pinned by no file`)
  const {path} = origin
  const text = readPinText(path, context, {name: basename(path)})
  if (text === undefined) throw new Error(`${path} is gone`)
  const isGlobal = path === context.layout.globalPins
  const file = parsePinText(text, path, {
    defaultToolchain: () =>
      isGlobal ? toolchainOfGlobalSpecs(context) : toolchainOfBareSpecs(dirname(path), context),
    canonical: definitions.canonical,
    log: context.log,
    cwd: context.cwd,
  })
  const next = specs.map(spec => (spec === change.from ? change.to : spec)) as unknown as Specs
  writePinFile(setPin(file, toolchain, next))
}
