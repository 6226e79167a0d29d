import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {createNetwork} from '../../src/fetch/network.ts'
import {ensureInstalled} from '../../src/install/ensure.ts'
import type {InstallAllOptions} from '../../src/install/install-all.ts'
import {pinFromArgument} from '../../src/pin/argument.ts'
import {findPin} from '../../src/pin/find.ts'
import type {Pin} from '../../src/pin/types.ts'
import {resolveLocal} from '../../src/resolve/local.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {impatient, npmToolchain} from '../support/toolchain.ts'

/** A machine with one more toolchain, `ore`, and its registry. */
async function machine() {
  const registry = await startRegistry()
  const box = sandbox(registry.env)
  const folder = box.context.layout.definitions
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, 'ore.json'), JSON.stringify(npmToolchain('ore')))
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
    publish: (version: string) => registry.publish('ore', version, {'bin/ore': '#!/bin/sh\n'}),
    /** What the command line asks for. */
    install: (text: string, options?: InstallAllOptions) =>
      ensure(pinFromArgument(text, 'ore', box.context), options),
    /** What a project asks for. */
    installPinned(text: string) {
      box.write('.toolversion', `ore ${text}\n`)
      return ensure(findPin(box.context, 'ore'))
    },
    /** What a project's pin comes down to, without the network. */
    local(text: string) {
      box.write('.toolversion', `ore ${text}\n`)
      const pin = findPin(box.context, 'ore')
      const resolved = resolveLocal(box.context, definitions.get('ore', pin.origin), pin)
      return resolved.via === 'store' ? resolved.installed.version : resolved.via
    },
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

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

test('an install of one version moves the links of ranges', async () => {
  await using m = await machine()
  for (const version of ['1.0.0', '1.1.0']) m.publish(version)
  await m.install('ore@1.0.0')
  await m.install('ore@~1.0')
  await m.install('ore@1.1.0')
  expect(m.local('~1.0')).toBe('1.0.0')
  expect(m.local('^1')).toBe('1.1.0')
})
