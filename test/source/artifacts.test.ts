import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {currentPlatform, platformName} from '../../src/base/platform.ts'
import {createNetwork} from '../../src/fetch/network.ts'
import type {Definition} from '../../src/model/definition.ts'
import {writeDirectoryIndex} from '../../src/source/directory-index.ts'
import {openSource} from '../../src/source/open.ts'
import {startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {packageTarball} from '../support/tarball.ts'
import {impatient, npmToolchain} from '../support/toolchain.ts'

const here = platformName(currentPlatform())

/** A toolchain whose archives are in a package of each platform. */
const divided = npmToolchain('ore', {
  sources: [{kind: 'npm', package: 'ore', artifact: '@ores/{os}-{arch}'}],
  platforms: {'linux-x64': {}, 'linux-x64-musl': {}, 'linux-arm64': {}, 'win32-x64': {}, [here]: {}},
})

async function machine(definition: Definition = npmToolchain('ore')) {
  const registry = await startRegistry()
  const box = sandbox(registry.env)
  const network = createNetwork(box.context, impatient)
  return {
    registry,
    box,
    source: openSource(box.context, definition, {network}),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

const names = async (artifacts: Promise<ReadonlyMap<string, unknown>>) => [...(await artifacts).keys()].sort()

describe('of all platforms', () => {
  test('one archive may serve any', async () => {
    await using m = await machine()
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'x'})
    const artifacts = await m.source.artifacts('1.0.0')
    expect([...artifacts.keys()]).toEqual(['any'])
    expect(artifacts.get('any')).toEqual(await m.source.artifact('1.0.0'))
  })

  test('each has its own package, asked for once; one that has none is left out', async () => {
    await using m = await machine(divided)
    m.registry.publish('@ores/linux-x64', '1.0.0', {'bin/ore': 'linux'})
    m.registry.publish('@ores/win32-x64', '1.0.0', {'bin/ore': 'windows'})
    m.registry.publish('@ores/linux-arm64', '0.9.0', {'bin/ore': 'old'})
    const artifacts = await m.source.artifacts('1.0.0')
    expect([...artifacts.keys()].sort()).toEqual(['linux-x64', 'linux-x64-musl', 'win32-x64'])
    expect(artifacts.get('linux-x64')).toEqual(artifacts.get('linux-x64-musl'))
    expect(artifacts.get('win32-x64')?.url).toBe(`${m.registry.url}@ores/win32-x64/-/win32-x64-1.0.0.tgz`)
    expect(m.registry.requests.filter(path => path === 'GET /@ores/linux-x64/1.0.0')).toHaveLength(1)
  })

  test('where none has one, that is said', async () => {
    await using m = await machine(divided)
    await expect(m.source.artifacts('1.0.0')).rejects.toMatchObject({
      code: 'NO_ARTIFACT_FOR_PLATFORM',
      exitCode: 4,
    })
  })

  test('platforms that a definition names, and that all get the same, are any', async () => {
    await using m = await machine(
      npmToolchain('ore', {platforms: {'linux-x64': {}, [here]: {}, 'win32-x64': {}}}),
    )
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'x'})
    expect(await names(m.source.artifacts('1.0.0'))).toEqual(['any'])
  })

  test('versions have the platforms of their override', async () => {
    const later = {
      versions: '>=2.0.0',
      sources: divided.sources,
      platforms: {'linux-x64': {}, 'win32-x64': {}},
    }
    await using m = await machine(npmToolchain('ore', {overrides: [later]}))
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'x'})
    for (const name of ['linux-x64', 'win32-x64'])
      m.registry.publish(`@ores/${name}`, '2.0.0', {'bin/ore': name})
    expect(await names(m.source.artifacts('1.0.0'))).toEqual(['any'])
    expect(await names(m.source.artifacts('2.0.0'))).toEqual(['linux-x64', 'win32-x64'])
  })

  test('what comes from elsewhere on some platforms is told for this one alone', async () => {
    const elsewhere = {on: ['win32-*'], sources: [{kind: 'npm', package: 'ore-windows'} as const]}
    await using m = await machine(npmToolchain('ore', {overrides: [elsewhere]}))
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'x'})
    expect(await names(m.source.artifacts('1.0.0'))).toEqual([here])
  })

  test('a dead registry is no missing platform', async () => {
    await using m = await machine(divided)
    m.registry.publish('@ores/linux-x64', '1.0.0', {'bin/ore': 'linux'})
    m.registry.on('/@ores/win32-x64*', (_, response) => response.writeHead(500).end())
    await expect(m.source.artifacts('1.0.0')).rejects.toMatchObject({code: 'NETWORK_UNAVAILABLE'})
  })
})

