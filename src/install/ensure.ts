import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {currentPlatform, platformName} from '../base/platform.ts'
import {createNetwork, type Network} from '../fetch/network.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import {installable} from '../resolve/installable.ts'
import {resolveLocal} from '../resolve/local.ts'
import {notInstalled} from '../resolve/missing.ts'
import type {Resolved} from '../resolve/types.ts'
import {resolveVersion} from '../resolve/version.ts'
import {openSource} from '../source/open.ts'
import {isComplete} from '../store/executables.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {about} from './about.ts'
import type {InstallRequest} from './install.ts'
import type {InstallAllOptions} from './install-all.ts'
import {createLockings, type Lockings} from './lockings.ts'
import {foreignPlatform} from './platform.ts'
import {rehashAfter} from './rehash-after.ts'

export type Ensured = Resolved & {
  /** True if it was installed by this call. */
  fresh: boolean
}

/**
 * Makes every pin's version be in the store: what is there serves as it is, the rest is installed, side by side. What a
 * lock file names is installed exactly so; what it lacks is added to it. Who names a tag or a range on the command line
 * asks for the newest there is, so there the source decides. Resolves in the order of the pins.
 * @throws UserError UNKNOWN_TOOLCHAIN, PATH_PIN_*, NO_SUCH_VERSION, LOCK_INVALID, LOCK_OUTDATED (with `--frozen`),
 * and those of `install`
 */
export async function ensureInstalled(
  context: Context,
  definitions: Definitions,
  pins: readonly Pin[],
  options: InstallAllOptions = {},
): Promise<Ensured[]> {
  const wanted: Wanted[] = pins.map(pin => {
    const definition = definitions.get(pin.toolchain, pin.nameOrigin ?? pin.origin)
    return {pin, definition, local: resolveLocal(context, definition, pin, {storeOnly: true})}
  })
  const needed = wanted.filter(want => isNeeded(context, want, options.force))
  for (const {local} of needed) checkFrozen(context, local)
  if (needed.length === 0) return wanted.map(({local}) => ({...local, fresh: false}))
  const shared = {...options, network: options.network ?? createNetwork(context)}
  const lockings = createLockings(context, shared.network)
  const requests = needed.map(need => () => requestFor(context, need, shared.network, lockings))
  // Loaded here, since most of the time everything is there.
  const {installAll} = await import('./install-all.ts')
  const results = await installAll(context, requests, shared)
  await lockings.write()
  if (results.some(({fresh}) => fresh) && isThisMachine(context)) await rehashAfter(context, definitions)
  return wanted.map(want => {
    const result = results[needed.indexOf(want)]
    if (result === undefined) return {...want.local, fresh: false}
    const {fresh, ...installed} = result
    const {toolchain, pin, spec} = want.local
    return {toolchain, pin, spec, via: 'store', installed, linked: false, fresh}
  })
}

/** Shims call this program where it is on this machine: where the versions are to be used, it is asked for them. */
function isThisMachine({platform}: Context): boolean {
  return platformName(platform) === platformName(currentPlatform())
}

interface Wanted {
  pin: Pin
  definition: Definition
  /** What the store has, without asking anybody. */
  local: Resolved
}

function isNeeded(context: Context, {definition, local}: Wanted, force = false): boolean {
  if (local.via === 'store') {
    if (force || !isComplete(local.installed) || asksForNewest(local)) return true
    return foreignPlatform(context, definition, local.installed) !== undefined
  }
  // Who asks to install the system's, or a folder, is told that this can't be.
  return local.via === 'missing' || (local.pin.origin.kind === 'argument' && !installable(local.pin))
}

/** A folder that is called as the spec is written is what was asked for. */
function asksForNewest({pin, spec, ...found}: Resolved): boolean {
  return (
    pin.origin.kind === 'argument' &&
    (spec.kind === 'tag' || spec.kind === 'range') &&
    found.via === 'store' &&
    found.installed.version !== spec.text
  )
}

/** Frozen, nothing is installed that no lock names. */
function checkFrozen(context: Context, local: Resolved): void {
  if (context.frozen && local.via === 'missing' && local.because.kind !== 'not-there-as-locked')
    throw notInstalled(local, context)
}

/** An exact version needs no list of all versions: a registry's is megabytes long. */
async function requestFor(
  context: Context,
  {definition, pin, local}: Wanted,
  network: Network,
  lockings: Lockings,
): Promise<InstallRequest> {
  const spec = installable(pin)
  const {origin} = pin
  const locked = spec && (await lockings.requestFor({definition, pin, spec}, local))
  if (locked) return locked
  if (spec?.kind === 'exact') return {definition, version: spec.version, spec, origin}
  const refresh = origin.kind === 'argument'
  const subject = {toolchain: definition.name, version: spec?.text ?? '', origin}
  const opened = openSource(context, definition, {refresh, network})
  const source = {list: () => about(context, subject, opened.list)}
  const version = await resolveVersion(context, definition, pin, source).catch(error => {
    throw withWhatIsThere(error, local)
  })
  return {definition, version, ...(spec && {spec}), origin}
}

/** Without a network a person may be content with what is there. */
function withWhatIsThere(error: unknown, local: Resolved): unknown {
  if (!(error instanceof UserError) || error.exitCode !== Exit.network || local.via !== 'store') return error
  const {code, message, exitCode, hint} = error
  const there = `${local.toolchain} ${local.installed.version} is installed`
  return new UserError({
    code,
    message,
    hint: hint === undefined ? there : `${hint}; ${there}`,
    exitCode,
    cause: error,
  })
}
