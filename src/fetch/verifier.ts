import {createHash} from 'node:crypto'
import {Exit, isUserError, UserError} from '../base/errors.ts'
import {createDigest, type Digest} from './digest.ts'
import {readSignature, type Signature, type Signed, signatureInvalid} from './minisign.ts'
import type {Network} from './network.ts'
import {getText} from './text.ts'

/** What an archive has to be. */
export interface Expected {
  /** Subresource integrity. */
  integrity: string
  /** The same, of another kind: both have to hold. */
  offered?: string
  /** The publisher's signature, where the definition asks for it; other kinds are not verified. */
  signature?: {minisign: {publicKey: string; url: string; file: string}} | {unsupported: string}
}

/** The most bytes of an archive that is signed as a whole: such a signature needs all of them at once. */
const maxWhole = 256 * 1024 * 1024

/**
 * Gets ready to verify the bytes of an archive as they arrive: its digest, and its signature where there is one to be
 * verified. What comes back makes a verifier for each try.
 * @throws UserError SIGNATURE_INVALID, SIGNATURE_MISSING, INTEGRITY_UNKNOWN, NETWORK_*
 */
export async function prepareVerifier(
  network: Network,
  {integrity, offered, signature}: Expected,
): Promise<() => Digest> {
  const onlyDigest = () =>
    offered === undefined ? createDigest(integrity) : both(createDigest(integrity), createDigest(offered))
  if (signature === undefined || 'unsupported' in signature) return onlyDigest
  // Then only what was fetched before is there, which was verified when it came.
  if (await network.offline()) return onlyDigest
  const {publicKey, url, file} = signature.minisign
  const signed = {publicKey, url: new URL(url), file}
  const text = await getText(network, signed.url).catch(error => {
    throw isUserError(error, 'NETWORK_NOT_FOUND') ? missing(signed, error) : error
  })
  const read = readSignature(text, signed)
  return () => both(onlyDigest(), signatureDigest(read, signed))
}

function missing({url, file}: Signed, cause: UserError): UserError {
  return new UserError({
    code: 'SIGNATURE_MISSING',
    message: `${file} has no signature, though its definition says that it is signed: ${url}`,
    hint: 'a mirror may lack it; ask another one, or correct the definition',
    exitCode: Exit.integrity,
    cause,
  })
}

function both(one: Digest, other: Digest): Digest {
  return {
    update(chunk) {
      one.update(chunk)
      other.update(chunk)
    },
    check(url, encoding) {
      one.check(url, encoding)
      other.check(url, encoding)
    },
  }
}

function signatureDigest({prehashed, check}: Signature, signed: Signed): Digest {
  if (prehashed) {
    const hash = createHash('blake2b512')
    return {update: chunk => void hash.update(chunk), check: () => check(hash.digest())}
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  return {
    update(chunk) {
      bytes += chunk.length
      if (bytes > maxWhole)
        throw signatureInvalid(signed, `it is of the whole file, which is larger than ${maxWhole >> 20} MB`)
      chunks.push(chunk)
    },
    check: () => check(Buffer.concat(chunks)),
  }
}
