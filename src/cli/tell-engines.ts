import type {Context} from '../base/context.ts'
import {shortPath} from '../base/origin.ts'
import {quoteWord} from '../base/quote-word.ts'
import {askedEngines} from '../pin/engines.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * Says what a package.json asks for in `engines`, where nothing pins it: what it asks for pins nothing.
 * @throws UserError PIN_*
 */
export function tellEngines(context: Context, definitions: Definitions): void {
  for (const {toolchain, spec, path} of askedEngines(context, definitions)) {
    const asks = `${shortPath(path, context.cwd)} asks for ${toolchain} ${spec} in "engines", which pins nothing`
    context.log.info(`${asks}; to pin it: tool local ${quoteWord(`${toolchain}@${spec}`)}`)
  }
}
