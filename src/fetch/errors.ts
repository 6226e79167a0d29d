import {Exit, errnoOf, messageOf, UserError} from '../base/errors.ts'
import {type Proxies, proxyOf, proxyOfFailure} from './proxies.ts'
import {longestWait, readRetryAfter} from './retry-after.ts'
import type {Timeouts} from './types.ts'

/** Gives a failed transfer its name; what is no matter of the network comes back as it is. */
export function networkError(error: unknown, url: URL, timeouts: Timeouts, proxies: Proxies): unknown {
  if (error instanceof UserError) return error
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return failure(
      'NETWORK_TIMEOUT',
      `${url} had not come within ${seconds(timeouts.total)}`,
      'try again, or another registry',
      error,
    )
  }
  const proxy = proxyOfFailure(error, proxies)
  if (proxy !== undefined) return proxyDead(error, proxy, url)
  const errno = errnoOf(error) ?? ''
  // How undici calls the 407 of a proxy that makes no tunnel.
  if (errno === 'UND_ERR_INVALID_ARG' && proxyOf(url, proxies) !== undefined) return statusError(407, url)
  const cause = errnoOf((error as {cause?: unknown}).cause)
  return named(errno, error, url, timeouts) ?? (cause && named(cause, error, url, timeouts)) ?? error
}

function named(errno: string, error: unknown, url: URL, timeouts: Timeouts) {
  const {host} = url
  switch (errno) {
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return failure(
        'NETWORK_TIMEOUT',
        `no connection to ${host} within ${seconds(timeouts.connect)}`,
        viaProxy,
        error,
      )
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return failure(
        'NETWORK_TIMEOUT',
        `${host} sent nothing for ${seconds(timeouts.idle)}: ${url}`,
        'try again',
        error,
      )
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return broken(url, error)
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failure('NETWORK_REFUSED', `no connection to ${host} (${errno}): ${url}`, viaProxy, error)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure('NETWORK_DNS', `the name ${url.hostname} is unknown (${errno}): ${url}`, viaProxy, error)
    case 'UND_ERR_PRX_CONN':
    case 'UND_ERR_PRX_TLS':
    case 'UND_ERR_ABORTED':
      return failure(
        'NETWORK_PROXY',
        `the proxy refused to reach ${host}: ${messageOf(error)}`,
        viaProxy,
        error,
      )
  }
  if (/^(HPE_|UND_ERR_)/.test(errno) || (error as Error).name === 'HTTPParserError') {
    return failure('NETWORK_GARBLED', `${host} doesn't speak HTTP: ${url}`, viaProxy, error)
  }
  if (isUntrusted(errno)) {
    return failure(
      'NETWORK_CERTIFICATE',
      `the certificate of ${host} is not trusted (${errno}): ${url}`,
      "set NODE_EXTRA_CA_CERTS, or npm's cafile, to the certificates of your network",
      error,
    )
  }
  if (/^(?:ERR_SSL|ERR_TLS|EPROTO)/.test(errno)) {
    return failure(
      'NETWORK_GARBLED',
      `${host} and we found no common TLS (${errno}): ${url}`,
      `if it is a server without TLS, its address begins with http:; ${viaProxy}`,
      error,
    )
  }
  return undefined
}

/** Whether it is the name of a failure since nobody who is trusted signed the certificate. */
export function isUntrusted(errno: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_/.test(errno)
}

/** The connection ended before the answer did. */
export function broken(url: URL, cause?: unknown): UserError {
  return failure('NETWORK_BROKEN', `the connection to ${url.host} broke off: ${url}`, 'try again', cause)
}

function proxyDead(error: unknown, proxy: URL, url: URL): UserError {
  return failure(
    'NETWORK_PROXY',
    `the proxy ${proxy.host}, which shall lead to ${url.host}, can't be reached (${errnoOf(error)})`,
    "correct or unset HTTPS_PROXY, HTTP_PROXY and npm's proxy and https-proxy",
    error,
  )
}

/** The reason to end a transfer that goes on and on. */
export function tooSlow({host, href}: URL, {pace}: Timeouts): UserError {
  return failure(
    'NETWORK_TIMEOUT',
    `${host} sent less than 1 KiB a second for ${seconds(pace)}: ${href}`,
    'try again, or another registry',
  )
}

/** The reason to give up a brief request. */
export function noAnswer({host, href}: URL, {brief}: Timeouts): UserError {
  return failure('NETWORK_TIMEOUT', `${host} did not answer within ${seconds(brief)}: ${href}`, viaProxy)
}

/** Addresses come from definitions as well as from npm. */
export const ofWhom = 'check its address: that of the definition, or of npm config get registry'
const viaProxy = "check the address, HTTPS_PROXY and npm's proxy"

/** An answer that is no answer. */
export function statusError(status: number, url: URL, retryAfter?: string): UserError {
  if (status === 404 || status === 410) {
    return failure('NETWORK_NOT_FOUND', `not found: ${url} (${status})`, ofWhom)
  }
  if (status === 401 || status === 403) {
    return failure(
      'NETWORK_FORBIDDEN',
      `${url.host} refuses access to ${url} (${status})`,
      `if it wants to know who asks, put that into ~/.netrc, or give npm a token: npm config set //${url.host}/:_authToken=…`,
    )
  }
  if (status === 407)
    return failure(
      'NETWORK_PROXY',
      `the proxy wants a name and a password (407): ${url}`,
      'put them into HTTPS_PROXY: http://name:password@proxy.example:8080',
    )
  if (status < 500 && status !== 429)
    return failure('NETWORK_STATUS', `${url.host} answers ${status}: ${url}`, 'try again later')
  const wait = readRetryAfter(retryAfter, Date.now())
  const when = wait === undefined || wait.ms <= longestWait ? 'later' : `in ${Math.ceil(wait.ms / 1000)} s`
  return failure('NETWORK_UNAVAILABLE', `${url.host} answers ${status}: ${url}`, `try again ${when}`, wait)
}

export function redirectError(url: URL, what: string): UserError {
  return failure('NETWORK_REDIRECT', `${url} answers with ${what}`, ofWhom)
}

export function offlineError(url: URL): UserError {
  return failure(
    'NETWORK_OFFLINE',
    `${url} is needed, but the network is switched off`,
    'try again without --offline',
  )
}

/** A local file that can't be opened. */
export function notFound(error: unknown, url: URL): unknown {
  if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') return error
  return failure(
    'NETWORK_NOT_FOUND',
    `there is no such file: ${url.pathname}`,
    'check the path of the folder that it is offered in',
    error,
  )
}

/** An answer that isn't what was asked for. */
export function notJson(url: URL, contentType: string | undefined, error: unknown): UserError {
  const what = contentType?.startsWith('text/html') ? 'a web page' : 'something else'
  return failure('NETWORK_NOT_JSON', `${url} answers with ${what} instead of JSON`, viaProxy, error)
}

export function notArchive(url: URL): UserError {
  return failure(
    'NETWORK_NOT_ARCHIVE',
    `${url} answers with a web page instead of an archive`,
    `the network may want you to sign in: open the address in a browser; ${viaProxy}`,
  )
}

function failure(code: string, message: string, hint: string, cause?: unknown): UserError {
  return new UserError({code, message, hint, exitCode: Exit.network, cause})
}

const seconds = (ms: number) => `${ms / 1000} s`
