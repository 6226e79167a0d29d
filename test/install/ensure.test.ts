import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {currentPlatform} from '../../src/base/platform.ts'
import {createNetwork} from '../../src/fetch/network.ts'
import {ensureInstalled} from '../../src/install/ensure.ts'
import type {InstallAllOptions} from '../../src/install/install-all.ts'
import {pinFromArgument} from '../../src/pin/argument.ts'
import {findPin} from '../../src/pin/find.ts'
import type {Pin} from '../../src/pin/types.ts'
import {resolveLocal} from '../../src/resolve/local.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {builtin} from '../support/definitions.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {impatient, npmToolchain} from '../support/toolchain.ts'

/** A machine with one more toolchain, `ore`, and its registry. */
async function machine(ore = npmToolchain('ore')) {
  const registry = await startRegistry()
  const box = sandbox(registry.env)
  const folder = box.context.layout.definitions
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, 'ore.json'), JSON.stringify(ore))
  const definitions = await loadDefinitions(box.context)
  const ensure = async (pin: Pin, options: InstallAllOptions = {}) => {
    const network = createNetwork(box.context, impatient)
    const [ensured] = await ensureInstalled(box.context, definitions, [pin], {
      network,
      durable: false,
      ...options,
    })
    if (ensured?.via !== 'store') throw new Error(`${pin.toolchain} is ${ensured?.via}`)
    return `${ensured.installed.version} ${ensured.fresh ? 'installed' : 'was there'}`
  }
  return {
    registry,
    box,
    definitions,
    publish: (version: string) => registry.publish('ore', version, {'bin/ore': '#!/bin/sh\n'}),
    /** What the command line asks for. */
    install: (text: string, options?: InstallAllOptions) =>
      ensure(pinFromArgument(text, 'ore', box.context), options),
    /** What a project asks for. */
    installPinned(text: string) {
      box.write('.toolversion', `ore ${text}\n`)
      return ensure(findPin(box.context, builtin, 'ore'))
    },
    /** What a project's pin comes down to, without the network. */
    local(text: string) {
      box.write('.toolversion', `ore ${text}\n`)
      const pin = findPin(box.context, builtin, 'ore')
      const resolved = resolveLocal(box.context, definitions.get('ore', pin.origin), pin)
      return resolved.via === 'store' ? resolved.installed.version : resolved.via
    },
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

type Machine = Awaited<ReturnType<typeof machine>>

describe('a tag', () => {
  test('that a project pins is installed once, then there', async () => {
    await using m = await machine()
    m.publish('1.0.0')
    m.publish('2.0.0-rc.1')
    m.registry.tag('ore', 'next', '2.0.0-rc.1')
    expect(m.local('next')).toBe('missing')
    expect(await m.installPinned('next')).toBe('2.0.0-rc.1 installed')
    expect(m.local('next')).toBe('2.0.0-rc.1')
    const asked = m.registry.requests.length
    m.publish('2.0.0-rc.2')
    m.registry.tag('ore', 'next', '2.0.0-rc.2')
    expect(await m.installPinned('next')).toBe('2.0.0-rc.1 was there')
    expect(m.registry.requests).toHaveLength(asked)
  })

  test('moves to a version that is there already', async () => {
    await using m = await machine()
    m.publish('1.0.0')
    m.registry.tag('ore', 'next', '1.0.0')
    await m.install('ore@1.0.0')
    expect(m.local('next')).toBe('missing')
    expect(await m.install('ore@next')).toBe('1.0.0 was there')
    expect(m.local('next')).toBe('1.0.0')
  })
})

describe('on the command line the source decides', () => {
  test.each(['ore@latest', 'ore', 'ore@*', 'ore@^1', 'ore@1', 'latest'])('%s', async text => {
    await using m = await machine()
    m.publish('1.0.0')
    expect(await m.install(text)).toBe('1.0.0 installed')
    m.publish('1.1.0')
    expect(await m.install(text)).toBe('1.1.0 installed')
    expect(await m.install(text)).toBe('1.1.0 was there')
  })

  test('what a project pins stays as it is', async () => {
    await using m = await machine()
    m.publish('1.0.0')
    await m.installPinned('^1')
    const asked = m.registry.requests.length
    m.publish('1.1.0')
    for (const text of ['^1', '1', 'latest', '"*"'])
      expect(await m.installPinned(text)).toBe('1.0.0 was there')
    expect(m.registry.requests).toHaveLength(asked)
  })

  test('an exact version that is there is there', async () => {
    await using m = await machine()
    putVersion(m.box, 'ore', '1.0.0')
    expect(await m.install('ore@1.0.0')).toBe('1.0.0 was there')
    expect(m.registry.requests).toEqual([])
  })

  test('a folder that is called as the spec is written is it', async () => {
    await using m = await machine()
    putVersion(m.box, 'ore', 'nightly')
    expect(await m.install('ore@nightly')).toBe('nightly was there')
    expect(m.registry.requests).toEqual([])
  })

  test('without a network it fails, and says what is there', async () => {
    await using m = await machine()
    putVersion(m.box, 'ore', '1.0.0')
    m.registry.on('/ore*', (_, response) => response.writeHead(500).end())
    await expect(m.install('ore@latest')).rejects.toMatchObject({
      code: 'NETWORK_UNAVAILABLE',
      exitCode: 5,
      hint: 'try again later; ore 1.0.0 is installed',
    })
    const network = createNetwork(m.box.context, {offline: true})
    await expect(m.install('ore@^1', {network})).rejects.toMatchObject({
      code: 'NETWORK_OFFLINE',
      hint: expect.stringContaining('ore 1.0.0 is installed'),
    })
  })
})

describe('a version that does not exist', () => {
  const {os, arch} = currentPlatform()

  /** A toolchain whose archives are in a package of each platform. */
  async function divided() {
    const source = {kind: 'npm', package: 'ore', artifact: '@ores/{os}-{arch}'} as const
    const m = await machine(npmToolchain('ore', {sources: [source]}))
    for (const version of ['1.0.0', '1.1.0']) {
      m.publish(version)
      m.registry.publish(`@ores/${os}-${arch}`, version, {'bin/ore': '#!/bin/sh\n'})
    }
    return m
  }

  test('is told with what set it and what is near, also where each platform has its own package', async () => {
    await using m = await divided()
    await expect(m.install('ore@9.9.9')).rejects.toMatchObject({
      code: 'NO_SUCH_VERSION',
      exitCode: 4,
      message: 'there is no ore 9.9.9 (set by the command line)',
      hint: 'near it are 1.1.0, 1.0.0; the latest is 1.1.0',
    })
    await expect(m.installPinned('1.0.9')).rejects.toThrow('there is no ore 1.0.9 (set by .toolversion:1)')
  })

  test('for this machine only, is told as that', async () => {
    await using m = await divided()
    m.publish('1.2.0')
    await expect(m.installPinned('1.2.0')).rejects.toMatchObject({
      code: 'NO_ARTIFACT_FOR_PLATFORM',
      message: expect.stringMatching(/^ore 1\.2\.0 is not there for .* \(set by \.toolversion:1\)$/),
      hint: expect.stringMatching(/./),
    })
  })
})

describe('what fails says which version it was for, and what set that', () => {
  const cases: [what: string, pinned: string, spoil: (m: Machine) => void, code: string][] = [
    ['a list', '^1', m => m.registry.on('/ore', (_, r) => r.writeHead(404).end()), 'PACKAGE_NOT_FOUND'],
    ['a list', '^1', m => m.registry.on('/ore', (_, r) => r.end('{}')), 'INDEX_INVALID'],
    ['a list', '^1', m => m.registry.on('/ore', (_, r) => r.writeHead(500).end()), 'NETWORK_UNAVAILABLE'],
    ['a document', '1.0.0', m => m.registry.on('/ore*', (_, r) => r.end('<html>')), 'NETWORK_NOT_JSON'],
    [
      'an archive',
      '1.0.0',
      m => m.registry.on('/ore/-/*', (_, r) => r.writeHead(403).end()),
      'NETWORK_FORBIDDEN',
    ],
    ['an archive', '1.0.0', m => m.registry.on('/ore/-/*', (_, r) => r.end('x')), 'INTEGRITY_MISMATCH'],
    ['an archive', '1.0.0', m => m.registry.publish('ore', '1.0.0', Buffer.from('x')), 'ARCHIVE_CORRUPT'],
  ]
  test.each(cases)('%s of %s (case %#)', async (_what, pinned, spoil, code) => {
    await using m = await machine()
    m.publish('1.0.0')
    spoil(m)
    const failure = await m.installPinned(pinned).catch(error => error)
    expect(failure).toMatchObject({code, hint: expect.stringMatching(/./), cause: {code}})
    expect(failure.message).toMatch(
      new RegExp(`^ore ${pinned.replace(/[.^]/g, '\\$&')}: .* \\(set by \\.toolversion:1\\)$`),
    )
  })

  test('a program that is missing is blamed on whose definition it is', async () => {
    await using m = await machine()
    m.registry.publish('ore', '1.0.0', {'lib/x': 'x'})
    await expect(m.installPinned('1.0.0')).rejects.toMatchObject({
      code: 'EXECUTABLE_MISSING',
      message: 'ore 1.0.0 has no bin/ore, where its definition looks for ore (set by .toolversion:1)',
      hint: `correct ${join(m.box.context.layout.definitions, 'ore.json')}, or pin another version`,
    })
  })
})

test('the system’s and a folder can’t be installed', async () => {
  await using m = await machine()
  mkdirSync(join(m.box.project, 'mine/bin'), {recursive: true})
  for (const text of ['ore@system', 'ore@path:mine']) {
    await expect(m.install(text)).rejects.toMatchObject({code: 'NOTHING_TO_INSTALL', exitCode: 3})
  }
})

test('a version whose program was removed is installed again', async () => {
  await using m = await machine()
  m.publish('1.0.0')
  await m.install('ore@1.0.0')
  rmSync(join(m.box.context.layout.bin('ore', '1.0.0'), 'ore'))
  expect(await m.install('ore@1.0.0')).toBe('1.0.0 installed')
})

test('of several, a list that fails keeps none of the others from being installed', async () => {
  await using m = await machine()
  m.publish('1.0.0')
  const pins = ['ore@nope', 'ore@1.0.0'].map(text => pinFromArgument(text, 'ore', m.box.context))
  await expect(ensureInstalled(m.box.context, m.definitions, pins)).rejects.toMatchObject({
    code: 'NO_SUCH_VERSION',
  })
  expect(m.box.logged).toContain('info: installed ore 1.0.0')
})

test('an unknown toolchain is blamed on what named it', async () => {
  await using m = await machine()
  const origin = {kind: 'variable', name: 'TOOL_DEFAULT_TOOLCHAIN'} as const
  const pin = pinFromArgument('5.9.3', {name: 'nope', origin}, m.box.context)
  await expect(ensureInstalled(m.box.context, m.definitions, [pin])).rejects.toMatchObject({
    code: 'UNKNOWN_TOOLCHAIN',
    message: expect.stringContaining('(set by TOOL_DEFAULT_TOOLCHAIN)'),
  })
})

test('an install of one version moves the links of ranges', async () => {
  await using m = await machine()
  for (const version of ['1.0.0', '1.1.0']) m.publish(version)
  await m.install('ore@1.0.0')
  await m.install('ore@~1.0')
  await m.install('ore@1.1.0')
  expect(m.local('~1.0')).toBe('1.0.0')
  expect(m.local('^1')).toBe('1.1.0')
})
