import {Exit, UserError} from '../base/errors.ts'
import type {Network} from './network.ts'

const maxBytes = 1024 * 1024

/**
 * Gets a small text, such as a file of checksums or a signature.
 * @throws UserError NETWORK_*, DOCUMENT_TOO_LARGE
 */
export function getText(network: Network, url: URL): Promise<string> {
  return network.get({url, headers: {accept: 'text/plain, */*'}, document: true}, async ({body}) => {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > maxBytes) throw tooLarge(url)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  })
}

function tooLarge(url: URL): UserError {
  return new UserError({
    code: 'DOCUMENT_TOO_LARGE',
    message: `${url} is larger than ${maxBytes / 1024 / 1024} MB`,
    hint: 'it should be a short text: check its address in the definition',
    exitCode: Exit.network,
  })
}
