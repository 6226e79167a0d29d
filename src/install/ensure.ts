import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {createNetwork} from '../fetch/network.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import {installable} from '../resolve/installable.ts'
import {resolveLocal} from '../resolve/local.ts'
import type {Resolved} from '../resolve/types.ts'
import {resolveVersion} from '../resolve/version.ts'
import {openSource} from '../source/open.ts'
import type {Source} from '../source/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import type {InstallRequest} from './install.ts'
import {type InstallAllOptions, installAll} from './install-all.ts'

export type Ensured = Resolved & {
  /** True if it was installed by this call. */
  fresh: boolean
}

/**
 * Makes every pin's version be there: what the store has serves as it is, the rest is installed, side by side.
 * Resolves in the order of the pins.
 * @throws UserError UNKNOWN_TOOLCHAIN, PATH_PIN_*, NO_SUCH_VERSION, and those of `install`
 */
export async function ensureInstalled(
  context: Context,
  definitions: Definitions,
  pins: readonly Pin[],
  options: InstallAllOptions = {},
): Promise<Ensured[]> {
  const wanted = pins.map(pin => ({pin, definition: definitions.get(pin.toolchain, pin.origin)}))
  const found = wanted.map(({pin, definition}) => resolveLocal(context, definition, pin))
  const needed = wanted.flatMap(({pin, definition}, index) =>
    found[index]?.via === 'missing' || (options.force && found[index]?.via === 'store')
      ? [{pin, definition, index}]
      : [],
  )
  if (needed.length === 0) return found.map(resolved => ({...resolved, fresh: false}))
  const shared = {...options, network: options.network ?? createNetwork(context)}
  const requests = await Promise.all(needed.map(need => requestFor(context, need, shared)))
  const results = await installAll(context, requests, shared).catch(error =>
    explain(context, needed, shared, error),
  )
  return found.map((resolved, index) => {
    const at = needed.findIndex(need => need.index === index)
    const result = results[at]
    if (result === undefined) return {...resolved, fresh: false}
    const {fresh, ...installed} = result
    const {toolchain, pin, spec} = resolved
    return {toolchain, pin, spec, via: 'store', installed, fresh}
  })
}

type Shared = Pick<InstallAllOptions, 'network'>

interface Needed {
  pin: Pin
  definition: Definition
}

/** An exact version needs no list of all versions: a registry's is megabytes long. */
async function requestFor(
  context: Context,
  {definition, pin}: Needed,
  shared: Shared,
): Promise<InstallRequest> {
  const spec = installable(pin)
  const version =
    spec?.kind === 'exact'
      ? spec.version
      : await resolveVersion(context, definition, pin, sourceOf(context, definition, shared))
  return {definition, version, origin: pin.origin}
}

/** A version that is not there is told again by the list, which knows the nearest ones. */
async function explain(
  context: Context,
  needed: readonly Needed[],
  shared: Shared,
  error: unknown,
): Promise<never> {
  if (error instanceof UserError && error.code === 'NO_SUCH_VERSION') {
    for (const {pin, definition} of needed) {
      await resolveVersion(context, definition, pin, sourceOf(context, definition, shared))
    }
  }
  throw error
}

function sourceOf(context: Context, definition: Definition, {network}: Shared): Source {
  return openSource(context, definition, network === undefined ? {} : {network})
}