describe('as a lock file names it', () => {
  async function published(options: {replace?: string} = {}) {
    const m = await machine()
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'x'})
    const artifact = await m.source.artifact('1.0.0')
    const env = {
      ...m.registry.env,
      ...(options.replace && {npm_config_replace_registry_host: options.replace}),
    }
    const source = openSource(m.box.at({env}), npmToolchain('ore'), {
      network: createNetwork(m.box.at({env}), impatient),
    })
    m.registry.requests.length = 0
    return {
      ...m,
      artifact,
      locked: (url: string, integrity = artifact.integrity) => source.locked('1.0.0', {integrity, url}),
    }
  }

  test('an address of the public registry is that of the configured one, and no document is asked for', async () => {
    await using m = await published()
    expect(m.artifact.portableUrl).toBe('https://registry.npmjs.org/ore/-/ore-1.0.0.tgz')
    expect(await m.locked(m.artifact.portableUrl)).toEqual(m.artifact)
    expect(await m.locked(m.artifact.url)).toEqual(m.artifact)
    expect(m.registry.requests).toEqual([])
  })

  test.each([
    ['another host', 'https://evil.example/ore/-/ore-1.0.0.tgz'],
    ['another package', 'https://registry.npmjs.org/evil/-/ore-1.0.0.tgz'],
    ['another version', 'https://registry.npmjs.org/ore/-/ore-6.6.6.tgz'],
    ['no address', 'blobs/sha256/00'],
  ])('of %s, the registry is asked instead', async (_what, url) => {
    await using m = await published()
    expect(await m.locked(url)).toEqual(m.artifact)
    expect(m.registry.requests).toEqual(['GET /ore/1.0.0'])
    await expect(m.locked(url, `sha512-${'E'.repeat(86)}==`)).rejects.toMatchObject({
      code: 'INTEGRITY_MISMATCH',
      exitCode: 6,
      message: expect.stringMatching(
        /^the archive for \S+ is not the locked one: the lock says sha512-E+==, npm ore offers sha512-\S+ for 1\.0\.0$/,
      ),
      hint: expect.stringContaining('tool lock --upgrade ore'),
    })
  })

  test('npm’s replace-registry-host is respected', async () => {
    await using m = await published({replace: 'never'})
    // The public registry is not put in the place of: what is at the configured one is asked for.
    expect(await m.locked('https://registry.npmjs.org/ore/-/ore-1.0.0.tgz')).toMatchObject({
      url: m.artifact.url,
    })
    expect(m.registry.requests).toEqual(['GET /ore/1.0.0'])
    m.registry.requests.length = 0
    expect(await m.locked(m.artifact.url)).toMatchObject({url: m.artifact.url, portableUrl: m.artifact.url})
    expect(m.registry.requests).toEqual([])
  })

  test('the lock keeps no credentials', async () => {
    await using m = await machine()
    const tarballUrl = 'https://user:secret@cdn.example/ore.tgz?token=abc'
    m.registry.publish('ore', '1.0.0', {}, {tarballUrl})
    expect((await m.source.artifact('1.0.0')).portableUrl).not.toMatch(/secret|abc/)
  })
})

describe('in a folder', () => {
  function offer({box}: {box: Sandbox}): Definition {
    const directory = join(box.root, 'offers')
    const pack = (name: string) => {
      const file = join(box.root, `${name}.tgz`)
      writeFileSync(file, packageTarball({'bin/ore': name}))
      return {file, format: 'tar.gz' as const, strip: 1}
    }
    mkdirSync(directory)
    writeDirectoryIndex(
      directory,
      [
        {version: '1.0.0', ...pack('all')},
        {version: '2.0.0', ...pack('linux'), platform: 'linux-x64'},
        {version: '2.0.0', ...pack('windows'), platform: 'win32-x64'},
        {version: '2.0.0', ...pack('others')},
      ],
      {latest: '2.0.0'},
    )
    return npmToolchain('ore', {sources: [{kind: 'directory', path: directory}]})
  }

  test('the index knows the platforms, and addresses are the same wherever the folder is', async () => {
    await using box = sandbox()
    const definition = offer({box})
    const source = openSource(box.context, definition)
    expect(await names(source.artifacts('1.0.0'))).toEqual(['any'])
    const artifacts = await source.artifacts('2.0.0')
    expect([...artifacts.keys()].sort()).toEqual(['any', 'linux-x64', 'win32-x64'])
    for (const {portableUrl} of artifacts.values())
      expect(portableUrl).toMatch(/^blobs\/sha256\/[0-9a-f]{64}$/)
    const named = openSource(box.context, {
      ...definition,
      platforms: {'linux-x64': {}, 'win32-x64': {}, 'darwin-x64': {}},
    })
    const byDefinition = await named.artifacts('2.0.0')
    for (const [name, index] of [
      ['linux-x64', 'linux-x64'],
      ['darwin-x64', 'any'],
    ])
      expect(byDefinition.get(name ?? '')).toEqual(artifacts.get(index ?? ''))
  })

  test('what is locked is found by its digest', async () => {
    await using box = sandbox()
    const source = openSource(box.context, offer({box}))
    const artifact = await source.artifact('1.0.0')
    expect(await source.locked('1.0.0', {integrity: artifact.integrity, url: 'whatever'})).toEqual(artifact)
    const integrity = `sha256-${'E'.repeat(43)}=`
    await expect(source.locked('1.0.0', {integrity, url: artifact.portableUrl})).rejects.toMatchObject({
      code: 'INTEGRITY_MISMATCH',
      message: expect.stringContaining(artifact.integrity),
    })
  })
})
