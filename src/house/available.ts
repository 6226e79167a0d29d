import type {Context} from '../base/context.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import {resolveVersion} from '../resolve/version.ts'
import {openSource} from '../source/open.ts'
import type {VersionList} from '../source/types.ts'
import {listInstalled} from '../store/installed.ts'
import {isPrerelease, sortByVersion} from '../version/compare.ts'
import {satisfies} from '../version/match.ts'

interface AvailableVersion {
  version: string
  /** The tags that mean it now, such as `latest`. */
  tags: string[]
  prerelease: boolean
  installed: boolean
}

export interface Available {
  toolchain: string
  /** Newest last. */
  versions: AvailableVersion[]
  /** How many more there are that are no releases. */
  hidden: number
  /** When the source said so, where nobody could ask it now; null otherwise. */
  asOf: Date | null
}

export interface AvailableOptions {
  /** Only what satisfies it. */
  pin?: Pin | undefined
  /** Pre-releases too. */
  all?: boolean
}

/**
 * The versions that a toolchain's source offers. Pre-releases are left out unless they are asked for, by name for one.
 * @throws UserError NO_SUCH_VERSION, NETWORK_*, PACKAGE_NOT_FOUND, INDEX_INVALID
 */
export async function available(
  context: Context,
  definition: Definition,
  {pin, all = false}: AvailableOptions = {},
): Promise<Available> {
  const list = await openSource(context, definition, {refresh: true, anyAge: true}).list()
  const fitting = pin === undefined ? list.versions : await matching(context, definition, pin, list, all)
  const releases = fitting.filter(version => !isPrerelease(version))
  const shown = all || releases.length === 0 ? fitting : releases
  const installed = new Set(listInstalled(context, definition.name).map(({version}) => version))
  const tags = Map.groupBy(Object.keys(list.tags), tag => list.tags[tag])
  return {
    toolchain: definition.name,
    versions: sortByVersion(shown, version => version).map(version => ({
      version,
      tags: tags.get(version) ?? [],
      prerelease: isPrerelease(version),
      installed: installed.has(version),
    })),
    hidden: fitting.length - shown.length,
    asOf: list.asOf === undefined ? null : new Date(list.asOf),
  }
}

async function matching(
  context: Context,
  definition: Definition,
  pin: Pin,
  list: VersionList,
  all: boolean,
): Promise<string[]> {
  const [spec] = pin.specs
  const fitting = list.versions.filter(version => satisfies(version, spec, {prereleases: all}))
  // A tag means one version; where nothing fits, this says what is near.
  return fitting.length > 0
    ? fitting
    : [await resolveVersion(context, definition, pin, {list: async () => list})]
}
