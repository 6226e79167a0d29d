import type {buildConnector, Dispatcher} from 'undici'
import type {Context} from '../base/context.ts'
import {Exit, errnoOf, messageOf, UserError} from '../base/errors.ts'
import {once} from '../base/once.ts'
import {certificatesOf} from './certificates.ts'
import {isUntrusted} from './errors.ts'
import type {NpmSettings} from './npm-config.ts'
import {proxiesOf, proxyOf} from './proxies.ts'
import type {Timeouts} from './types.ts'

type Connector = buildConnector.connector
type TlsOptions = Pick<import('node:tls').ConnectionOptions, 'rejectUnauthorized' | 'secureContext'>

type Trust = (system: boolean) => TlsOptions

/** Finds who opens the connections for an address, the way npm and the environment say. */
export type Dispatchers = (url: URL) => Promise<Dispatcher>

/**
 * Connections are kept and shared: one agent for the direct way, one for each proxy.
 * @throws UserError CERTIFICATE_FILE_INVALID, PROXY_INVALID from what it returns
 */
export function createDispatchers({env}: Context, npm: NpmSettings, timeouts: Timeouts): Dispatchers {
  const tls: Trust = system => ({rejectUnauthorized: npm.strictSsl, ...certificatesOf(env, npm, system)})
  const options = {
    headersTimeout: timeouts.idle,
    bodyTimeout: timeouts.idle,
    // One stream of HTTP/2 is held back by its window; archives want the whole line.
    allowH2: false,
  }
  const {connect: timeout} = timeouts
  const proxies = proxiesOf({env}, npm)
  const direct = once(async () => {
    const [{default: Agent}, {default: buildConnector}] = await Promise.all([
      import('undici/lib/dispatcher/agent.js'),
      import('undici/lib/core/connect.js'),
    ])
    return new Agent({...options, connect: lazyConnector(buildConnector, timeout, tls)})
  })
  const through = new Map<string, Promise<Dispatcher>>()
  const openProxy = async (proxy: string) => {
    const {ProxyAgent} = await import('undici')
    const connect = {...tls(true), timeout}
    try {
      return new ProxyAgent({
        ...options,
        uri: addressOf(proxy),
        connect,
        requestTls: connect,
        proxyTls: connect,
      })
    } catch (error) {
      throw invalid(proxy, error)
    }
  }
  return url => {
    const proxy = proxyOf(url, proxies)
    if (proxy === undefined) return direct()
    const known = through.get(proxy) ?? openProxy(proxy)
    through.set(proxy, known)
    return known
  }
}

/** People leave out the protocol, as curl lets them. */
function addressOf(proxy: string): string {
  const address = proxy.includes('://') ? proxy : `http://${proxy}`
  if (!/^https?:$/.test(new URL(address).protocol)) throw new Error('it is no HTTP proxy')
  return address
}

function invalid(proxy: string, error: unknown): UserError {
  return new UserError({
    code: 'PROXY_INVALID',
    message: `the proxy can't be used: ${messageOf(error)} (${proxy.replace(/.*@/, '***@')})`,
    hint: "set HTTPS_PROXY or npm's https-proxy to a URL such as http://proxy.example:8080",
    exitCode: Exit.network,
    cause: error,
  })
}

/** Certificates take a while to read: a registry without TLS needs none, and few need those of the system. */
function lazyConnector(
  buildConnector: typeof import('undici').buildConnector,
  timeout: number,
  tls: Trust,
): Connector {
  const plain = buildConnector({timeout, allowH2: false})
  const known = new Map<boolean, Connector>()
  const secure = (system: boolean, ...[options, callback]: Parameters<Connector>): void => {
    try {
      const connector = known.get(system) ?? buildConnector({timeout, allowH2: false, ...tls(system)})
      known.set(system, connector)
      connector(options, callback)
    } catch (error) {
      callback(error as Error, null)
    }
  }
  return (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback)
    if (known.has(true)) return secure(true, options, callback)
    secure(false, options, (...result: Parameters<buildConnector.Callback>) => {
      if (result[0] !== null && isUntrusted(errnoOf(result[0]) ?? '')) secure(true, options, callback)
      else callback(...result)
    })
  }
}
