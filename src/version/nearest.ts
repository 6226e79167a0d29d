import {nearestNames} from '../base/nearest.ts'
import {compareVersions, isPrerelease} from './compare.ts'
import type {VersionSpec} from './spec.ts'

const most = 3
/** Of the minor version that was asked for; the rest is left for its neighbours. */
const mostOfOwn = 2

/**
 * What a person may have meant by a spec that nothing satisfies: alike tags, or by the first number in it the newest
 * releases of the same minor version, then the newest of the nearest others, the same major version first. At most three.
 */
export function nearestVersions(
  versions: readonly string[],
  spec: VersionSpec,
  tags: readonly string[] = [],
): string[] {
  const wanted = /\d+(?:\.\d+)*(?:-[0-9A-Za-z.-]+)?/.exec(spec.text)?.[0]
  if (spec.kind === 'tag' || wanted === undefined) return nearestNames(spec.text, [...tags, ...versions])
  const releases = versions.filter(version => !isPrerelease(version))
  const lines = linesOf(releases.length > 0 ? releases : versions)
  const own = lines.find(({name}) => name === lineName(wanted))
  const others = lines.filter(line => line !== own).map(({newestFirst: [newest = '']}) => newest)
  return [...(own?.newestFirst.slice(0, mostOfOwn) ?? []), ...byNearness(others, wanted)].slice(0, most)
}

/** The versions that share their first two numbers. */
interface Line {
  name: string
  newestFirst: string[]
}

/** Oldest first. */
function linesOf(versions: readonly string[]): Line[] {
  const lines = Map.groupBy([...versions].sort(compareVersions), lineName)
  return [...lines].map(([name, sorted]) => ({name, newestFirst: sorted.toReversed()}))
}

/** @param sorted oldest first */
function byNearness(sorted: readonly string[], wanted: string): string[] {
  const above = sorted.findIndex(version => compareVersions(version, wanted) > 0)
  const at = above < 0 ? sorted.length : above
  // The one just above is as near as the one just below.
  const distance = (index: number) => (index < at ? at - index : index - at + 1)
  const stranger = (version: string) => (majorOf(version) === majorOf(wanted) ? 0 : 1)
  return sorted
    .map((version, index) => ({version, rank: [stranger(version), distance(index)] as const}))
    .sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1])
    .map(({version}) => version)
}

const majorOf = (version: string) => /^v?(\d+)/.exec(version)?.[1]
const lineName = (version: string) => /^v?(\d+(?:\.\d+)?)/.exec(version)?.[1] ?? version
