import {createHash, generateKeyPairSync, randomBytes, sign} from 'node:crypto'

export interface SigningOptions {
  /** The name in the trusted comment; undefined: it has none. */
  file?: string | undefined
  /** As minisign has signed since 2023; before, the whole file was signed. */
  prehashed?: boolean
  /** Changed after it was signed. */
  comment?: string
}

/** A publisher with a key of minisign. */
export interface Signer {
  publicKey: string
  sign(bytes: Uint8Array, options: SigningOptions): string
}

export function createSigner(): Signer {
  const {publicKey, privateKey} = generateKeyPairSync('ed25519')
  const id = randomBytes(8)
  const raw = publicKey.export({format: 'der', type: 'spki'}).subarray(-32)
  return {
    publicKey: Buffer.concat([Buffer.from('Ed'), id, raw]).toString('base64'),
    sign(bytes, {file, prehashed = true, comment}) {
      const message = prehashed ? createHash('blake2b512').update(bytes).digest() : bytes
      const signature = sign(null, message, privateKey)
      const trusted = [
        'timestamp:1755707121',
        ...(file === undefined ? [] : [`file:${file}`]),
        'hashed',
      ].join('\t')
      const seal = sign(null, Buffer.concat([signature, Buffer.from(trusted)]), privateKey)
      return [
        'untrusted comment: signature from minisign secret key',
        Buffer.concat([Buffer.from(prehashed ? 'ED' : 'Ed'), id, signature]).toString('base64'),
        `trusted comment: ${comment ?? trusted}`,
        seal.toString('base64'),
        '',
      ].join('\n')
    },
  }
}
