import {nearestNames} from '../base/nearest.ts'
import {compareVersions, isPrerelease} from './compare.ts'
import type {VersionSpec} from './spec.ts'

/**
 * What a person may have meant by a spec that nothing satisfies: alike tags, or the releases just below and just
 * above the first number in it. Best first, at most three.
 */
export function nearestVersions(
  versions: readonly string[],
  spec: VersionSpec,
  tags: readonly string[] = [],
): string[] {
  const wanted = /\d+(?:\.\d+)*(?:-[0-9A-Za-z.-]+)?/.exec(spec.text)?.[0]
  if (spec.kind === 'tag' || wanted === undefined) return nearestNames(spec.text, [...tags, ...versions])
  const releases = versions.filter(version => !isPrerelease(version))
  const sorted = [...(releases.length > 0 ? releases : versions)].sort(compareVersions)
  const above = sorted.findIndex(version => compareVersions(version, wanted) > 0)
  const at = above < 0 ? sorted.length : above
  const near = [sorted[at - 1], sorted[at], sorted[at - 2]]
  return near.filter(version => version !== undefined)
}
