import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import type {Origin} from '../base/origin.ts'
import {currentPins} from '../pin/find.ts'
import type {Pin} from '../pin/types.ts'
import {executableNames, resolveLocal} from '../resolve/local.ts'
import {findOnPath} from '../resolve/programs.ts'
import type {Resolved} from '../resolve/types.ts'
import {findInstalled, installedToolchains} from '../store/installed.ts'
import {linkedVersions} from '../store/linked-versions.ts'
import type {Installed} from '../store/types.ts'
import {listVersionNames} from '../store/version-names.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/** What there is of one toolchain. */
export interface ToolchainVersions {
  toolchain: string
  /** The names of those in the store, in natural order. */
  versions: readonly string[]
  /** What pins some of them in this directory, by name. */
  current: ReadonlyMap<string, Origin>
  /**
   * Set where the machine's own counts as one of them: it is pinned, or the toolchain was asked for and the machine has
   * it. Null: nothing pins it.
   */
  system?: Origin | null
}

export interface VersionsOptions {
  /** Only of this one. */
  toolchain?: string | undefined
  /** Leaves out links that are other names for a version. */
  skipAliases?: boolean
}

/** The names of a toolchain's versions, without asking what is pinned. */
export function namesOfVersions(
  context: Context,
  toolchain: string,
  {skipAliases = false}: Pick<VersionsOptions, 'skipAliases'> = {},
): string[] {
  const all = listVersionNames(context, toolchain)
  if (!skipAliases) return all
  const aliases = new Set(
    linkedVersions(context, toolchain)
      .filter(({alias}) => alias !== undefined)
      .map(({version}) => version),
  )
  return all.filter(version => !aliases.has(version))
}

/**
 * What the store has, by toolchain, marked what is pinned here.
 * @throws UserError PIN_*
 */
export function versions(
  context: Context,
  definitions: Definitions,
  options: VersionsOptions = {},
): ToolchainVersions[] {
  const pins = currentPins(context, definitions)
  const resolved = pins.flatMap(pin => attempt(context, definitions, pin) ?? [])
  const toolchains =
    options.toolchain === undefined
      ? [...new Set([...installedToolchains(context), ...systemPins(resolved)])].sort()
      : [options.toolchain]
  return toolchains.map(toolchain => {
    const own = resolved.filter(one => one.toolchain === toolchain)
    const isPinned = pins.some(pin => pin.toolchain === toolchain)
    const system = systemOf(context, definitions, toolchain, own, {isPinned, isAsked: !!options.toolchain})
    return {
      toolchain,
      versions: namesOfVersions(context, toolchain, options),
      current: new Map(
        own.flatMap(one => (one.via === 'store' ? [[one.installed.version, one.pin.origin]] : [])),
      ),
      ...(system !== undefined && {system}),
    }
  })
}

/** The versions of a list, as the rest of the program knows them. */
export function installedOf(context: Context, {toolchain, versions: names}: ToolchainVersions): Installed[] {
  return names.flatMap(version => findInstalled(context, toolchain, version) ?? [])
}

/** A pin that nobody can follow here marks nothing; `tool current` tells why. */
function attempt(context: Context, definitions: Definitions, pin: Pin): Resolved | undefined {
  try {
    return resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    context.log.debug(error.message)
    return undefined
  }
}

const systemPins = (resolved: readonly Resolved[]) =>
  resolved.filter(({via}) => via === 'system').map(({toolchain}) => toolchain)

function systemOf(
  context: Context,
  definitions: Definitions,
  toolchain: string,
  resolved: readonly Resolved[],
  {isPinned, isAsked}: {isPinned: boolean; isAsked: boolean},
): Origin | null | undefined {
  const pinned = resolved.find(({via}) => via === 'system')
  if (pinned !== undefined) return pinned.pin.origin
  if (!isAsked || !isOnMachine(context, definitions, toolchain)) return undefined
  // What nothing pins is the system's.
  return isPinned ? null : {kind: 'default'}
}

function isOnMachine(context: Context, definitions: Definitions, toolchain: string): boolean {
  if (!definitions.names().includes(toolchain)) return false
  const definition = definitions.get(toolchain, {kind: 'default'})
  return executableNames(definition).some(name => findOnPath(name, context))
}
