import {createHash} from 'node:crypto'
import {join} from 'node:path'
import {messageOf, withoutCredentials} from '../base/errors.ts'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import type {Document, Validators} from '../fetch/json.ts'
import type {Around} from './around.ts'
import {fieldsOf} from './fields.ts'
import type {VersionList} from './types.ts'

export interface ListRequest<T extends VersionList> {
  url: URL
  /** What the reading depends on beside the address. */
  variant?: string
  /** The objects that a list has beside its versions and tags. */
  objects?: readonly (keyof T)[]
  /** Gets the document; undefined where it is as the validators of the copy in the cache say. */
  ask(validators: Validators | undefined): Promise<Document | undefined>
  /** What of the document is kept. @throws UserError if it is not what it should be */
  read(document: unknown): T
}

/** Ms for which nobody is asked again. */
const fresh = 5 * 60_000

/** What is kept of an index of megabytes: a few hundred kilobytes at most. */
interface Head extends Validators {
  schema: 1
  /** Without credentials. */
  url: string
  /** When the source last said that this is right, in ms since 1970. */
  checked: number
}

interface Known<T> {
  head: Head
  list: T
}

/**
 * A list of versions by way of the cache: as it is while fresh, or while the network is switched off; then asked whether it
 * changed. Who asks again before the answer is there waits for the same one.
 */
export function cachedList<T extends VersionList>(around: Around, request: ListRequest<T>): Promise<T> {
  const address = withoutCredentials(request.url.href)
  const name = createHash('sha256')
    .update([address, ...(request.variant === undefined ? [] : [request.variant])].join('\n'))
    .digest('hex')
  return around.once(`list ${name}`, () => listOf(around, request, address, name))
}

async function listOf<T extends VersionList>(
  {context, network, refresh}: Around,
  {ask, read, url, objects = []}: ListRequest<T>,
  address: string,
  name: string,
): Promise<T> {
  const path = join(context.layout.cache, 'indexes', `${name}.json`)
  const known = readEntry<T>(path, address, objects)
  const age = known && Date.now() - known.head.checked
  if (known && age !== undefined && age >= 0 && age < fresh && !refresh) return known.list
  if (known && (await network.offline())) return {...known.list, asOf: known.head.checked}
  const document = await ask(known?.head)
  const checked = Date.now()
  const now: Known<T> | undefined = document
    ? {head: {...validatorsOf(document), schema: 1, url: address, checked}, list: read(document.value)}
    : known && {...known, head: {...known.head, checked}}
  if (now === undefined) throw new Error(`${url} answers that it is unchanged, without having been asked`)
  try {
    writeFileAtomic(path, JSON.stringify({...now.head, ...now.list}))
  } catch (error) {
    // Only time is lost.
    context.log.debug(`the index is not cached: ${messageOf(error)}`)
  }
  return now.list
}

function validatorsOf({etag, lastModified}: Validators): Validators {
  return {...(etag !== undefined && {etag}), ...(lastModified !== undefined && {lastModified})}
}

/** A list keeps its fields beside those of the head, so that others find its versions there too. */
function readEntry<T extends VersionList>(
  path: string,
  address: string,
  objects: readonly (keyof T)[],
): Known<T> | undefined {
  try {
    const entry = JSON.parse(readTextIfAny(path) ?? 'null') as (Head & T) | null
    if (entry?.schema !== 1 || entry.url !== address) return undefined
    const {schema, url, checked, etag, lastModified, ...list} = entry
    const whole = list as unknown as T
    // A disk may spoil a file, and another release may have written it.
    const isWhole = isTexts(whole.versions) && isTexts(Object.values(whole.tags))
    if (!isWhole || objects.some(name => fieldsOf(whole[name]) === undefined)) return undefined
    return {head: {schema, url, checked, ...validatorsOf({etag, lastModified} as Validators)}, list: whole}
  } catch {
    return undefined
  }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(one => typeof one === 'string')
}
