import {lstatSync} from 'node:fs'
import type {Context} from '../base/context.ts'
import {sortByVersion} from '../version/compare.ts'
import {maxSatisfying, satisfies} from '../version/match.ts'
import type {VersionSpec} from '../version/spec.ts'
import {installedIn, listInstalled, namesOfPlaces} from './installed.ts'
import type {Installed} from './types.ts'

/** The highest installed version that a spec asks for. Those that are links, to a folder of the person's, come after all others. */
export function newestInstalled(
  context: Context,
  toolchain: string,
  spec: VersionSpec,
): Installed | undefined {
  if (spec.kind === 'range') return newestInRange(context, toolchain, spec)
  const all = listInstalled(context, toolchain)
  const best = highest(all, spec)
  if (best === undefined || !isLink(best)) return best
  return (
    highest(
      all.filter(installed => !isLink(installed)),
      spec,
    ) ?? best
  )
}

/** By their names, from the newest down: of a thousand versions only a few are looked at. */
function newestInRange(context: Context, toolchain: string, spec: VersionSpec): Installed | undefined {
  const folder = context.layout.toolchain(toolchain)
  let linked: Installed | undefined
  for (const version of sortByVersion(namesOfPlaces(context, toolchain), name => name).reverse()) {
    if (!satisfies(version, spec)) continue
    const installed = installedIn(folder, toolchain, version)
    if (installed === undefined) continue
    if (!isLink(installed)) return installed
    linked ??= installed
  }
  return linked
}

/** Whether a version is a link that a person made, rather than a folder of the store. */
export function isLink({directory}: Installed): boolean {
  return lstatSync(directory, {throwIfNoEntry: false})?.isSymbolicLink() ?? false
}

function highest(all: readonly Installed[], spec: VersionSpec): Installed | undefined {
  const version = maxSatisfying(
    all.map(installed => installed.version),
    spec,
  )
  return all.find(installed => installed.version === version)
}
