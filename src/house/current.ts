import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {currentPins} from '../pin/find.ts'
import {resolveLocal} from '../resolve/local.ts'
import type {Resolved} from '../resolve/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {printSpec} from '../version/spec.ts'

/** A pin that holds in this directory, and what it comes down to. */
export interface CurrentPin {
  toolchain: string
  /** As it was written; fallbacks in their order. */
  specs: string[]
  origin: Origin
  /** The installed version that serves it; null where there is none. */
  version: string | null
  via: Resolved['via']
}

/**
 * Every pin that holds here, nearest first.
 * @throws UserError PIN_*, PATH_PIN_*, UNKNOWN_TOOLCHAIN
 */
export function current(context: Context, definitions: Definitions): CurrentPin[] {
  return currentPins(context, definitions).map(pin => {
    const resolved = resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin)
    return {
      toolchain: pin.toolchain,
      specs: pin.specs.map(printSpec),
      origin: pin.origin,
      version: resolved.via === 'store' ? resolved.installed.version : null,
      via: resolved.via,
    }
  })
}
