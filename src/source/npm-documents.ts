import {indexInvalid} from './errors.ts'
import type {VersionList} from './types.ts'

/** The part of a package's document that is read; nothing in it is certain to be there. */
export interface Packument {
  versions?: Record<string, Manifest>
  'dist-tags'?: Record<string, unknown>
}

export interface Manifest {
  version?: unknown
  dist?: {tarball?: unknown; integrity?: unknown; shasum?: unknown}
}

/** @throws UserError INDEX_INVALID */
export function versionListOf(document: Packument, url: URL): VersionList {
  const {versions, 'dist-tags': tags = {}} = document ?? {}
  if (typeof versions !== 'object' || versions === null) throw indexInvalid(url, 'it lists no versions')
  return {
    versions: Object.keys(versions),
    tags: Object.fromEntries(
      Object.entries(tags).filter((tag): tag is [string, string] => typeof tag[1] === 'string'),
    ),
  }
}

/** @throws UserError INDEX_INVALID */
export function distOf({dist = {}}: Manifest, url: URL): {tarball: string; integrity: string} {
  const {tarball, integrity, shasum} = dist
  if (typeof tarball !== 'string' || !URL.canParse(tarball)) throw indexInvalid(url, 'it names no tarball')
  if (typeof integrity === 'string' && integrity !== '') return {tarball, integrity}
  // Versions from before 2017 have nothing better.
  if (typeof shasum === 'string' && /^[0-9a-f]{40}$/i.test(shasum)) {
    return {tarball, integrity: `sha1-${Buffer.from(shasum, 'hex').toString('base64')}`}
  }
  throw indexInvalid(url, 'it names no digest of the tarball')
}
