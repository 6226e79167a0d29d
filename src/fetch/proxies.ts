import type {Context} from '../base/context.ts'
import {errnoOf} from '../base/errors.ts'
import {directHosts} from './no-proxy.ts'
import type {NpmSettings} from './npm-config.ts'

/** The proxies as npm and the environment write them; empty where there is none. */
export interface Proxies {
  http: string
  https: string
  /** Whether an address is reached without. */
  isDirect(url: URL): boolean
}

export function proxiesOf({env}: Pick<Context, 'env'>, npm: NpmSettings): Proxies {
  // An empty variable is as good as none.
  const all = env.all_proxy || env.ALL_PROXY || ''
  const http = npm.httpProxy || env.http_proxy || env.HTTP_PROXY || all
  const https = npm.httpsProxy || env.https_proxy || env.HTTPS_PROXY || all || http
  return {http, https, isDirect: directHosts(npm.noProxy || env.no_proxy || env.NO_PROXY || '')}
}

/** The proxy on the way to an address; undefined where there is none. */
export function proxyOf(url: URL, {http, https, isDirect}: Proxies): string | undefined {
  const proxy = url.protocol === 'https:' ? https : http
  return proxy === '' || isDirect(url) ? undefined : proxy
}

/** The proxy that a failed connection was meant for, going by the address that the failure names. */
export function proxyOfFailure(
  error: unknown,
  {http, https}: Pick<Proxies, 'http' | 'https'>,
): URL | undefined {
  return [https, http]
    .filter(proxy => URL.canParse(proxy))
    .map(proxy => new URL(proxy))
    .find(proxy => attempts(error).some(attempt => isTo(proxy, attempt)))
}

interface Attempt {
  code?: unknown
  hostname?: unknown
  address?: unknown
  port?: unknown
}

/** A name may stand for several addresses, each of which was tried. */
function attempts(error: unknown): Attempt[] {
  if (typeof error !== 'object' || error === null) return []
  const {errors} = error as {errors?: unknown}
  return [error, ...(Array.isArray(errors) ? errors : [])]
}

function isTo({hostname, port, protocol}: URL, attempt: Attempt): boolean {
  const name = hostname.replace(/^\[|\]$/g, '')
  // No address was found, so none is named.
  if (['ENOTFOUND', 'EAI_AGAIN'].includes(errnoOf(attempt) ?? '')) return attempt.hostname === name
  if (attempt.port !== Number(port || (protocol === 'https:' ? 443 : 80))) return false
  return !/^[\d.]+$|:/.test(name) || attempt.address === name
}
