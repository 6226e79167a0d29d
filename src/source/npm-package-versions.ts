import type {VersionList} from './types.ts'

/** What packages and people call one version. */
interface PackageVersions {
  /** The packages' name of a version. */
  published(version: string): string
  /** A list of packages' versions in the compiler's own names; what has none is left out. */
  own(list: VersionList): VersionList
}

/**
 * How packages name the versions of what is in them: Elm 0.19.1, say, is in a package of version 0.19.1-0.
 * @param template with `{version}` in it, once
 */
export function packageVersions(template = '{version}'): PackageVersions {
  const [before = '', after = ''] = template.split('{version}')
  const own = (name: string) =>
    name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length
      ? name.slice(before.length, name.length - after.length)
      : undefined
  return {
    published: version => `${before}${version}${after}`,
    own: ({versions, tags, released, ...rest}) => ({
      ...rest,
      versions: versions.flatMap(name => own(name) ?? []),
      tags: pairs(tags, ([tag, name]) => [tag, own(name)]),
      ...(released && {released: pairs(released, ([name, date]) => [own(name), date])}),
    }),
  }
}

type Pair = readonly [string | undefined, string | undefined]

/** Other pairs in place of an object's; those that lack something are left out. */
function pairs(
  object: Readonly<Record<string, string>>,
  change: (pair: [string, string]) => Pair,
): Record<string, string> {
  const all = Object.entries(object).map(change)
  return Object.fromEntries(
    all.filter((pair): pair is [string, string] => pair[0] !== undefined && pair[1] !== undefined),
  )
}
