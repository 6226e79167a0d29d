import {readFileSync} from 'node:fs'
import type {RequestListener} from 'node:http'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {createNetwork} from '../../src/fetch/network.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'

const certificate = fileURLToPath(new URL('../../fixtures/tls/localhost.cert.pem', import.meta.url))
const key = fileURLToPath(new URL('../../fixtures/tls/localhost.key.pem', import.meta.url))
/** The machine's own global file, and what it trusts, is no matter of these tests. */
const alone = {npm_config_globalconfig: '/none/npmrc'}

/** A server whose certificate nobody signed but itself. */
async function startSecure(listener: RequestListener) {
  const server = createServer({key: readFileSync(key), cert: readFileSync(certificate)}, listener)
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  return {
    url: new URL(`https://localhost:${(server.address() as AddressInfo).port}/`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
    },
  }
}

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
