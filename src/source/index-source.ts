import {anyPlatform} from '../base/platform.ts'
import {getJson} from '../fetch/json.ts'
import {getText} from '../fetch/text.ts'
import type {IndexSourceDefinition} from '../model/source-definition.ts'
import {artifactFrom} from './archive.ts'
import type {Around} from './around.ts'
import {cachedList} from './cache.ts'
import {checksumOf, hexIntegrity} from './checksum-file.ts'
import {hasCode, indexInvalid, noArtifact, noSuchVersion} from './errors.ts'
import {fieldsOf, valueAt} from './fields.ts'
import {type IndexDocument, type IndexItem, readIndexDocument} from './index-document.ts'
import {lockedArtifact} from './locked-artifact.ts'
import {fill} from './placeholders.ts'
import type {Artifact, PlatformSource} from './types.ts'

/** A JSON document on a web server that lists versions, in the shape that the definition tells. */
export function indexSource(around: Around, definition: IndexSourceDefinition): PlatformSource {
  const url = new URL(definition.url)
  const source = `index ${definition.url}`
  const {network} = around
  const read = () =>
    cachedList<IndexDocument>(around, {
      url,
      variant: JSON.stringify([definition.versions, keysOf(definition)]),
      objects: ['items'],
      ask: validators => getJson(network, url, {...(validators && {validators})}),
      read: document => readIndexDocument(definition, document, url),
    })
  const item = async (version: string): Promise<IndexItem> => {
    if (isToldByTemplates(definition)) return {name: `${definition.versions.prefix ?? ''}${version}`}
    const {items} = await read()
    const found = Object.hasOwn(items, version) ? items[version] : byName(items, definition, version)
    if (found === undefined) throw noSuchVersion(around, version, source)
    return found
  }
  const artifact = async (version: string): Promise<Artifact> => {
    const {artifact: how} = definition
    const {name, about} = await item(version)
    const own = ownPart(about, definition, url)
    if (own === undefined) throw noArtifact(around, version, source)
    const text = (key: string, what: string) => {
      const value = valueAt(own, key)
      if (typeof value !== 'string' || value === '')
        throw indexInvalid(url, `${version} has no ${what} under ${key}`)
      return value
    }
    const values = {version, name}
    const file =
      how.file &&
      (typeof how.file === 'string' ? fill(how.file, values) : text(how.file.key, 'name of a file'))
    const address =
      typeof how.url === 'string'
        ? fill(how.url, {...values, ...(file !== undefined && {file})})
        : text(how.url.key, 'address')
    const {digest} = how
    return artifactFrom(around, {
      definition,
      source,
      version,
      address,
      base: url,
      values,
      file,
      size: how.size === undefined ? undefined : sizeOf(valueAt(own, how.size), version, url),
      integrity: async values => {
        if (digest === 'none') return undefined
        if ('key' in digest) {
          const integrity = hexIntegrity(text(digest.key, 'digest'))
          if (integrity === undefined) throw indexInvalid(url, `the digest of ${version} is none`)
          return integrity
        }
        const at = new URL(fill(digest.checksums, values), url)
        const sums = await around
          .once(`text ${at}`, () => getText(network, at))
          .catch(error => {
            // A version that is not told by the index is not there where its checksums are not.
            throw hasCode(error, 'NETWORK_NOT_FOUND') ? noSuchVersion(around, version, source) : error
          })
        const integrity = checksumOf(sums, values.file, at)
        if (integrity === undefined) throw noArtifact(around, version, source)
        return integrity
      },
    })
  }
  return {
    async list() {
      const {items: _, ...list} = await read()
      return list
    },
    artifact,
    artifacts: async version => new Map([[anyPlatform, await artifact(version)]]),
    locked: (version, promised) => lockedArtifact(around, version, promised, source, () => artifact(version)),
  }
}

/** Whether artifacts are told without the index, so that an exact version needs no look at it. */
function isToldByTemplates({
  versions,
  artifact: {at, match, url, file, size, digest},
}: IndexSourceDefinition): boolean {
  if (versions.pattern !== undefined || at !== undefined || match !== undefined || size !== undefined)
    return false
  return (
    typeof url === 'string' && typeof file !== 'object' && typeof digest === 'object' && 'checksums' in digest
  )
}

/** What of the definition decides what is kept of the index, alike for all platforms. */
function keysOf({artifact: {at, match = {}, url, file, size, digest}}: IndexSourceDefinition): unknown {
  return [
    at !== undefined,
    Object.keys(match),
    typeof url === 'object' && url,
    typeof file === 'object' && file,
    size,
    digest,
  ]
}

/** A version by the name that it has there: `1.21rc2` rather than `1.21.0-rc.2`. */
function byName(
  items: IndexDocument['items'],
  {versions}: IndexSourceDefinition,
  version: string,
): IndexItem | undefined {
  const name = `${versions.prefix ?? ''}${version}`
  return Object.values(items).find(item => item.name === name)
}

/** What an item says for this platform; undefined where it has nothing. */
function ownPart(about: unknown, {artifact: {at, match}}: IndexSourceDefinition, url: URL): unknown {
  const place = at === undefined ? (about ?? {}) : valueAt(about, at)
  if (match === undefined) return fieldsOf(place)
  if (place === undefined) return undefined
  if (!Array.isArray(place))
    throw indexInvalid(url, `it has no array${at === undefined ? '' : ` under ${at}`}`)
  return place.find((one: unknown) =>
    Object.entries(match).every(([key, wanted]) => String(valueAt(one, key)) === wanted),
  )
}

/** A number, or one in a text, as zig has it. */
function sizeOf(value: unknown, version: string, url: URL): number {
  const size = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  throw indexInvalid(url, `the size of ${version} is none`)
}
