import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test, vi} from 'vitest'
import {createNetwork} from '../../src/fetch/network.ts'
import {openSource} from '../../src/source/open.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {impatient, npmToolchain} from '../support/toolchain.ts'

describe('versions', () => {
  test('all of them, with tags, asked for in the short form', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    for (const version of ['1.0.0', '2.0.0-rc.1', '1.1.0']) registry.publish('ore', version, {})
    registry.tag('ore', 'next', '2.0.0-rc.1')
    const source = openSource(box.context, npmToolchain('ore'))
    expect(await source.list()).toEqual({
      versions: ['1.0.0', '2.0.0-rc.1', '1.1.0'],
      tags: {latest: '1.1.0', next: '2.0.0-rc.1'},
    })
    expect(registry.headers[0]?.accept).toContain('application/vnd.npm.install-v1+json')
  })

  test('a second question within minutes is answered by the cache, without the network', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {})
    const ask = (options = {}) => openSource(box.context, npmToolchain('ore'), options).list()
    const first = await ask()
    expect(await ask()).toEqual(first)
    expect(registry.requests).toHaveLength(1)
    registry.publish('ore', '1.1.0', {})
    expect((await ask({refresh: true})).versions).toEqual(['1.0.0', '1.1.0'])
    expect(registry.requests).toHaveLength(2)
  })

  test('later the registry is asked whether anything changed', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {})
    const ask = () => openSource(box.context, npmToolchain('ore')).list()
    const first = await ask()
    vi.useFakeTimers({now: Date.now() + 6 * 60_000, toFake: ['Date']})
    try {
      expect(await ask()).toEqual(first)
      expect(registry.headers[1]?.['if-none-match']).toMatch(/^"/)
      expect(await ask()).toEqual(first)
      expect(registry.requests).toHaveLength(2)
    } finally {
      vi.useRealTimers()
    }
  })

  test.each([
    ['by a date, where the registry sends no ETag', {'last-modified': 'Mon, 02 Jan 2023 00:00:00 GMT'}, 304],
    ['for the whole, where it sends neither', {}, 200],
  ])('later it is asked %s', async (_how, sent, status) => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const statuses: number[] = []
    registry.on('/ore', ({headers}, response) => {
      const same = headers['if-modified-since'] === Object.values(sent)[0] && 'last-modified' in sent
      statuses.push(same ? 304 : 200)
      response.writeHead(same ? 304 : 200, sent).end(same ? undefined : '{"versions":{"1.0.0":null}}')
    })
    const ask = () => openSource(box.context, npmToolchain('ore')).list()
    const first = await ask()
    vi.useFakeTimers({now: Date.now() + 6 * 60_000, toFake: ['Date']})
    try {
      expect(await ask()).toEqual(first)
    } finally {
      vi.useRealTimers()
    }
    expect(statuses).toEqual([200, status])
  })

  test('a cache of any age serves offline; without one the error says so', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {})
    const offline = () => createNetwork(box.context, {offline: true})
    const source = () => openSource(box.context, npmToolchain('ore'), {network: offline(), refresh: true})
    await expect(source().list()).rejects.toMatchObject({code: 'NETWORK_OFFLINE'})
    await openSource(box.context, npmToolchain('ore')).list()
    expect((await source().list()).versions).toEqual(['1.0.0'])
  })

  test('a long document says when versions came out', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const time = {created: '2020-01-01T00:00:00.000Z', '1.0.0': '2021-02-03T04:05:06.789Z', '1.1.0': 'soon'}
    const versions = {'1.0.0': {}, '1.1.0': {}}
    registry.serve('/ore', JSON.stringify({versions, 'dist-tags': {}, time}))
    const {released} = await openSource(box.context, npmToolchain('ore')).list()
    expect(released).toEqual({'1.0.0': '2021-02-03T04:05:06.789Z'})
  })

  test.each(['null', '[]', '"latest"', '{"latest":null}'])('tags that are %s are none', async tags => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.on('/ore', (_, response) => response.end(`{"versions":{"1.0.0":null},"dist-tags":${tags}}`))
    expect(await openSource(box.context, npmToolchain('ore')).list()).toEqual({versions: ['1.0.0'], tags: {}})
  })

  test('the cache keeps no credentials', async () => {
    await using registry = await startRegistry()
    await using box = sandbox({
      npm_config_registry: registry.url.replace('//', '//me:s3cret@'),
    })
    registry.publish('ore', '1.0.0', {})
    const ask = () => openSource(box.context, npmToolchain('ore')).list()
    expect(await ask()).toEqual(await ask())
    expect(registry.requests).toHaveLength(1)
    const indexes = join(box.context.layout.cache, 'indexes')
    const kept = readdirSync(indexes).map(name => readFileSync(join(indexes, name), 'utf8'))
    expect(kept).toEqual([expect.stringContaining(`"url":"${registry.url}ore"`)])
    expect(kept[0]).not.toContain('s3cret')
  })

  test('a damaged cache is as good as none', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {})
    const ask = () => openSource(box.context, npmToolchain('ore')).list()
    const first = await ask()
    const indexes = join(box.context.layout.cache, 'indexes')
    const [file = ''] = readdirSync(indexes)
    const whole = JSON.parse(readFileSync(join(indexes, file), 'utf8'))
    const halves = [
      {...whole, versions: undefined},
      {...whole, tags: null},
    ].map(half => JSON.stringify(half))
    for (const damage of ['', '{"schema":1', 'null', '{"schema":2}', ...halves]) {
      for (const name of readdirSync(indexes)) writeFileSync(join(indexes, name), damage)
      expect(await ask()).toEqual(first)
    }
  })

  test('a document of megabytes is kept in a few kilobytes', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const versions = Object.fromEntries(
      Array.from({length: 3000}, (_, at) => [`1.0.${at}`, {version: `1.0.${at}`, readme: 'x'.repeat(3000)}]),
    )
    registry.on('/ore', (_, response) =>
      response.end(JSON.stringify({name: 'ore', 'dist-tags': {latest: '1.0.2999'}, versions, time: {}})),
    )
    const list = await openSource(box.context, npmToolchain('ore')).list()
    expect(list.versions).toHaveLength(3000)
    expect(list.tags).toEqual({latest: '1.0.2999'})
    const indexes = join(box.context.layout.cache, 'indexes')
    const sizes = readdirSync(indexes).map(name => readFileSync(join(indexes, name)).length)
    expect(sizes).toEqual([expect.closeTo(33_000, -4)])
  })

  test.each([
    ['an unknown package', 404, '{}', 'PACKAGE_NOT_FOUND'],
    ['a broken server', 500, '', 'NETWORK_UNAVAILABLE'],
    ['a web page', 200, '<html>Sign in</html>', 'NETWORK_NOT_JSON'],
    ['no versions', 200, '{"name":"ore"}', 'INDEX_INVALID'],
    ['null', 200, 'null', 'INDEX_INVALID'],
    ['versions that are null', 200, '{"versions":null}', 'INDEX_INVALID'],
    ['a list of versions', 200, '{"versions":["1.0.0"]}', 'INDEX_INVALID'],
  ])('%s', async (_what, status, body, code) => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.on('/ore', (_, response) => response.writeHead(status).end(body))
    const network = createNetwork(box.context, impatient)
    await expect(openSource(box.context, npmToolchain('ore'), {network}).list()).rejects.toMatchObject({
      code,
      exitCode: 5,
    })
  })
})

