import {createPublicKey, verify} from 'node:crypto'
import {Exit, messageOf, UserError} from '../base/errors.ts'
import {getJson} from '../fetch/json.ts'
import type {Around} from './around.ts'
import {fieldsOf} from './fields.ts'
import {type RegistryKey, registryKeys} from './npm-keys.ts'

/** A version of a package as its registry offers it. */
export interface SignedVersion {
  /** With a slash at the end. */
  registry: string
  /** The document of the package. */
  url: URL
  name: string
  version: string
  manifest: unknown
  /** Whether it must be signed. */
  required: boolean
}

interface Signature {
  keyid: string
  sig: string
}

/**
 * Checks what the registry signed: name, version and digest. A signature that is wrong, or by a key that had expired when the
 * version was published, is refused always; one that can't be judged, or none, where it is required.
 * @throws UserError SIGNATURE_INVALID, SIGNATURE_MISSING
 */
export async function checkSignatures(around: Around, signed: SignedVersion): Promise<void> {
  const dist = fieldsOf(fieldsOf(signed.manifest)?.dist)
  const signatures = signaturesIn(dist?.signatures)
  const {integrity} = dist ?? {}
  if (signatures.length === 0 || typeof integrity !== 'string') {
    if (signed.required) throw missing(around, signed, 'its registry did not sign it')
    return
  }
  const keys = await keysOf(around, signed, signatures)
  const known = signatures.flatMap(signature => {
    const key = keys.find(({keyid}) => keyid === signature.keyid)
    return key === undefined ? [] : [{...signature, key}]
  })
  for (const {sig, key} of known) {
    const text = `${signed.name}@${signed.version}:${integrity}`
    if (!isSignatureOf(text, sig, key)) throw invalid(around, signed, `it is none of key ${key.keyid}`)
    await checkExpiry(around, signed, key)
  }
  if (known.length > 0) return
  const ids = signatures.map(({keyid}) => keyid).join(', ')
  if (signed.required)
    throw missing(around, signed, `its registry has no such key as it is signed with: ${ids}`)
  around.context.log.debug(`${signed.name}@${signed.version}: not verified, no such key: ${ids}`)
}

async function keysOf(around: Around, {registry, required, name}: SignedVersion, signatures: Signature[]) {
  const ids = signatures.map(({keyid}) => keyid)
  try {
    return await registryKeys(around, registry, ids)
  } catch (error) {
    around.context.signal.throwIfAborted()
    if (required || !(error instanceof UserError)) throw error
    around.context.log.info(`the signature of ${name} was not verified: ${messageOf(error)}`)
    return []
  }
}

function isSignatureOf(text: string, signature: string, {key}: RegistryKey): boolean {
  try {
    const publicKey = createPublicKey({key: Buffer.from(key, 'base64'), format: 'der', type: 'spki'})
    return verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

/** A key that expired is good for what was published before. */
async function checkExpiry(
  around: Around,
  signed: SignedVersion,
  {expires, keyid}: RegistryKey,
): Promise<void> {
  const end = expires === null ? Number.NaN : Date.parse(expires)
  // The time of publishing is in the long document alone, which may have megabytes.
  if (Number.isNaN(end) || end > Date.now()) return
  const whole = await getJson(around.network, signed.url)
  const published = fieldsOf(fieldsOf(whole?.value)?.time)?.[signed.version]
  // Where a registry keeps no times npm takes it for old, too.
  if (typeof published !== 'string' || Date.parse(published) < end) return
  throw invalid(around, signed, `its key ${keyid} expired ${expires}, and it was published ${published}`)
}

function signaturesIn(value: unknown): Signature[] {
  return (Array.isArray(value) ? value : []).flatMap(one => {
    const {keyid, sig} = fieldsOf(one) ?? {}
    return typeof keyid === 'string' && typeof sig === 'string' ? [{keyid, sig}] : []
  })
}

function invalid({toolchain}: Around, {name, version, registry}: SignedVersion, why: string): UserError {
  return new UserError({
    code: 'SIGNATURE_INVALID',
    message: `the signature of ${name}@${version} is wrong: ${why} (${registry}, for ${toolchain})`,
    hint: 'do not install it; tell those who keep the registry or the mirror',
    exitCode: Exit.integrity,
  })
}

function missing({context, toolchain}: Around, {name, version}: SignedVersion, why: string): UserError {
  const setBy =
    context.network().verify === 'required' ? context.layout.config : `the definition of ${toolchain}`
  return new UserError({
    code: 'SIGNATURE_MISSING',
    message: `${name}@${version} is not installed, since a signature is required: ${why} (set by ${setBy})`,
    hint:
      context.network().verify === 'required'
        ? 'ask a registry that signs: npm config get registry; or go without: tool config set verify available'
        : 'ask a registry that signs: npm config get registry',
    exitCode: Exit.integrity,
  })
}
