import type {Context} from '../../base/context.ts'
import {describeOrigin} from '../../base/origin.ts'
import type {CurrentPin} from '../../house/current.ts'
import {columns} from './columns.ts'

/**
 * A line a pin: toolchain, version, what set it; what is not simply in the store says where it comes from, and what is
 * missing how to get it. With `verbose` each says where it comes from.
 */
export function renderCurrent(
  pins: readonly CurrentPin[],
  {cwd}: Pick<Context, 'cwd'>,
  {verbose = false} = {},
): string {
  return columns(
    pins.map(pin => [
      pin.toolchain,
      pin.version ?? pin.specs.join(' '),
      verbose || !isPlain(pin) ? inFull(pin) : inBrief(pin, cwd),
    ]),
  )
}

function inFull({reason, hint}: CurrentPin): string {
  return hint === undefined ? `(${reason})` : `${reason}: ${hint}`
}

function inBrief(pin: CurrentPin, cwd: string): string {
  const note = pin.hint === undefined ? '' : ` not installed: ${pin.hint}`
  return `(${asWritten(pin)}set by ${describeOrigin(pin.origin, cwd)})${note}`
}

/** What people expect, and need not be told. */
function isPlain({via, lock}: CurrentPin): boolean {
  return lock === null && via !== 'node-modules' && via !== 'on-path' && via !== 'linked'
}

/** The pin itself, where the version does not say it. */
function asWritten({version, specs}: CurrentPin): string {
  const text = specs.join(' ')
  return version === null || version === text ? '' : `${text}, `
}