describe('artifacts', () => {
  test('by the version alone: address, digest, where it is from', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {'bin/ore': 'x'})
    const artifact = await openSource(box.context, npmToolchain('ore')).artifact('1.0.0')
    expect(artifact).toEqual({
      url: `${registry.url}ore/-/ore-1.0.0.tgz`,
      portableUrl: 'https://registry.npmjs.org/ore/-/ore-1.0.0.tgz',
      integrity: expect.stringMatching(/^sha512-/),
      format: 'tar.gz',
      strip: 1,
      source: 'npm ore',
    })
    expect(registry.requests).toEqual(['GET /ore/1.0.0'])
  })

  test("a scoped package for this platform, from its scope's registry", async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    box.write('../.npmrc', `registry=http://127.0.0.1:1/\n@ores:registry=${registry.url}\n`)
    const {os, arch} = box.context.platform
    registry.publish(`@ores/${os}-${arch}`, '1.0.0', {})
    const definition = npmToolchain('ore', {
      sources: [{kind: 'npm', package: 'ore', artifact: '@ores/{os}-{arch}'}],
    })
    const {url, source} = await openSource(box.context, definition).artifact('1.0.0')
    expect(url).toBe(`${registry.url}@ores/${os}-${arch}/-/${os}-${arch}-1.0.0.tgz`)
    expect(source).toBe(`npm @ores/${os}-${arch}`)
  })

  test.each([
    ['has no such route', 404, '{}'],
    ['answers with the whole document', 200, '{"versions":{}}'],
    ['answers with a page', 200, '<html>'],
    ['does not like it', 405, ''],
  ])('a mirror that %s for one version', async (_what, status, body) => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {})
    registry.on('/ore/1.0.0', (_, response) => response.writeHead(status).end(body))
    const artifact = await openSource(box.context, npmToolchain('ore')).artifact('1.0.0')
    expect(artifact.url).toBe(`${registry.url}ore/-/ore-1.0.0.tgz`)
  })

  test('a version that is not there, and one that is not there for this platform', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {})
    await expect(openSource(box.context, npmToolchain('ore')).artifact('9.9.9')).rejects.toMatchObject({
      code: 'NO_SUCH_VERSION',
      exitCode: 4,
    })
    const elsewhere = npmToolchain('ore', {sources: [{kind: 'npm', package: 'ore', artifact: 'ore-{os}'}]})
    await expect(openSource(box.context, elsewhere).artifact('1.0.0')).rejects.toMatchObject({
      code: 'NO_ARTIFACT_FOR_PLATFORM',
      exitCode: 4,
    })
    const never = npmToolchain('ore', {platforms: {'plan9-x64': {}}})
    await expect(openSource(box.context, never).artifact('1.0.0')).rejects.toMatchObject({
      code: 'NO_ARTIFACT_FOR_PLATFORM',
      hint: expect.stringContaining('plan9-x64'),
    })
  })

  test('an old version has only a SHA-1', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '0.1.0', {}, {shasum: 'a9993e364706816aba3e25717850c26c9cd0d89d'})
    const {integrity} = await openSource(box.context, npmToolchain('ore')).artifact('0.1.0')
    expect(integrity).toBe('sha1-qZk+NkcGgWq6PiVxeFDCbJzQ2J0=')
  })

  test.each([
    ['dist is null', '{"version":"1.0.0","dist":null}', '{}', 'INDEX_INVALID'],
    ['dist is a list', '{"version":"1.0.0","dist":[]}', '{}', 'INDEX_INVALID'],
    ['tarball is null', '{"version":"1.0.0","dist":{"tarball":null}}', '{}', 'INDEX_INVALID'],
    ['document is null, and so is the whole', 'null', 'null', 'NO_SUCH_VERSION'],
    ['document is null, and so are the versions', 'null', '{"versions":null}', 'NO_SUCH_VERSION'],
    ['document is null, also in the whole', 'null', '{"versions":{"1.0.0":null}}', 'INDEX_INVALID'],
  ])('a version whose %s', async (_what, own, whole, code) => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.on('/ore/1.0.0', (_, response) => response.end(own))
    registry.on('/ore', (_, response) => response.end(whole))
    await expect(openSource(box.context, npmToolchain('ore')).artifact('1.0.0')).rejects.toMatchObject({code})
  })

  test('a registry can name no file of this machine, nor be one', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {}, {tarballUrl: 'file:///etc/passwd'})
    const artifact = (env = {}) => openSource(box.at({env}), npmToolchain('ore')).artifact('1.0.0')
    await expect(artifact()).rejects.toMatchObject({code: 'INDEX_INVALID', exitCode: 5})
    for (const npm_config_registry of ['file:///etc/', 'data:text/plain,x']) {
      const failure = {code: 'NPM_CONFIG_INVALID', exitCode: 3}
      await expect(artifact({npm_config_registry})).rejects.toMatchObject(failure)
    }
  })

  test('a version without any digest is refused', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '0.1.0', {}, {integrity: ''})
    await expect(openSource(box.context, npmToolchain('ore')).artifact('0.1.0')).rejects.toMatchObject({
      code: 'INDEX_INVALID',
    })
  })
})

