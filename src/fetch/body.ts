import {Exit, UserError} from '../base/errors.ts'
import type {Answer} from './types.ts'

/**
 * All of an answer's body.
 * @param most bytes that a document of its kind has at most
 * @throws UserError DOCUMENT_TOO_LARGE
 */
export async function wholeBody({url, body}: Answer, most: number, hint: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > most) throw tooLarge(url, most, hint)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A document that is larger than any of its kind. */
export function tooLarge(url: URL, most: number, hint: string): UserError {
  return new UserError({
    code: 'DOCUMENT_TOO_LARGE',
    message: `${url} is larger than ${most / 1024 / 1024} MB`,
    hint,
    exitCode: Exit.network,
  })
}
