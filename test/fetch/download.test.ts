import {randomBytes} from 'node:crypto'
import {describe, expect, test} from 'vitest'
import type {Download} from '../../src/fetch/download.ts'
import {createNetwork} from '../../src/fetch/network.ts'
import {ranges} from '../support/ranges.ts'
import {type Registry, startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {impatient} from '../support/toolchain.ts'

const file = randomBytes(300_000)
const other = randomBytes(300_000)

/** Gets a file, and counts how often its reading began. */
async function get(box: Sandbox, address: string, options: Options = {}) {
  const {beginning, mirrors} = options
  let begun = 0
  const network = createNetwork({...box.context, network: () => ({mirrors})}, impatient)
  const bytes = await network.download({url: new URL(address), beginning}, async download => {
    begun += 1
    return await read(download)
  })
  return {bytes, begun}
}

interface Options {
  beginning?: {bytes: number; validator: string}
  mirrors?: Record<string, string | string[]>
}

async function read({chunks}: Download): Promise<Buffer> {
  const all: Buffer[] = []
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) all.push(next.value)
  return Buffer.concat(all)
}

/** From where the last connection broke off; what was on its way then is lost. */
const aRest = expect.stringMatching(/^bytes=[1-9]\d*-$/)
const rangesOf = ({headers}: Registry) => headers.map(({range}) => range)

