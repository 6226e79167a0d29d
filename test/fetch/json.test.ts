import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {getJson} from '../../src/fetch/json.ts'
import {createNetwork} from '../../src/fetch/network.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'

test('a document with its validators; compressed where the server likes to', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const network = createNetwork(box.context)
  registry.on('/plain', (_, response) =>
    response.writeHead(200, {etag: '"1"', 'last-modified': 'Mon'}).end('{"a":1}'),
  )
  registry.on('/packed', (_, response) =>
    response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync('{"a":2}')),
  )
  const at = (path: string) => new URL(path, registry.url)
  expect(await getJson(network, at('plain'))).toEqual({value: {a: 1}, etag: '"1"', lastModified: 'Mon'})
  expect(await getJson(network, at('packed'))).toEqual({value: {a: 2}})
})

test('undefined where nothing changed', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  registry.publish('x', '1.0.0', {})
  const network = createNetwork(box.context)
  const url = new URL('x', registry.url)
  const first = await getJson(network, url)
  expect(await getJson(network, url, {validators: {etag: first?.etag ?? ''}})).toBeUndefined()
})

test('a web page instead, or a document cut short by a proxy', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  registry.on('/page', (_, response) =>
    response.writeHead(200, {'content-type': 'text/html'}).end('<html>Sign in'),
  )
  registry.on('/cut', (_, response) => response.end('{"a":'))
  registry.on('/cut-packed', (_, response) =>
    response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync('{"a":2}').subarray(0, 10)),
  )
  const network = createNetwork(box.context)
  for (const path of ['page', 'cut', 'cut-packed']) {
    await expect(getJson(network, new URL(path, registry.url))).rejects.toMatchObject({
      code: 'NETWORK_NOT_JSON',
      exitCode: 5,
    })
  }
  await expect(getJson(network, new URL('page', registry.url))).rejects.toThrow('a web page')
})
