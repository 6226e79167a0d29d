import {lstatSync} from 'node:fs'
import type {Context} from '../base/context.ts'
import {maxSatisfying} from '../version/match.ts'
import type {VersionSpec} from '../version/spec.ts'
import {listInstalled} from './installed.ts'
import type {Installed} from './types.ts'

/** The highest installed version that a spec asks for. Those that are links, to a folder of the person's, come after all others. */
export function newestInstalled(
  context: Context,
  toolchain: string,
  spec: VersionSpec,
): Installed | undefined {
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