describe('a download that breaks off', () => {
  test.each([
    ['a strong ETag', {etag: '"one"'}],
    ['a date', {lastModified: 'Mon, 02 Jan 2023 00:00:00 GMT'}],
    ['both', {etag: '"one"', lastModified: 'Mon, 02 Jan 2023 00:00:00 GMT'}],
  ])('goes on where it was, by %s', async (_what, validators) => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on(
      '/file',
      ranges(() => file, {...validators, breaks: [100_000, 50_000]}),
    )
    const {bytes, begun} = await get(box, `${registry.url}file`)
    expect(bytes.equals(file)).toBe(true)
    expect(begun).toBe(1)
    expect(rangesOf(registry)).toEqual([undefined, aRest, aRest])
    expect(registry.headers[1]?.['if-range']).toBe(Object.values(validators)[0])
  })

  test.each([
    ['only a weak ETag', {etag: 'W/"one"'}],
    ['nothing', {}],
  ])('starts over where the server sends %s to know the file by', async (_what, validators) => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on(
      '/file',
      ranges(() => file, {...validators, breaks: [100_000]}),
    )
    const {bytes, begun} = await get(box, `${registry.url}file`)
    expect(bytes.equals(file)).toBe(true)
    expect(begun).toBe(2)
    expect(rangesOf(registry)).toEqual([undefined, undefined])
  })

  test('starts over, without asking again, where the server has another file now', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    let asked = 0
    const first = ranges(() => file, {etag: '"one"', breaks: [100_000]})
    const second = ranges(() => other, {etag: '"two"'})
    registry.on('/file', (request, response) => (asked++ === 0 ? first : second)(request, response))
    const {bytes, begun} = await get(box, `${registry.url}file`)
    expect(bytes.equals(other)).toBe(true)
    expect(begun).toBe(2)
    expect(registry.requests).toHaveLength(2)
  })

  test('starts over where the server sends another range, or has none', async () => {
    for (const answer of ['bytes 5-299999/300000', 'bytes */300000']) {
      await using registry = await startRegistry()
      await using box = sandbox()
      const good = ranges(() => file, {etag: '"one"', breaks: [100_000]})
      registry.on('/file', (request, response) => {
        if (request.headers.range === undefined) return good(request, response)
        const status = answer.includes('*') ? 416 : 206
        response.writeHead(status, {'content-range': answer}).end()
      })
      const {bytes, begun} = await get(box, `${registry.url}file`)
      expect(bytes.equals(file)).toBe(true)
      expect(begun).toBe(2)
    }
  })

  test('gives up after three retries without much of it coming', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on(
      '/file',
      ranges(() => file, {etag: '"one"', breaks: Array(9).fill(1000)}),
    )
    await expect(get(box, `${registry.url}file`)).rejects.toMatchObject({code: 'NETWORK_BROKEN'})
    expect(registry.requests).toHaveLength(4)
  })

  test('but not while a megabyte comes each time', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const large = randomBytes(7 * 1024 * 1024)
    registry.on(
      '/file',
      ranges(() => large, {etag: '"one"', breaks: Array(4).fill(1.5 * 1024 * 1024)}),
    )
    const {bytes, begun} = await get(box, `${registry.url}file`)
    expect(bytes.equals(large)).toBe(true)
    expect([begun, registry.requests.length]).toEqual([1, 5])
  })

  test('gives up where as many megabytes come each time, and from the start again', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const large = randomBytes(3 * 1024 * 1024)
    registry.on(
      '/file',
      ranges(() => large, {breaks: Array(20).fill(2 * 1024 * 1024)}),
    )
    await expect(get(box, `${registry.url}file`)).rejects.toMatchObject({code: 'NETWORK_BROKEN'})
    // What came the first time was much more than before; then three retries without more.
    expect(registry.requests.length).toBeLessThanOrEqual(6)
  })

  test.each([
    ['ETag', {etag: '"one"'}, {etag: '"two"'}],
    [
      'date',
      {lastModified: 'Mon, 02 Jan 2023 00:00:00 GMT'},
      {'last-modified': 'Tue, 03 Jan 2023 00:00:00 GMT'},
    ],
  ])('starts over where the rest is of another file by its %s', async (_what, before, after) => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const first = ranges(() => file, {...before, breaks: [100_000]})
    registry.on('/file', (request, response) => {
      if (registry.requests.length === 1) return first(request, response)
      // As if it had never heard of If-Range.
      const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? Number.NaN)
      const rest = Number.isNaN(start) ? other : other.subarray(start)
      if (!Number.isNaN(start)) response.setHeader('content-range', `bytes ${start}-299999/300000`)
      response.writeHead(Number.isNaN(start) ? 200 : 206, {...after, 'content-length': rest.length}).end(rest)
    })
    const {bytes, begun} = await get(box, `${registry.url}file`)
    expect(bytes.equals(other)).toBe(true)
    expect(begun).toBe(2)
  })

  test('an answer that ends before its time, as if it were whole, is not', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const good = ranges(() => file, {etag: '"one"', breaks: [100_000]})
    let asked = 0
    registry.on('/file', (request, response) => {
      if (asked++ !== 1) return good(request, response)
      // Of an answer in chunks the end is known by the range alone.
      const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0])
      response.writeHead(206, {'content-range': `bytes ${start}-299999/300000`})
      response.write(file.subarray(start, 200_000))
      response.end()
    })
    const {bytes, begun} = await get(box, `${registry.url}file`)
    expect(bytes.equals(file)).toBe(true)
    expect(begun).toBe(1)
    expect(rangesOf(registry)).toEqual([undefined, aRest, 'bytes=200000-'])
  })
})

describe('what is there already', () => {
  test('is not asked for again', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on(
      '/file',
      ranges(() => file, {etag: '"one"'}),
    )
    const beginning = {bytes: 200_000, validator: '"one"'}
    const {bytes} = await get(box, `${registry.url}file`, {beginning})
    expect(bytes.equals(file.subarray(200_000))).toBe(true)
    expect(registry.headers[0]).toMatchObject({range: 'bytes=200000-', 'if-range': '"one"'})
  })

  test('is no use where the server has another file', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on(
      '/file',
      ranges(() => other, {etag: '"two"'}),
    )
    const beginning = {bytes: 200_000, validator: '"one"'}
    const {bytes, begun} = await get(box, `${registry.url}file`, {beginning})
    expect(bytes.equals(other)).toBe(true)
    expect(begun).toBe(1)
  })
})

