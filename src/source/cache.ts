import {createHash} from 'node:crypto'
import {join} from 'node:path'
import {messageOf, withoutCredentials} from '../base/errors.ts'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import {getJson, type Validators} from '../fetch/json.ts'
import type {Around} from './around.ts'
import type {VersionList} from './types.ts'

export interface ListRequest {
  url: URL
  accept?: string
  /** What of the document is kept. @throws UserError if it is not what it should be */
  read(document: unknown): VersionList
}

/** Ms for which nobody is asked again. */
const fresh = 5 * 60_000

/** What is kept of an index of megabytes: a few hundred kilobytes at most. */
interface Entry extends Validators, VersionList {
  schema: 1
  /** Without credentials. */
  url: string
  /** When the source last said that this is right, in ms since 1970. */
  checked: number
}

/**
 * A list of versions by way of the cache: as it is while fresh, or while the network is switched off;
 * then asked whether it changed.
 */
export async function cachedList(
  {context, network, refresh}: Around,
  request: ListRequest,
): Promise<VersionList> {
  const {url, accept, read} = request
  const address = withoutCredentials(url.href)
  const name = createHash('sha256').update(address).digest('hex')
  const path = join(context.layout.cache, 'indexes', `${name}.json`)
  const known = readEntry(path, address)
  const age = known && Date.now() - known.checked
  if (known && age !== undefined && age >= 0 && age < fresh && !refresh) return listOf(known)
  if (known && (await network.offline())) return {...listOf(known), asOf: known.checked}
  const document = await getJson(network, url, {
    ...(accept !== undefined && {accept}),
    ...(known && {validators: known}),
  })
  const entry: Entry | undefined = document
    ? {...validatorsOf(document), ...read(document.value), schema: 1, url: address, checked: Date.now()}
    : known && {...known, checked: Date.now()}
  if (entry === undefined) throw new Error(`${url} answers that it is unchanged, without having been asked`)
  try {
    writeFileAtomic(path, JSON.stringify(entry))
  } catch (error) {
    // Only time is lost.
    context.log.debug(`the index is not cached: ${messageOf(error)}`)
  }
  return listOf(entry)
}

const listOf = ({versions, tags}: VersionList): VersionList => ({versions, tags})

function validatorsOf({etag, lastModified}: Validators): Validators {
  return {...(etag !== undefined && {etag}), ...(lastModified !== undefined && {lastModified})}
}

function readEntry(path: string, address: string): Entry | undefined {
  try {
    const entry: Entry = JSON.parse(readTextIfAny(path) ?? 'null')
    if (entry?.schema !== 1 || entry.url !== address) return undefined
    return Array.isArray(entry.versions) && typeof entry.tags === 'object' && entry.tags ? entry : undefined
  } catch {
    return undefined
  }
}
