import {readFileSync} from 'node:fs'
import type {RequestListener} from 'node:http'
import {delimiter, dirname} from 'node:path'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {createNetwork} from '../../src/fetch/network.ts'
import {createAuthority} from '../support/authority.ts'
import {startTunnel} from '../support/proxy.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {startSecure as startServer} from '../support/secure-server.ts'

const certificate = fileURLToPath(new URL('../../fixtures/tls/localhost.cert.pem', import.meta.url))
const key = fileURLToPath(new URL('../../fixtures/tls/localhost.key.pem', import.meta.url))
/** The machine's own global file, and what it trusts, is no matter of these tests. */
const alone = {npm_config_globalconfig: '/none/npmrc'}

const itself = {key: readFileSync(key), cert: readFileSync(certificate)}

/** A server whose certificate nobody signed but itself, or one's own authority. */
const startSecure = (listener: RequestListener, own = itself) => startServer(listener, own)

test('an unknown certificate is refused, with what to do', async () => {
  await using server = await startSecure((_, response) => response.end('hello'))
  await using box = sandbox(alone)
  const get = createNetwork(box.context).get({url: server.url}, ({body}) => text(body))
  await expect(get).rejects.toMatchObject({
    code: 'NETWORK_CERTIFICATE',
    exitCode: 5,
    hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  })
})

test('a server without TLS behind https is no matter of certificates', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(alone)
  const url = new URL(registry.url.replace('http:', 'https:'))
  const get = createNetwork(box.context, {retryDelays: []}).get({url}, ({body}) => text(body))
  await expect(get).rejects.toMatchObject({
    code: 'NETWORK_GARBLED',
    hint: expect.stringContaining('begins with http:'),
  })
})