describe('mirrors', () => {
  const etag = '"one"'

  test('are asked in their order, before the address itself', async () => {
    await using origin = await startRegistry()
    await using mirror = await startRegistry()
    await using box = sandbox()
    mirror.on(
      '/copy/a/file',
      ranges(() => file, {etag}),
    )
    const mirrors = {[`${origin.url}dist`]: `${mirror.url}copy`, [origin.url]: 'http://127.0.0.1:1/'}
    const {bytes} = await get(box, `${origin.url}dist/a/file`, {mirrors})
    expect(bytes.equals(file)).toBe(true)
    expect(origin.requests).toEqual([])
    await get(box, `${origin.url}distant/file`, {mirrors}).catch(() => {})
    expect(origin.requests).toEqual(['GET /distant/file'])
  })

  test.each([404, 403, 503])('one that answers %i leads to the next at once', async status => {
    await using origin = await startRegistry()
    await using mirror = await startRegistry()
    await using box = sandbox()
    mirror.on('*', (_, response) => response.writeHead(status).end())
    origin.on(
      '/file',
      ranges(() => file, {etag}),
    )
    const {bytes} = await get(box, `${origin.url}file`, {mirrors: {[origin.url]: [mirror.url]}})
    expect(bytes.equals(file)).toBe(true)
    expect(mirror.requests).toHaveLength(1)
    expect(box.logged).toEqual([expect.stringContaining(`asking ${new URL(origin.url).host}`)])
  })

  test('one that is not there leads to the next, and what breaks off goes on there', async () => {
    await using origin = await startRegistry()
    await using mirror = await startRegistry()
    await using box = sandbox()
    mirror.on(
      '/file',
      ranges(() => file, {etag, breaks: [100_000]}),
    )
    origin.on(
      '/file',
      ranges(() => file, {etag}),
    )
    const mirrors = {[origin.url]: ['http://127.0.0.1:1/', mirror.url]}
    const {bytes, begun} = await get(box, `${origin.url}file`, {mirrors})
    expect(bytes.equals(file)).toBe(true)
    expect(begun).toBe(1)
    expect([rangesOf(mirror), rangesOf(origin)]).toEqual([[undefined], [aRest]])
  })

  test('where all fail, each was asked as often as its turn came', async () => {
    await using origin = await startRegistry()
    await using mirror = await startRegistry()
    await using box = sandbox()
    for (const server of [origin, mirror]) server.on('*', (_, response) => response.writeHead(503).end())
    const failure = get(box, `${origin.url}file`, {mirrors: {[origin.url]: mirror.url}})
    await expect(failure).rejects.toMatchObject({code: 'NETWORK_UNAVAILABLE'})
    expect([origin.requests.length, mirror.requests.length].sort()).toEqual([2, 3])
  })
})

describe('Retry-After', () => {
  test.each([
    ['in seconds', () => '1'],
    ['as a date', () => new Date(Date.now() + 2000).toUTCString()],
  ])('%s is waited for', async (_what, header) => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const times: number[] = []
    registry.on('/file', (_, response) => {
      times.push(performance.now())
      if (times.length > 1) return void response.end('x')
      response.writeHead(503, {'retry-after': header()}).end()
    })
    await get(box, `${registry.url}file`)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900)
  })

  test('of an hour is for the person to know', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/file', (_, response) => response.writeHead(429, {'retry-after': '3600'}).end())
    await expect(get(box, `${registry.url}file`)).rejects.toMatchObject({
      code: 'NETWORK_UNAVAILABLE',
      hint: 'try again in 3600 s',
    })
    expect(registry.requests).toHaveLength(1)
  })

  test.each(['soon', '-5', ''])('that is %j counts as none', async header => {
    await using registry = await startRegistry()
    await using box = sandbox()
    let asked = 0
    registry.on('/file', (_, response) => {
      if (asked++ > 0) return void response.end('x')
      response.writeHead(503, {'retry-after': header}).end()
    })
    expect((await get(box, `${registry.url}file`)).bytes.toString()).toBe('x')
  })
})
