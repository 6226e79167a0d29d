import {createHash} from 'node:crypto'
import {join} from 'node:path'
import {messageOf, withoutCredentials} from '../base/errors.ts'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import {getJson} from '../fetch/json.ts'
import type {Around} from './around.ts'
import {hasCode} from './errors.ts'
import {fieldsOf} from './fields.ts'

/** A key that a registry signs with. */
export interface RegistryKey {
  keyid: string
  /** DER of the public key, in base64. */
  key: string
  /** When it stops being good for new signatures; null: it does not. */
  expires: string | null
}

/** Ms for which nobody is asked again, unless an unknown key is met. */
const fresh = 24 * 60 * 60_000
/** Ms for which nobody is asked again at all. */
const settled = 5 * 60_000

interface Entry {
  schema: 1
  /** Of the registry, without credentials. */
  url: string
  checked: number
  keys: RegistryKey[]
}

/**
 * The keys that a registry signs with, by way of the cache; none where it has none.
 * @param needed the ids of keys that should be among them
 * @throws UserError NETWORK_* other than those that say there are none
 */
export async function registryKeys(
  {context, network}: Around,
  registry: string,
  needed: readonly string[],
): Promise<RegistryKey[]> {
  const url = new URL('-/npm/v1/keys', registry)
  const address = withoutCredentials(url.href)
  const name = createHash('sha256').update(address).digest('hex')
  const path = join(context.layout.cache, 'keys', `${name}.json`)
  const known = readEntry(path, address)
  if (known) {
    const age = Date.now() - known.checked
    const hasAll = needed.every(id => known.keys.some(({keyid}) => keyid === id))
    if (age >= 0 && age < (hasAll ? fresh : settled)) return known.keys
    if (await network.offline()) return known.keys
  }
  const document = await unlessNone(async () => (await getJson(network, url))?.value)
  const entry: Entry = {schema: 1, url: address, checked: Date.now(), keys: keysIn(document)}
  try {
    writeFileAtomic(path, JSON.stringify(entry))
  } catch (error) {
    // Only time is lost.
    context.log.debug(`the registry's keys are not cached: ${messageOf(error)}`)
  }
  return entry.keys
}

async function unlessNone(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask()
  } catch (error) {
    const none = ['NETWORK_NOT_FOUND', 'NETWORK_FORBIDDEN', 'NETWORK_STATUS', 'NETWORK_NOT_JSON']
    if (hasCode(error, ...none)) return undefined
    throw error
  }
}

/** Those of the one kind that registries use, ECDSA on the curve P-256. */
function keysIn(document: unknown): RegistryKey[] {
  const keys = fieldsOf(document)?.keys
  return (Array.isArray(keys) ? keys : []).flatMap(one => {
    const {keyid, key, expires = null, keytype} = fieldsOf(one) ?? {}
    if (typeof keyid !== 'string' || typeof key !== 'string' || keytype !== 'ecdsa-sha2-nistp256') return []
    return expires === null || typeof expires === 'string' ? [{keyid, key, expires}] : []
  })
}

function readEntry(path: string, address: string): Entry | undefined {
  try {
    const entry: Entry | null = JSON.parse(readTextIfAny(path) ?? 'null')
    const isEntry = entry?.schema === 1 && entry.url === address && typeof entry.checked === 'number'
    return isEntry && Array.isArray(entry.keys) ? entry : undefined
  } catch {
    return undefined
  }
}
