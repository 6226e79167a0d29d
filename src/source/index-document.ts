import type {IndexSourceDefinition} from '../model/source-definition.ts'
import {isPrerelease, sortByVersion} from '../version/compare.ts'
import {isVersionName} from '../version/name.ts'
import {indexInvalid} from './errors.ts'
import {fieldsOf, valueAt} from './fields.ts'
import {lineTags} from './line-tags.ts'
import type {VersionList} from './types.ts'
import {versionNaming} from './version-naming.ts'

/** What an index says of one version. */
export interface IndexItem {
  /** What it is called there. */
  name: string
  /** What its artifacts are told by, as far as the definition asks for it; undefined where it asks for nothing. */
  about?: unknown
}

export interface IndexDocument extends VersionList {
  /** By version; more than the list has, where the definition tells releases from others. */
  items: Readonly<Record<string, IndexItem>>
}

type Reading = IndexSourceDefinition['versions']

/** An entry of the document, before its name is understood. */
interface Entry {
  name: string
  /** The key of an object that it is under. */
  key: string | undefined
  value: unknown
}

/**
 * Reads an index the way its definition says.
 * @throws UserError INDEX_INVALID
 */
export function readIndexDocument(
  {versions: how, artifact}: IndexSourceDefinition,
  document: unknown,
  url: URL,
): IndexDocument {
  const wanted = wantedKeys(artifact)
  const versionOf = versionNaming(how)
  const found = new Map<string, IndexItem>()
  const listed: string[] = []
  const stable: string[] = []
  const released: Record<string, string> = {}
  const tags: Record<string, string> = {}
  const lines = new Map<string, string>()
  for (const {name, key, value} of entriesOf(how, document, url)) {
    if (how.skip?.includes(key ?? name)) continue
    const version = versionOf(name)
    const isChannel = key !== undefined && how.channels?.includes(key)
    if (version === undefined || (isChannel && name === key)) continue
    if (!isVersionName(version)) throw indexInvalid(url, `it has a version that is called ${shown(name)}`)
    if (found.has(version)) continue
    const about = prune(value, wanted)
    found.set(version, {name, ...(about !== undefined && {about})})
    const date = how.released === undefined ? undefined : isoDate(valueAt(value, how.released))
    if (date !== undefined) released[version] = date
    if (isChannel) tags[key] = version
    const isRelease =
      how.stable === undefined || String(valueAt(value, how.stable.key)) === (how.stable.is ?? 'true')
    if (isRelease && !isChannel) stable.push(version)
    // Who asks for a range wants none that only looks like a release.
    if (isRelease || isChannel || isPrerelease(version)) listed.push(version)
    const line = how.lines && valueAt(value, how.lines.key)
    if (typeof line === 'string' && line !== '') lines.set(version, line)
  }
  if (found.size === 0) throw indexInvalid(url, 'it lists no versions')
  const latest = how.stable && sortByVersion(stable, version => version).at(-1)
  return {
    versions: listed,
    tags: {...(latest !== undefined && {latest}), ...(how.lines && lineTags(how.lines.tag, lines)), ...tags},
    ...(how.released !== undefined && {released}),
    items: Object.fromEntries(found),
  }
}

function entriesOf(how: Reading, document: unknown, url: URL): Entry[] {
  const place = how.at === undefined ? document : valueAt(document, how.at)
  const nameOf = (value: unknown, own?: string): string | undefined => {
    const name = how.key === undefined ? undefined : valueAt(value, how.key)
    return typeof name === 'string' ? name : own
  }
  if (Array.isArray(place)) {
    return place.map((value: unknown, index): Entry => {
      const name = typeof value === 'string' && how.key === undefined ? value : nameOf(value)
      if (name === undefined) throw indexInvalid(url, `its entry ${index + 1} has no version`)
      return {name, key: undefined, value}
    })
  }
  const fields = fieldsOf(place)
  if (fields === undefined)
    throw indexInvalid(url, how.at === undefined ? 'it lists no versions' : `it has no list under ${how.at}`)
  return Object.entries(fields).map(([key, value]) => ({name: nameOf(value, key) ?? key, key, value}))
}

/** The last parts of the keys that the definition asks of an artifact. */
function wantedKeys({at, match, url, file, size, digest}: IndexSourceDefinition['artifact']): Set<string> {
  const keys = [url, file, digest].flatMap(one => (typeof one === 'object' && 'key' in one ? one.key : []))
  const all = [...keys, ...(size === undefined ? [] : [size]), ...Object.keys(match ?? {})]
  // Where all is told by templates, a version's entry says nothing more.
  return new Set(
    at === undefined && all.length === 0 ? [] : all.flatMap(key => [key, key.split('.').at(-1) ?? key]),
  )
}

/** Far more levels than any key of a definition goes through; a hostile index may have as many as it has bytes. */
const maxDepth = 32

/** The value with no other leaves than those that are asked for: indexes of megabytes are kept in the cache. */
function prune(value: unknown, wanted: ReadonlySet<string>, depth = 0): unknown {
  if (wanted.size === 0 || depth > maxDepth) return undefined
  if (Array.isArray(value)) return value.map(one => prune(one, wanted, depth + 1) ?? null)
  const fields = fieldsOf(value)
  if (fields === undefined) return undefined
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, one]) => {
      const kept = typeof one === 'object' ? prune(one, wanted, depth + 1) : wanted.has(key) ? one : undefined
      return kept === undefined ? [] : [[key, kept]]
    }),
  )
}

function isoDate(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/** As it may be shown: junk can be a megabyte. */
function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
