import type {GithubSourceDefinition} from '../model/source-definition.ts'
import {isPrerelease, sortByVersion} from '../version/compare.ts'
import {isVersionName} from '../version/name.ts'
import {indexInvalid} from './errors.ts'
import {fieldsOf} from './fields.ts'
import type {VersionList} from './types.ts'
import {versionNaming} from './version-naming.ts'

/** A file of a release. */
export interface Asset {
  name: string
  url: string
  /** Bytes. */
  size?: number
  /** As GitHub writes it: `sha256:…`. */
  digest?: string
}

export interface Release {
  tag: string
  assets: readonly Asset[]
}

export interface ReleaseList extends VersionList {
  /** By version; more than the list has: one that is only marked as a pre-release is installed by its exact name alone. */
  releases: Readonly<Record<string, Release>>
}

/**
 * The releases of a repository as its versions: no drafts, and no tags of other things than the definition's.
 * @throws UserError INDEX_INVALID
 */
export function readReleases(definition: GithubSourceDefinition, document: unknown, url: URL): ReleaseList {
  if (!Array.isArray(document)) throw indexInvalid(url, 'it lists no releases')
  const versionOf = versionNaming(definition)
  const releases = new Map<string, Release>()
  const versions: string[] = []
  const stable: string[] = []
  const released: Record<string, string> = {}
  for (const entry of document) {
    const {tag_name: tag, draft, prerelease, published_at: date, assets} = fieldsOf(entry) ?? {}
    if (typeof tag !== 'string') throw indexInvalid(url, 'a release has no tag')
    const version = draft === true ? undefined : versionOf(tag)
    // A repository has tags of other things too.
    if (version === undefined || !isVersionName(version) || releases.has(version)) continue
    releases.set(version, {tag, assets: assetsOf(assets)})
    if (typeof date === 'string' && !Number.isNaN(Date.parse(date)))
      released[version] = new Date(date).toISOString()
    const named = isPrerelease(version)
    if (prerelease !== true && !named) stable.push(version)
    if (prerelease !== true || named) versions.push(version)
  }
  const latest = sortByVersion(stable, version => version).at(-1)
  return {
    versions,
    tags: latest === undefined ? {} : {latest},
    released,
    releases: Object.fromEntries(releases),
  }
}

function assetsOf(assets: unknown): Asset[] {
  if (!Array.isArray(assets)) return []
  return assets.flatMap((one: unknown) => {
    const {name, browser_download_url: url, size, digest, state = 'uploaded'} = fieldsOf(one) ?? {}
    if (typeof name !== 'string' || typeof url !== 'string' || state !== 'uploaded') return []
    return {
      name,
      url,
      ...(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 && {size}),
      ...(typeof digest === 'string' && {digest}),
    }
  })
}