test("npm's cafile must be there", async () => {
  await using server = await startSecure((_, response) => response.end('hello'))
  await using box = sandbox({...alone, npm_config_cafile: '/none.pem'})
  // npm would take the certificates from here.
  box.write('../.npmrc', `cafile=${certificate}\n`)
  const get = createNetwork(box.context).get({url: server.url}, ({body}) => text(body))
  await expect(get).rejects.toMatchObject({
    code: 'CERTIFICATE_FILE_INVALID',
    message: expect.stringMatching(/none\.pem.*\(set by npm's cafile\)/),
  })
})

test.each([
  ['NODE_EXTRA_CA_CERTS', {NODE_EXTRA_CA_CERTS: certificate}],
  ['SSL_CERT_FILE', {SSL_CERT_FILE: certificate}],
  ["npm's cafile", {npm_config_cafile: certificate}],
  ["npm's ca", {npm_config_ca: readFileSync(certificate, 'utf8')}],
  ["npm's strict-ssl", {npm_config_strict_ssl: 'false'}],
])('it is trusted by %s', async (_what, env) => {
  await using server = await startSecure((_, response) => response.end('hello'))
  await using box = sandbox({...alone, ...env})
  const network = createNetwork(box.context)
  expect(await network.get({url: server.url}, ({body}) => text(body))).toBe('hello')
})

describe('an authority of one’s own', () => {
  const ways: [what: string, env: (ca: string) => Record<string, string>][] = [
    ['NODE_EXTRA_CA_CERTS', ca => ({NODE_EXTRA_CA_CERTS: ca})],
    ['SSL_CERT_FILE', ca => ({SSL_CERT_FILE: ca})],
    ['SSL_CERT_DIR, of several', ca => ({SSL_CERT_DIR: `/none${delimiter}${dirname(ca)}`})],
    ["npm's cafile", ca => ({npm_config_cafile: ca})],
  ]
  test.each(ways)('is trusted by %s, directly and by way of a proxy', async (_what, env) => {
    await using box = sandbox(alone)
    const authority = createAuthority(box)
    await using server = await startSecure((_, response) => response.end('hello'), authority)
    await using proxy = await startTunnel()
    for (const more of [{}, {HTTPS_PROXY: `http://${proxy.address}`}]) {
      const network = createNetwork(box.at({env: {...env(authority.ca), ...more}}))
      expect(await network.get({url: server.url}, ({body}) => text(body))).toBe('hello')
    }
    expect(proxy.asked).toEqual([server.url.host])
  })

  test('is not trusted where it is another', async () => {
    await using box = sandbox(alone)
    const [authority, other] = [createAuthority(box), createAuthority(box, 'other')]
    await using server = await startSecure((_, response) => response.end('hello'), authority)
    for (const env of [{SSL_CERT_FILE: other.ca}, {SSL_CERT_DIR: dirname(other.ca)}, {SSL_CERT_DIR: ''}]) {
      const get = createNetwork(box.at({env})).get({url: server.url}, ({body}) => text(body))
      await expect(get).rejects.toMatchObject({code: 'NETWORK_CERTIFICATE', exitCode: 5})
    }
  })

  test.each(['', 'hello', '\x30\x82\x01\x00'])('a file of %j, which holds none, is named', async content => {
    await using box = sandbox(alone)
    await using server = await startSecure((_, response) => response.end('hello'))
    const SSL_CERT_FILE = box.write('ca.pem', content)
    const get = createNetwork(box.at({env: {SSL_CERT_FILE}})).get({url: server.url}, ({body}) => text(body))
    await expect(get).rejects.toMatchObject({
      code: 'CERTIFICATE_FILE_INVALID',
      message: expect.stringMatching(/ca\.pem.*\(set by SSL_CERT_FILE\)/),
    })
  })
})

describe('a tunnel to a server with TLS', () => {
  test('gets the name and password of the proxy, and the server does not', async () => {
    await using box = sandbox({...alone, SSL_CERT_FILE: certificate})
    const seen: (string | undefined)[] = []
    await using server = await startSecure(({headers}, response) => {
      seen.push(headers['proxy-authorization'], headers.authorization)
      response.end('hello')
    })
    const wanted = `Basic ${Buffer.from('me:s3cret').toString('base64')}`
    await using proxy = await startTunnel(wanted)
    const get = (address: string) =>
      createNetwork(box.at({env: {HTTPS_PROXY: address}}), {retryDelays: []}).get(
        {url: server.url},
        ({body}) => text(body),
      )
    expect(await get(`http://me:s3cret@${proxy.address}`)).toBe('hello')
    expect(seen).toEqual([undefined, undefined])
    await expect(get(`http://me:wrong@${proxy.address}`)).rejects.toMatchObject({
      code: 'NETWORK_PROXY',
      exitCode: 5,
      message: expect.stringContaining('407'),
    })
  })
})

test('a redirect to a plain connection takes no token along, where it is allowed', async () => {
  await using registry = await startRegistry()
  await using server = await startSecure((_, response) => {
    response.writeHead(302, {location: `${registry.url}x`}).end()
  })
  await using box = sandbox({...alone, SSL_CERT_FILE: certificate})
  registry.on('/x', (_, response) => response.end('x'))
  box.write('../.npmrc', `//${new URL(registry.url).host}/:_authToken=s3cret\n`)
  box.write('../.netrc', 'machine 127.0.0.1 login me password s3cret\n')
  const network = createNetwork({...box.context, network: () => ({insecureRedirects: true})})
  expect(await network.get({url: server.url}, ({body}) => text(body))).toBe('x')
  expect(registry.headers[0]?.authorization).toBeUndefined()
})

test('a plain connection to another host is a redirect too far, unless config.json allows it', async () => {
  await using server = await startSecure((_, response) => {
    response.writeHead(302, {location: 'http://packages.invalid/'}).end()
  })
  await using box = sandbox({...alone, SSL_CERT_FILE: certificate})
  const get = (insecureRedirects: boolean) =>
    createNetwork({...box.context, network: () => ({insecureRedirects})}, {retryDelays: []}).get(
      {url: server.url},
      ({body}) => text(body),
    )
  await expect(get(false)).rejects.toMatchObject({code: 'NETWORK_REDIRECT'})
  await expect(get(true)).rejects.toMatchObject({code: 'NETWORK_DNS'})
})

test('no redirect leads from TLS to a plain connection, but to this machine', async () => {
  await using server = await startSecure((request, response) => {
    const location = request.url === '/out' ? 'http://packages.invalid/' : 'http://127.0.0.1:1/'
    response.writeHead(302, {location}).end()
  })
  await using box = sandbox({...alone, SSL_CERT_FILE: certificate})
  const network = createNetwork(box.context, {retryDelays: []})
  const get = (path: string) => network.get({url: new URL(path, server.url)}, ({body}) => text(body))
  await expect(get('/out')).rejects.toMatchObject({code: 'NETWORK_REDIRECT', exitCode: 5})
  await expect(get('/here')).rejects.toMatchObject({code: 'NETWORK_REFUSED'})
})
