import type {Context} from '../base/context.ts'
import type {Pin} from '../pin/types.ts'
import {type AskOptions, askForVersions} from '../resolve/ask.ts'
import {resolveLocal} from '../resolve/local.ts'
import {type MissingVersion, notInstalled} from '../resolve/missing.ts'
import {runtimeOf} from '../resolve/runtime.ts'
import {isIncomplete, needsAsking, type Resolved} from '../resolve/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {autoInstallOff} from './auto-install.ts'
import {ensureInstalled} from './ensure.ts'
import type {InstallAllOptions} from './install-all.ts'

export interface AvailableOptions extends InstallAllOptions {
  /** False (`--no-install`): what is missing is an error. */
  install?: boolean
  ask?: AskOptions
}

/**
 * Makes what pins ask for be there, to be run: what is in the store, in `node_modules` or on PATH serves as it is, the
 * rest is installed, unless that is switched off. Resolves in the order of the pins.
 * @throws UserError VERSION_NOT_INSTALLED, LOCK_OUTDATED, UNKNOWN_TOOLCHAIN, PATH_PIN_*, and those of `ensureInstalled`
 */
export async function makeAvailable(
  context: Context,
  definitions: Definitions,
  pins: readonly Pin[],
  {install = true, ask, ...options}: AvailableOptions = {},
): Promise<Resolved[]> {
  const found = await locateAll(context, definitions, pins, ask)
  const missing = found.filter(isMissing)
  const [first] = missing
  const off = first && autoInstallOff(context)
  if (first && (off || !install)) throw notInstalled(first, context, off)
  const installed =
    first &&
    (await ensureInstalled(
      context,
      definitions,
      missing.map(({pin}) => pin),
      options,
    ))
  const available = found.map(one => (isMissing(one) && installed?.[missing.indexOf(one)]) || one)
  await makeRuntimeAvailable(context, definitions, available, {install, ...(ask && {ask}), ...options})
  return available
}

/** The Node that the project pins for scripts; where it is not to be installed, they run on the machine's, unless `--frozen`. */
async function makeRuntimeAvailable(
  context: Context,
  definitions: Definitions,
  resolved: readonly Resolved[],
  options: AvailableOptions,
): Promise<void> {
  const runtime = runtimeOf(context, definitions, resolved)
  if (runtime === undefined || !isIncomplete(runtime)) return
  const [located] = await locateAll(context, definitions, [runtime.pin], options.ask)
  if (located === undefined || !isMissing(located)) return
  const off = autoInstallOff(context)
  if (context.frozen) throw notInstalled(located, context, off)
  if (!off && options.install) await ensureInstalled(context, definitions, [runtime.pin], options)
}

function isMissing(resolved: Resolved): resolved is MissingVersion {
  return resolved.via === 'missing'
}

/** What pins come down to on this machine, its programs asked for their versions where that matters. Installs nothing. */
export async function locateAll(
  context: Context,
  definitions: Definitions,
  pins: readonly Pin[],
  ask?: AskOptions,
): Promise<Resolved[]> {
  return Promise.all(
    pins.map(async pin => {
      const definition = definitions.get(pin.toolchain, pin.nameOrigin ?? pin.origin)
      const local = resolveLocal(context, definition, pin)
      if (!needsAsking(local)) return local
      return resolveLocal(context, definition, pin, {answers: await askForVersions(context, definition, ask)})
    }),
  )
}