test('the next source is asked where one fails; if all do, the first says why', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('ore', '1.0.0', {})
  const both = npmToolchain('ore', {
    sources: [
      {kind: 'npm', package: 'iron'},
      {kind: 'npm', package: 'ore'},
    ],
  })
  expect((await openSource(box.context, both).list()).versions).toEqual(['1.0.0'])
  expect((await openSource(box.context, both).artifact('1.0.0')).source).toBe('npm ore')
  await expect(openSource(box.context, both).artifact('2.0.0')).rejects.toThrow('npm iron')
})

describe('packages that name versions in their own way', () => {
  const elm = npmToolchain('elm', {
    sources: [{kind: 'npm', package: '@elm/{os}', packageVersion: '{version}-0'}],
  })

  test('versions and tags have the compiler’s names; what has none is left out', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const name = `@elm/${process.platform}`
    for (const version of ['0.19.0', '0.19.1-0', '0.19.1-1', '0.19.2-0']) registry.publish(name, version, {})
    registry.tag(name, 'latest', '0.19.2-0')
    registry.tag(name, 'next', '0.19.1-1')
    const source = openSource(box.context, elm)
    const list = {versions: ['0.19.1', '0.19.2'], tags: {latest: '0.19.2'}}
    expect(await source.list()).toEqual(list)
    expect(await source.list()).toEqual(list)
  })

  test('artifacts are those of the packages, by the source and by the lock', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const name = `@elm/${process.platform}`
    registry.publish(name, '0.19.1-0', {elm: '#!/bin/sh\necho 0.19.1\n'})
    const source = openSource(box.context, elm)
    const artifact = await source.artifact('0.19.1')
    expect(artifact.url).toMatch(/-0\.19\.1-0\.tgz$/)
    const {integrity, portableUrl: url} = artifact
    const asked = registry.requests.length
    expect(await source.locked('0.19.1', {integrity, url})).toMatchObject({url: artifact.url, integrity})
    expect(registry.requests).toHaveLength(asked)
    await expect(source.artifact('0.19.1-0')).rejects.toMatchObject({
      code: 'NO_SUCH_VERSION',
      message: expect.stringContaining('0.19.1-0'),
    })
  })
})
