import type {Context} from '../base/context.ts'
import {shortPath} from '../base/origin.ts'
import {quoteWord} from '../base/quote-word.ts'
import type {CurrentPin} from '../house/current.ts'
import {askedEngines} from '../pin/engines.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * Says what a package.json asks for in `engines`, where nothing pins it: what it asks for pins nothing.
 * @param pins all that is pinned here
 */
export function tellEngines(
  context: Context,
  definitions: Definitions,
  pins: readonly Pick<CurrentPin, 'toolchain'>[],
): void {
  const pinned = new Set(pins.map(({toolchain}) => toolchain))
  for (const {toolchain, spec, path} of askedEngines(context, definitions, pinned)) {
    const asks = `${shortPath(path, context.cwd)} asks for ${toolchain} ${spec} in "engines", which pins nothing`
    context.log.info(`${asks}; to pin it: tool local ${quoteWord(`${toolchain}@${spec}`)}`)
  }
}
