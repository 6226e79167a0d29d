import type {Context} from '../base/context.ts'
import {describeOrigin} from '../base/origin.ts'
import {createNetwork, type Network} from '../fetch/network.ts'
import type {InstallRequest} from '../install/install.ts'
import {type InstallAllOptions, installAll} from '../install/install-all.ts'
import {rehashAfter} from '../install/rehash-after.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import {versionOf} from '../resolve/bin.ts'
import {installable} from '../resolve/installable.ts'
import {resolveLocal} from '../resolve/local.ts'
import {findInstalled} from '../store/installed.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {compareVersions} from '../version/compare.ts'
import {raised} from '../version/raise.ts'
import type {VersionSpec} from '../version/spec.ts'
import {offeredFor} from './offered.ts'
import {isOurs, rewritePin} from './raise-pins.ts'

/** What an upgrade does about one pin. */
export interface Upgrade {
  pin: Pin
  definition: Definition
  /** The version that served it; null where there was none. */
  from: string | null
  /** The version that will. */
  to: string
  /** The newest at all, which the pin as it is may not want. */
  latest: string
  /** The spec that is asked for; where it is not the pin's own, its file is to say so. */
  spec: VersionSpec
  raised: boolean
  /** Whether `to` must be installed. */
  missing: boolean
}

export interface UpgradeOptions {
  /** Raises pins that don't want the newest. */
  pin?: boolean
  network?: Network
}

/**
 * Finds the newest version for every pin, and for pins that are to be raised what they would say then. Those of the
 * system and of folders are left out. Changes nothing.
 * @throws UserError those of `offeredFor`, UNKNOWN_TOOLCHAIN
 */
export async function planUpgrade(
  context: Context,
  definitions: Definitions,
  pins: readonly Pin[],
  {pin: raise = false, network = createNetwork(context)}: UpgradeOptions = {},
): Promise<Upgrade[]> {
  const all = await Promise.all(
    pins.map(async pin => {
      const spec = installable(pin)
      if (spec === undefined) return []
      const definition = definitions.get(pin.toolchain, pin.origin)
      const {wanted, latest} = await offeredFor(context, definition, pin, network)
      const higher = raise ? raisedPin(context, pin, spec, latest) : undefined
      const to = higher === undefined ? wanted : latest
      return [
        {
          pin,
          definition,
          from: servedBy(context, definition, pin),
          to,
          latest,
          spec: higher ?? spec,
          raised: higher !== undefined,
          missing: findInstalled(context, definition.name, to) === undefined,
        },
      ]
    }),
  )
  return all.flat()
}

/** Whether anything would be done. */
export function isNews({from, to, raised: isRaised, missing}: Upgrade): boolean {
  return isRaised || missing || from === null || compareVersions(from, to) !== 0
}

/**
 * Installs what is missing of an upgrade, moves the links of its specs, and rewrites the pins that are raised.
 * @throws UserError as `installAll` and `rewritePin`
 */
export async function installUpgrades(
  context: Context,
  definitions: Definitions,
  upgrades: readonly Upgrade[],
  options: InstallAllOptions = {},
): Promise<void> {
  const requests = upgrades.map(
    ({definition, to, spec, pin}): InstallRequest => ({definition, version: to, spec, origin: pin.origin}),
  )
  const results = await installAll(context, requests, options)
  for (const {pin, raised: isRaised, spec} of upgrades) {
    const from = installable(pin)
    if (isRaised && from !== undefined) await rewritePin(context, definitions, pin, {from, to: spec})
  }
  if (results.some(({fresh}) => fresh)) await rehashAfter(context, definitions)
}

function raisedPin(context: Context, pin: Pin, spec: VersionSpec, latest: string): VersionSpec | undefined {
  const higher = raised(spec, latest)
  if (higher === undefined || isOurs(pin, context)) return higher
  const where = describeOrigin(pin.origin, context.cwd)
  context.log.warning(
    `${pin.toolchain} stays at ${spec.text}: it is set by ${where}, which tool does not edit`,
  )
  return undefined
}

function servedBy(context: Context, definition: Definition, pin: Pin): string | null {
  const resolved = resolveLocal(context, definition, pin)
  return versionOf(resolved) ?? null
}
