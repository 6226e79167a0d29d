import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {createNetwork} from '../fetch/network.ts'
import type {Pin} from '../pin/types.ts'
import {versionOf} from '../resolve/bin.ts'
import {installable} from '../resolve/installable.ts'
import {resolveLocal} from '../resolve/local.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {compareVersions} from '../version/compare.ts'
import {printSpec} from '../version/spec.ts'
import {type Offered, offeredFor} from './offered.ts'

/** A pin, what serves it, and what could. */
export interface PinAge extends Offered {
  toolchain: string
  /** As it was written; fallbacks in their order. */
  specs: string[]
  origin: Origin
  /** The version that serves it; null where there is none. */
  current: string | null
  /** Whether there is a newer one than `current`, for the pin as it is or for one that was raised. */
  outdated: boolean
}

/**
 * How old the versions of pins are, in their order; those of the system and of folders are left out.
 * @throws UserError those of `offeredFor`, UNKNOWN_TOOLCHAIN
 */
export async function findAges(
  context: Context,
  definitions: Definitions,
  pins: readonly Pin[],
  network = createNetwork(context),
): Promise<PinAge[]> {
  const aged = pins.filter(pin => installable(pin) !== undefined)
  return Promise.all(
    aged.map(async pin => {
      const definition = definitions.get(pin.toolchain, pin.origin)
      const resolved = resolveLocal(context, definition, pin)
      const current = versionOf(resolved) ?? null
      const offered = await offeredFor(context, definition, pin, network)
      return {
        toolchain: pin.toolchain,
        specs: pin.specs.map(printSpec),
        origin: pin.origin,
        current,
        ...offered,
        outdated: isOutdated(current, offered),
      }
    }),
  )
}

/** A version that is not there yet will be the newest that is wanted. */
function isOutdated(current: string | null, {wanted, latest}: Offered): boolean {
  const own = current ?? wanted
  return own !== wanted || compareVersions(latest, own) > 0
}
