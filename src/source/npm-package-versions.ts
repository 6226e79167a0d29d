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
    own: ({versions, tags, ...rest}) => ({
      ...rest,
      versions: versions.flatMap(name => own(name) ?? []),
      tags: Object.fromEntries(
        Object.entries(tags).flatMap(([tag, name]) => {
          const version = own(name)
          return version === undefined ? [] : [[tag, version] as const]
        }),
      ),
    }),
  }
}
