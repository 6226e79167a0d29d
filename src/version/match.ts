import eq from 'semver/functions/eq.js'
import semverSatisfies from 'semver/functions/satisfies.js'
import valid from 'semver/functions/valid.js'
import {isPrerelease, sortByVersion} from './compare.ts'
import type {VersionSpec} from './spec.ts'

type Tags = Readonly<Record<string, string>>

/**
 * Whether a version is one that an exact spec or a range asks for; node-semver's answer. Tags and places match none.
 * With `prereleases` a range has all that lie in it, rather than only those that it speaks of.
 */
export function satisfies(version: string, spec: VersionSpec, {prereleases = false} = {}): boolean {
  if (spec.kind === 'range') {
    return (
      mayLieIn(version, spec.range) && semverSatisfies(version, spec.range, {includePrerelease: prereleases})
    )
  }
  return spec.kind === 'exact' && isSameVersion(version, spec.version)
}

/** Most ranges are of one major version, which tells most versions apart at sight: semver takes its time with each. */
function mayLieIn(version: string, range: string): boolean {
  const major = /^[\^~]?(\d+)(?:\.[\dxX*]+){0,2}$/.exec(range)?.[1]
  return major === undefined || !/^\d/.test(version) || version.startsWith(`${major}.`)
}

/**
 * The highest of the versions that a spec asks for. A tag is looked up in `tags`, then among the versions;
 * without tags, `latest` is the highest release.
 */
export function maxSatisfying(
  versions: readonly string[],
  spec: VersionSpec,
  tags?: Tags,
): string | undefined {
  if (spec.kind === 'tag') return tagged(versions, spec.tag, tags)
  if (spec.kind === 'exact' && versions.includes(spec.version)) return spec.version
  return highest(versions, version => satisfies(version, spec))
}

/** Two builds of one release differ only if the spec names a build. */
function isSameVersion(version: string, wanted: string): boolean {
  if (version === wanted) return true
  return !wanted.includes('+') && valid(version) !== null && valid(wanted) !== null && eq(version, wanted)
}

function tagged(versions: readonly string[], tag: string, tags: Tags | undefined): string | undefined {
  if (tags && Object.hasOwn(tags, tag)) return tags[tag]
  if (versions.includes(tag)) return tag
  if (tag !== 'latest') return undefined
  return highest(versions, version => !isPrerelease(version)) ?? highest(versions, () => true)
}

/** The first that fits, from the highest down: sorting thousands is quicker than holding each of them against a range. */
function highest(versions: readonly string[], fits: (version: string) => boolean): string | undefined {
  return sortByVersion(versions, version => version).findLast(fits)
}
