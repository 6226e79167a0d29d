import type {KeyObject} from 'node:crypto'
import {Exit, UserError} from '../base/errors.ts'

/** Whose signature is expected, of which file. */
export interface Signed {
  /** As minisign prints it: base64 of algorithm, key id and Ed25519 key. */
  publicKey: string
  /** Where the signature is. */
  url: URL
  /** The name that the signed file must have, so that an older one can't be passed off as it. */
  file: string
}

/** A signature that holds together: what is left to be seen is whether it is of the bytes. */
export interface Signature {
  /** Whether the file's BLAKE2b-512 is signed, rather than the file. */
  prehashed: boolean
  /** @param message the file, or its BLAKE2b-512. @throws UserError SIGNATURE_INVALID */
  check(message: Uint8Array): void
}

/** The header of an Ed25519 public key in DER, before its 32 bytes. */
const derHeader = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Reads a signature of minisign: that it is by the expected key, that its trusted comment is signed, and that this names the file.
 * @throws UserError SIGNATURE_INVALID
 */
export function readSignature(text: string, signed: Signed): Signature {
  const {createPublicKey, verify} = process.getBuiltinModule('node:crypto')
  const invalid = (what: string) => signatureInvalid(signed, what)
  const [, body = '', comment = '', seal = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const [head, whole] = [decode(body, 74), decode(seal, 64)]
  const prefix = 'trusted comment: '
  if (head === undefined || whole === undefined || !comment.startsWith(prefix))
    throw invalid('it is no signature of minisign')
  const algorithm = head.subarray(0, 2).toString('latin1')
  if (algorithm !== 'Ed' && algorithm !== 'ED') throw invalid('its algorithm is unknown')
  const expected = decode(signed.publicKey, 42)
  if (expected === undefined || expected.subarray(0, 2).toString('latin1') !== 'Ed')
    throw invalid('the public key of the definition is none')
  if (!head.subarray(2, 10).equals(expected.subarray(2, 10))) throw invalid('it is by another key')
  const key: KeyObject = createPublicKey({
    key: Buffer.concat([derHeader, expected.subarray(10)]),
    format: 'der',
    type: 'spki',
  })
  const signature = head.subarray(10)
  const trusted = comment.slice(prefix.length)
  if (!verify(null, Buffer.concat([signature, Buffer.from(trusted)]), key, whole))
    throw invalid('its trusted comment is not signed by the key')
  checkFile(trusted, signed)
  return {
    prehashed: algorithm === 'ED',
    check(message) {
      if (!verify(null, message, key, signature)) throw invalid('it is not of these bytes')
    },
  }
}

/** A comment that names no file says nothing of which version it is of. */
function checkFile(comment: string, signed: Signed): void {
  const named = comment
    .split('\t')
    .find(field => field.startsWith('file:'))
    ?.slice('file:'.length)
  if (named === signed.file) return
  throw signatureInvalid(
    signed,
    named === undefined ? 'it names no file' : `it is of ${JSON.stringify(named.slice(0, 200))}`,
  )
}

function decode(text: string, bytes: number): Buffer | undefined {
  const decoded = Buffer.from(text, 'base64')
  return decoded.length === bytes && decoded.toString('base64') === text.trim() ? decoded : undefined
}

/** The publisher's signature of an archive is not what it should be. */
export function signatureInvalid({url, file}: Signed, what: string): UserError {
  return new UserError({
    code: 'SIGNATURE_INVALID',
    message: `the signature of ${file} does not hold: ${what} (${url})`,
    hint: 'install nothing from there until its publisher says why; a mirror may have changed it',
    exitCode: Exit.integrity,
  })
}
