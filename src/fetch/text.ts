import {wholeBody} from './body.ts'
import type {Network} from './network.ts'

const maxBytes = 1024 * 1024

/**
 * Gets a small text, such as a file of checksums or a signature.
 * @throws UserError NETWORK_*, DOCUMENT_TOO_LARGE
 */
export function getText(network: Network, url: URL): Promise<string> {
  return network.get({url, headers: {accept: 'text/plain, */*'}, document: true}, async answer => {
    const body = await wholeBody(
      answer,
      maxBytes,
      'it should be a short text: check its address in the definition',
    )
    return body.toString('utf8')
  })
}
