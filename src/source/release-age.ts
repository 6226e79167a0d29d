import type {Context} from '../base/context.ts'
import {parseDuration} from '../base/duration.ts'
import {compareVersions, isPrerelease} from '../version/compare.ts'
import type {VersionList} from './types.ts'

/**
 * For how long a version must be out before it is chosen, in ms: the user's `minimumReleaseAge`. Undefined where any
 * version will do, as for a toolchain that is on the list of exceptions.
 */
export function minimumAge(context: Context, toolchain: string): number | undefined {
  const {minimumReleaseAge = '', minimumReleaseAgeExclude = []} = context.network()
  const age = parseDuration(minimumReleaseAge) ?? 0
  return age === 0 || minimumReleaseAgeExclude.includes(toolchain) ? undefined : age
}

/**
 * What of a list is old enough to be chosen. A name such as `latest` means the newest of those that is no newer than what
 * it means now. What nobody knows the age of is not old enough.
 * @param now in ms since 1970
 */
export function oldEnough(list: VersionList, age: number, now: number): VersionList {
  const {released = {}} = list
  const isOld = (version: string) => {
    const date = Object.hasOwn(released, version) ? released[version] : undefined
    return date !== undefined && now - Date.parse(date) >= age
  }
  const versions = list.versions.filter(isOld)
  const young = list.versions.filter(version => !isOld(version))
  const tags = Object.entries(list.tags).flatMap(([tag, version]) => {
    const instead = isOld(version) ? version : newestUpTo(version, versions)
    return instead === undefined ? [] : [[tag, instead]]
  })
  return {...list, versions, tags: Object.fromEntries(tags), young, youngTags: list.tags}
}

/** Of pre-releases only where a pre-release was meant. */
function newestUpTo(limit: string, versions: readonly string[]): string | undefined {
  return versions
    .filter(version => compareVersions(version, limit) <= 0)
    .filter(version => isPrerelease(limit) || !isPrerelease(version))
    .sort(compareVersions)
    .at(-1)
}
