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
      `(set by ${describeOrigin(pin.origin, cwd)})${note(pin)}`,
    ]),
  )
}

function note({via, toolchain, specs: [spec = '']}: CurrentPin): string {
  return via === 'missing' ? ` not installed: tool install ${quoteWord(`${toolchain}@${spec}`)}` : ''
}
