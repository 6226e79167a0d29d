import {indexInvalid} from './errors.ts'
import {fieldsOf} from './fields.ts'
import type {VersionList} from './types.ts'

/**
 * The versions and tags of a package's document.
 * @throws UserError INDEX_INVALID
 */
export function versionListOf(document: unknown, url: URL): VersionList {
  const {versions, 'dist-tags': tags, time} = fieldsOf(document) ?? {}
  const known = fieldsOf(versions)
  if (known === undefined) throw indexInvalid(url, 'it lists no versions')
  return {
    versions: Object.keys(known),
    tags: Object.fromEntries(
      Object.entries(fieldsOf(tags) ?? {}).filter(
        (tag): tag is [string, string] => typeof tag[1] === 'string',
      ),
    ),
    ...releasedIn(time, known),
  }
}

/** The short form of a document has no times. */
function releasedIn(time: unknown, versions: object): Pick<VersionList, 'released'> {
  const all = Object.entries(fieldsOf(time) ?? {}).flatMap(([version, date]) =>
    Object.hasOwn(versions, version) && typeof date === 'string' && !Number.isNaN(Date.parse(date))
      ? [[version, new Date(date).toISOString()]]
      : [],
  )
  return all.length === 0 ? {} : {released: Object.fromEntries(all)}
}

/** The document of one version inside that of its package. */
export function manifestIn(document: unknown, version: string): unknown {
  const versions = fieldsOf(fieldsOf(document)?.versions) ?? {}
  return Object.hasOwn(versions, version) ? versions[version] : undefined
}

/** Whether a document is the one of this version. */
export function isManifestOf(document: unknown, version: string): boolean {
  return fieldsOf(document)?.version === version
}

/**
 * The tarball that the document of one version names.
 * @throws UserError INDEX_INVALID
 */
export function distOf(manifest: unknown, url: URL): {tarball: string; integrity: string} {
  const {tarball, integrity, shasum} = fieldsOf(fieldsOf(manifest)?.dist) ?? {}
  if (typeof tarball !== 'string' || !URL.canParse(tarball)) throw indexInvalid(url, 'it names no tarball')
  if (!/^https?:$/.test(new URL(tarball).protocol))
    throw indexInvalid(url, `its tarball is no web address: ${tarball}`)
  if (typeof integrity === 'string' && integrity !== '') return {tarball, integrity}
  // Versions from before 2017 have nothing better.
  if (typeof shasum === 'string' && /^[0-9a-f]{40}$/i.test(shasum)) {
    return {tarball, integrity: `sha1-${Buffer.from(shasum, 'hex').toString('base64')}`}
  }
  throw indexInvalid(url, 'it names no digest of the tarball')
}
