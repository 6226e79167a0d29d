import {readFileSync} from 'node:fs'
import {createSecureContext, rootCertificates, type SecureContext} from 'node:tls'
import type {buildConnector, Dispatcher} from 'undici'
import type {Context} from '../base/context.ts'
import {Exit, messageOf, UserError} from '../base/errors.ts'
import type {NpmSettings} from './npm-config.ts'
import {proxiesOf} from './proxies.ts'
import type {Timeouts} from './types.ts'

type Connector = buildConnector.connector

/**
 * Opens connections the way npm and the environment say: through proxies, trusting their certificates.
 * @throws UserError CERTIFICATE_FILE_INVALID, PROXY_INVALID
 */
export async function openDispatcher(
  {env}: Context,
  npm: NpmSettings,
  {connect, idle}: Timeouts,
): Promise<Dispatcher> {
  const [{default: Agent}, {default: buildConnector}] = await Promise.all([
    import('undici/lib/dispatcher/agent.js'),
    import('undici/lib/core/connect.js'),
  ])
  const tls = (): TlsOptions => ({rejectUnauthorized: npm.strictSsl, ...trustOf(env, npm)})
  const options = {
    headersTimeout: idle,
    bodyTimeout: idle,
    // One stream of HTTP/2 is held back by its window; archives want the whole line.
    allowH2: false,
  }
  const {http, https} = proxiesOf({env}, npm)
  if (http === '' && https === '') {
    return new Agent({...options, connect: lazyConnector(buildConnector, connect, tls)})
  }
  const {EnvHttpProxyAgent} = await import('undici')
  try {
    return new EnvHttpProxyAgent({
      ...options,
      connect: {...tls(), timeout: connect},
      httpProxy: http,
      httpsProxy: https,
      noProxy: npm.noProxy ?? env.no_proxy ?? env.NO_PROXY ?? '',
      requestTls: {...tls(), timeout: connect},
      proxyTls: {...tls(), timeout: connect},
    })
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError({
      code: 'PROXY_INVALID',
      message: `the proxy can't be used: ${messageOf(error)} (${(https || http).replace(/.*@/, '***@')})`,
      hint: "set HTTPS_PROXY or npm's https-proxy to a URL such as http://proxy.example:8080",
      exitCode: Exit.network,
      cause: error,
    })
  }
}

interface TlsOptions {
  rejectUnauthorized: boolean
  secureContext?: SecureContext
}

/** Certificates take a while to read, and a registry without TLS needs none. */
function lazyConnector(
  buildConnector: typeof import('undici').buildConnector,
  timeout: number,
  tls: () => TlsOptions,
): Connector {
  const plain = buildConnector({timeout, allowH2: false})
  let secure: Connector | undefined
  return (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback)
    try {
      secure ??= buildConnector({timeout, allowH2: false, ...tls()})
    } catch (error) {
      return callback(error as Error, null)
    }
    return secure(options, callback)
  }
}

/** npm's certificates replace the built-in ones, as in npm; those of the environment come on top of either. */
function trustOf(env: Context['env'], npm: NpmSettings): {secureContext?: SecureContext} {
  // npm passes over a file that is not there.
  if (npm.caFile !== undefined) readCertificates(npm.caFile, "npm's cafile")
  const files = [...new Set([env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE])].filter(file => !!file)
  if (npm.ca === undefined && files.length === 0) return {}
  const more = files.map(file => readCertificates(file ?? '', 'NODE_EXTRA_CA_CERTS or SSL_CERT_FILE'))
  return {secureContext: createSecureContext({ca: [...(npm.ca ?? rootCertificates), ...more]})}
}

function readCertificates(path: string, setBy: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UserError({
      code: 'CERTIFICATE_FILE_INVALID',
      message: `the certificates can't be read: ${messageOf(error)} (set by ${setBy})`,
      hint: `name a file that is there, or unset ${setBy}`,
      exitCode: Exit.network,
      cause: error,
    })
  }
}
