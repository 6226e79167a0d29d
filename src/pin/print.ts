import {printSpec} from '../version/spec.ts'
import type {PinFile, Specs} from './types.ts'

/** The text of a pin file, to the last blank as it was read. */
export function printPinFile({mark, lines}: Pick<PinFile, 'mark' | 'lines'>): string {
  return mark + lines.map(({text, end}) => text + end).join('')
}

/** A line that pins a toolchain, without its end; a version that has blanks or looks like half a range is quoted. */
export function printPin(toolchain: string, specs: Specs): string {
  return `${toolchain} ${printSpecs(specs)}`
}

export function printSpecs(specs: Specs): string {
  return specs
    .map(printSpec)
    .map(text => (/[ \t]|^[<>|]/.test(text) ? `"${text}"` : text))
    .join(' ')
}
