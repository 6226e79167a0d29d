import type {Download} from './download.ts'
import {notArchive} from './errors.ts'

/**
 * A network that wants a person to sign in answers every request with its page, and calls that a success.
 * @param first the first bytes
 * @throws UserError NETWORK_NOT_ARCHIVE
 */
export function checkIsFile({url, headers}: Download, first: Uint8Array): void {
  const begin = Buffer.from(first.subarray(0, 256)).toString('latin1').trimStart()
  const isCalledPage = headers['content-type']?.startsWith('text/html') === true
  if (/^<(?:!doctype html|html)\b/i.test(begin) || (isCalledPage && begin.startsWith('<')))
    throw notArchive(url)
}
