import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {currentPins} from '../pin/find.ts'
import {resolveLocal} from '../resolve/local.ts'
import {installedToolchains, listInstalled} from '../store/installed.ts'
import type {Definitions} from '../toolchain/definitions.ts'

export interface InstalledVersion {
  toolchain: string
  version: string
  directory: string
  /** What pins it in this directory; null where nothing does. */
  current: Origin | null
}

/**
 * What the store has, by toolchain, each in natural order; marked what is pinned here.
 * @throws UserError PIN_*, PATH_PIN_*
 */
export function versions(context: Context, definitions: Definitions, toolchain?: string): InstalledVersion[] {
  const marked = new Map<string, Origin>()
  for (const pin of currentPins(context, definitions.names())) {
    const resolved = resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin)
    if (resolved.via === 'store') marked.set(resolved.installed.directory, pin.origin)
  }
  const toolchains = toolchain === undefined ? installedToolchains(context) : [toolchain]
  return toolchains
    .flatMap(name => listInstalled(context, name))
    .map(({toolchain: name, version, directory}) => ({
      toolchain: name,
      version,
      directory,
      current: marked.get(directory) ?? null,
    }))
}
