import type {Context} from '../base/context.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {type ForeignPin, foreignVersion, pinOfForeign} from './foreign.ts'
import type {Pin} from './types.ts'

/**
 * asdf's `.tool-versions`: a line a tool, `NAME VERSION [FALLBACK…]`, and comments. Names are asdf's own, those that no
 * toolchain of ours has are passed over; of a tool that is named twice the first line counts.
 * @throws UserError PIN_WITHOUT_VERSION, PIN_SPEC_INVALID, PIN_VERSION_UNSAFE for a tool that is a toolchain of ours
 */
export function parseToolVersions(
  text: string,
  path: string,
  definitions: Pick<Definitions, 'canonical'>,
  context: Pick<Context, 'cwd'>,
): readonly Pin[] {
  const pins = new Map<string, Pin>()
  for (const found of readToolVersions(text, definitions)) {
    if (found.toolchain === undefined) continue
    const pin = pinOfForeign(found, found.toolchain, path, context)
    if (!pins.has(pin.toolchain)) pins.set(pin.toolchain, pin)
  }
  return [...pins.values()]
}

/** Every line of such a file that says something. */
export function readToolVersions(text: string, {canonical}: Pick<Definitions, 'canonical'>): ForeignPin[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n|\r/)
  return lines.flatMap((whole, index) => {
    const [name = '', ...versions] = whole.replace(/#.*$/, '').trim().split(/\s+/)
    if (name === '') return []
    return [{name, toolchain: canonical(name), line: index + 1, versions: versions.map(foreignVersion)}]
  })
}
