import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import type {Origin} from '../base/origin.ts'
import {currentPins} from '../pin/find.ts'
import {executableNames, resolveLocal} from '../resolve/local.ts'
import {findOnPath} from '../resolve/programs.ts'
import type {Resolved} from '../resolve/types.ts'
import {installedToolchains, listInstalled} from '../store/installed.ts'
import {linkedVersions} from '../store/linked-versions.ts'
import type {Installed} from '../store/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'

export interface ListedVersion extends Installed {
  /** What pins it in this directory; null where nothing does. */
  current: Origin | null
}

/** The machine's own, outside of the store. */
export interface SystemVersion {
  toolchain: string
  current: Origin | null
}

export interface VersionList {
  /** By toolchain, each in natural order. */
  versions: ListedVersion[]
  /** Of the toolchains that are pinned to be the system's; of one that was asked for, wherever the machine has it. */
  system: SystemVersion[]
}

export interface VersionsOptions {
  /** Only of this one. */
  toolchain?: string | undefined
  /** Leaves out links that are other names for a version. */
  skipAliases?: boolean
}

/** What the store has, without asking what is pinned. */
export function installedVersions(
  context: Context,
  {toolchain, skipAliases = false}: VersionsOptions,
): Installed[] {
  const toolchains = toolchain === undefined ? installedToolchains(context) : [toolchain]
  const all = toolchains.flatMap(name => listInstalled(context, name))
  if (!skipAliases) return all
  const aliases = new Set(
    toolchains.flatMap(name =>
      linkedVersions(context, name)
        .filter(({alias}) => alias !== undefined)
        .map(({version}) => context.layout.version(name, version)),
    ),
  )
  return all.filter(({directory}) => !aliases.has(directory))
}

/**
 * What the store has, marked what is pinned here.
 * @throws UserError PIN_*
 */
export function versions(
  context: Context,
  definitions: Definitions,
  options: VersionsOptions = {},
): VersionList {
  const marked = new Map<string, Origin>()
  const system = new Map<string, Origin>()
  const pins = currentPins(context, definitions)
  for (const pin of pins) {
    const resolved = attempt(context, () =>
      resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin),
    )
    if (resolved?.via === 'store') marked.set(resolved.installed.directory, pin.origin)
    if (resolved?.via === 'system') system.set(resolved.toolchain, pin.origin)
  }
  const {toolchain} = options
  // What nothing pins is the system's.
  if (toolchain !== undefined && !pins.some(pin => pin.toolchain === toolchain))
    system.set(toolchain, {kind: 'default'})
  return {
    versions: installedVersions(context, options).map(one => ({
      ...one,
      current: marked.get(one.directory) ?? null,
    })),
    system: systemVersions(context, definitions, system, toolchain),
  }
}

/** A pin that nobody can follow here marks nothing; `tool current` tells why. */
function attempt({log}: Context, resolve: () => Resolved): Resolved | undefined {
  try {
    return resolve()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    log.debug(error.message)
    return undefined
  }
}

function systemVersions(
  context: Context,
  definitions: Definitions,
  pinned: ReadonlyMap<string, Origin>,
  toolchain: string | undefined,
): SystemVersion[] {
  if (toolchain === undefined) return [...pinned].map(([name, current]) => ({toolchain: name, current}))
  const current = pinned.get(toolchain) ?? null
  const isPinned = current !== null && current.kind !== 'default'
  return isPinned || isOnMachine(context, definitions, toolchain) ? [{toolchain, current}] : []
}

function isOnMachine(context: Context, definitions: Definitions, toolchain: string): boolean {
  if (!definitions.names().includes(toolchain)) return false
  const definition = definitions.get(toolchain, {kind: 'default'})
  return executableNames(definition).some(name => findOnPath(name, context))
}
