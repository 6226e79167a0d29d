import {ancestors} from '../base/ancestors.ts'
import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {globalPins, pinsIn} from '../pin/readers.ts'
import type {Pin} from '../pin/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {printSpec} from '../version/spec.ts'

/** What a file pins of one toolchain, as `tool local` and `tool global` show it. */
export interface Pinned {
  toolchain: string
  /** As they are written; more than one are fallbacks. */
  specs: string[]
  origin: Origin
}

/**
 * What the files at or above the working directory pin of a toolchain, whatever variables say; undefined where none does.
 * @throws UserError PIN_*
 */
export function localPin(context: Context, definitions: Definitions, toolchain: string): Pinned | undefined {
  for (const directory of ancestors(context.cwd)) {
    for (const pin of pinsIn(directory, context, definitions, toolchain))
      if (pin.toolchain === toolchain) return pinned(pin)
  }
  return undefined
}

/**
 * What `$TOOL_HOME/version` pins of a toolchain: without a line about it, the system's.
 * @throws UserError PIN_*
 */
export function globalPin(context: Context, definitions: Definitions, toolchain: string): Pinned {
  const pin = globalPins(context, definitions).find(one => one.toolchain === toolchain)
  return pin ? pinned(pin) : {toolchain, specs: ['system'], origin: {kind: 'default'}}
}

function pinned({toolchain, specs, origin}: Pin): Pinned {
  return {toolchain, specs: specs.map(printSpec), origin}
}
