import {promisify} from 'node:util'
import {gunzip} from 'node:zlib'
import {tooLarge, wholeBody} from './body.ts'
import {notJson, ofWhom} from './errors.ts'
import type {Network} from './network.ts'
import type {Answer, Request} from './types.ts'

/** What a server said of a document's state, to ask later whether it changed. */
export interface Validators {
  etag?: string
  lastModified?: string
}

export interface Document extends Validators {
  value: unknown
  /** Where more of it is, as the header `link` says. */
  link?: string
}

export interface JsonRequest {
  accept?: string
  /** Of the copy that is already here. */
  validators?: Validators
  authorization?: Request['authorization']
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

const maxBytes = 128 * 1024 * 1024

/**
 * Gets a JSON document; undefined if it is as the validators say.
 * @throws UserError NETWORK_*, NETWORK_NOT_JSON, DOCUMENT_TOO_LARGE
 */
export function getJson(
  network: Network,
  url: URL,
  request: JsonRequest = {},
): Promise<Document | undefined> {
  const {accept = 'application/json', validators = {}, authorization, signal} = request
  const headers = {
    ...request.headers,
    accept,
    'accept-encoding': 'gzip',
    ...(validators.etag !== undefined && {'if-none-match': validators.etag}),
    ...(validators.lastModified !== undefined && {'if-modified-since': validators.lastModified}),
  }
  return network.get({url, headers, authorization, document: true, ...(signal && {signal})}, async answer => {
    if (answer.status === 304) return undefined
    const {etag, 'last-modified': lastModified, link} = answer.headers
    return {
      value: parse(await readBody(answer), answer),
      ...(link !== undefined && {link}),
      ...(etag !== undefined && {etag}),
      ...(lastModified !== undefined && {lastModified}),
    }
  })
}

async function readBody(answer: Answer): Promise<Buffer> {
  const {url, headers} = answer
  const whole = await wholeBody(answer, maxBytes, ofWhom)
  if (headers['content-encoding'] !== 'gzip') return whole
  return promisify(gunzip)(whole, {maxOutputLength: maxBytes}).catch(error => {
    throw error.code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge(url, maxBytes, ofWhom)
      : notJson(url, 'gzip', error)
  })
}

function parse(bytes: Buffer, {url, headers}: Answer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw notJson(url, headers['content-type'], error)
  }
}
