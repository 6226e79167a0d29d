import {createHash} from 'node:crypto'
import {parse} from 'ssri'
import {Exit, UserError} from '../base/errors.ts'
import {algorithms} from '../base/integrity.ts'

/** The digest of bytes that arrive, to be held against what was promised. */
export interface Digest {
  update(chunk: Uint8Array): void
  /**
   * May be called once, after the last byte.
   * @param encoding the `content-encoding` that the bytes came with, if any
   * @throws UserError INTEGRITY_MISMATCH
   */
  check(url: URL, encoding?: string): void
}

/**
 * Only the strongest algorithm that is promised counts.
 * @param integrity subresource integrity: one or more digests, such as `sha512-…`
 * @throws UserError INTEGRITY_UNKNOWN if none of them can be computed
 */
export function createDigest(integrity: string): Digest {
  const promised: Partial<Record<string, {digest: string}[]>> = parse(integrity) ?? {}
  const strongest = algorithms.findLast(algorithm => promised[algorithm]?.length)
  if (strongest === undefined) throw unknown(integrity)
  const expected = promised[strongest]?.map(({digest}) => digest) ?? []
  const hash = createHash(strongest)
  return {
    update: chunk => void hash.update(chunk),
    check(url, encoding) {
      const actual = hash.digest('base64')
      if (!expected.includes(actual))
        throw mismatch(url, `${strongest}-${expected}`, `${strongest}-${actual}`, encoding)
    },
  }
}

function mismatch(url: URL, expected: string, actual: string, encoding = 'identity'): UserError {
  const packed = encoding !== 'identity'
  return new UserError({
    code: 'INTEGRITY_MISMATCH',
    message: `the archive is not the promised one: ${url}: expected ${expected}, got ${actual}`,
    hint: packed
      ? `it came with content-encoding: ${encoding}; have the server, or a proxy, leave archives as they are`
      : 'a proxy or mirror may have changed it; try again, or another registry',
    exitCode: Exit.integrity,
  })
}

function unknown(integrity: string): UserError {
  return new UserError({
    code: 'INTEGRITY_UNKNOWN',
    message: `the promised digest can't be checked: ${JSON.stringify(integrity)}`,
    hint: 'report it to those who published it',
    exitCode: Exit.integrity,
  })
}
