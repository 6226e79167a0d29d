import type {Context} from '../../base/context.ts'
import {describeOrigin} from '../../base/origin.ts'
import {quoteWord} from '../../base/quote-word.ts'
import type {CurrentPin} from '../../house/current.ts'
import {columns} from './columns.ts'

/** A line a pin: toolchain, version, what set it; what is missing says how to get it. */
export function renderCurrent(pins: readonly CurrentPin[], {cwd}: Pick<Context, 'cwd'>): string {
  return columns(
    pins.map(pin => [
      pin.toolchain,
      pin.version ?? pin.specs.join(' '),
      `(${asWritten(pin)}set by ${describeOrigin(pin.origin, cwd)})${note(pin)}`,
    ]),
  )
}

/** The pin itself, where the version does not say it. */
function asWritten({version, specs}: CurrentPin): string {
  const text = specs.join(' ')
  return version === null || version === text ? '' : `${text}, `
}

function note({via, toolchain, specs: [spec = '']}: CurrentPin): string {
  return via === 'missing' ? ` not installed: tool install ${quoteWord(`${toolchain}@${spec}`)}` : ''
}
