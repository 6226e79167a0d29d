import {mkdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {renderAvailable} from '../../src/cli/render/available.ts'
import {renderOutdated} from '../../src/cli/render/outdated.ts'
import {renderUpgrades} from '../../src/cli/render/upgrade.ts'
import {available} from '../../src/house/available.ts'
import {findAges} from '../../src/house/outdated.ts'
import {installUpgrades, isNews, planUpgrade} from '../../src/house/upgrade.ts'
import {pinFromArgument} from '../../src/pin/argument.ts'
import {projectPins} from '../../src/pin/project.ts'
import {listInstalled} from '../../src/store/installed.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {builtin} from '../support/definitions.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {npmToolchain} from '../support/toolchain.ts'

/** A machine that knows the toolchain `ore`, and a registry that has some of its versions. */
async function machine(...versions: string[]) {
  const box = sandbox()
  const registry = await startRegistry()
  const {layout} = box.context
  mkdirSync(layout.definitions, {recursive: true})
  writeFileSync(join(layout.definitions, 'ore.json'), JSON.stringify(npmToolchain('ore')))
  const publish = (version: string) => registry.publish('ore', version, {'bin/ore': '#!/bin/sh\necho ore\n'})
  for (const version of versions) publish(version)
  const context = box.at({env: registry.env})
  const definitions = await loadDefinitions(context)
  const pins = (text: string, at: Context = context) => {
    box.write('.toolversion', text)
    return projectPins(at, builtin, {root: box.project})
  }
  return {
    box,
    registry,
    context,
    definitions,
    publish,
    pins,
    ages: (text: string) => findAges(context, definitions, pins(text)),
    upgrades: (text: string, raise = false) => planUpgrade(context, definitions, pins(text), {pin: raise}),
    installed: () => listInstalled(context, 'ore').map(({version}) => version),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

const published = ['1.0.0', '1.1.0', '1.2.0-rc.1', '1.10.0', '2.0.0', '2.1.0-beta', '2.0.1'] as const

test('what there is, newest last, with tags, and what is installed; pre-releases on request', async () => {
  await using m = await machine(...published)
  m.registry.tag('ore', 'next', '2.1.0-beta')
  m.registry.tag('ore', 'stable', '2.0.1')
  putVersion(m.box, 'ore', '1.1.0')
  const ore = m.definitions.get('ore', {kind: 'default'})
  const list = await available(m.context, ore)
  expect(renderAvailable(list)).toBe(
    ['1.0.0', '1.1.0                   installed', '1.10.0', '2.0.0', '2.0.1   latest, stable', ''].join(
      '\n',
    ),
  )
  expect(list).toMatchObject({toolchain: 'ore', hidden: 2, asOf: null})
  const numbers = async (word: string, all = false) => {
    const pin = pinFromArgument(word, 'ore', m.context)
    return (await available(m.context, ore, {pin, all})).versions.map(({version}) => version)
  }
  expect(await numbers('1.x')).toEqual(['1.0.0', '1.1.0', '1.10.0'])
  expect(await numbers('1.x', true)).toEqual(['1.0.0', '1.1.0', '1.2.0-rc.1', '1.10.0'])
  expect(await numbers('2.1.0-beta')).toEqual(['2.1.0-beta'])
  expect(await numbers('ore@next')).toEqual(['2.1.0-beta'])
  expect((await available(m.context, ore, {all: true})).versions).toHaveLength(7)
  await expect(numbers('3')).rejects.toMatchObject({code: 'NO_SUCH_VERSION', exitCode: 4})
})

test('a toolchain that has but pre-releases shows them', async () => {
  await using m = await machine('1.0.0-alpha', '1.0.0-beta')
  const list = await available(m.context, m.definitions.get('ore', {kind: 'default'}))
  expect(list).toMatchObject({
    hidden: 0,
    versions: [{version: '1.0.0-alpha', prerelease: true}, {version: '1.0.0-beta'}],
  })
})

test('offline it is what was known last, and when', async () => {
  await using m = await machine('1.0.0')
  const ore = m.definitions.get('ore', {kind: 'default'})
  const offline = {...m.context, offline: true}
  await expect(available(offline, ore)).rejects.toMatchObject({code: 'NETWORK_OFFLINE', exitCode: 5})
  const before = Date.now()
  await available(m.context, ore)
  m.publish('1.1.0')
  const {versions, asOf} = await available(offline, ore)
  expect(versions.map(({version}) => version)).toEqual(['1.0.0'])
  expect(asOf?.getTime()).toBeGreaterThanOrEqual(before)
  const ages = await findAges(offline, m.definitions, m.pins('ore 1.0.0\n', offline))
  expect(ages).toMatchObject([{outdated: false}])
  expect(m.box.logged).toContainEqual(
    expect.stringMatching(/^info: offline: what there was of ore on \d{4}-/),
  )
})

test('how old pins are: what serves them, what they want, what is newest', async () => {
  await using m = await machine(...published)
  putVersion(m.box, 'ore', '1.1.0')
  for (const [pin, current, wanted, outdated] of [
    ['^1', '1.1.0', '1.10.0', true],
    ['1.1', '1.1.0', '1.1.0', true],
    ['1.1.0', '1.1.0', '1.1.0', true],
    ['1.0.0', null, '1.0.0', true],
    ['2', null, '2.0.1', false],
    ['latest', '1.1.0', '2.0.1', true],
    ['2.1.0-beta', null, '2.1.0-beta', false],
    ['2.0.0 1.1.0', '1.1.0', '2.0.0', true],
  ] as const) {
    const [age] = await m.ages(`ore ${pin}\n`)
    expect({pin, ...age}).toMatchObject({pin, current, wanted, latest: '2.0.1', outdated})
  }
  expect(await m.ages('ore system\nesbuild path:x\n')).toEqual([])
  expect(renderOutdated(await m.ages('ore ^1\n'), m.context)).toBe(
    'TOOLCHAIN  CURRENT  WANTED  LATEST  PINNED AS\nore        1.1.0    1.10.0  2.0.1   ^1 (.toolversion:1)\n',
  )
  expect(renderOutdated([], m.context)).toBe('')
})

test('a pre-release that is newer than the latest release is not outdated', async () => {
  await using m = await machine('1.0.0', '2.0.0-rc.1')
  m.registry.tag('ore', 'latest', '1.0.0')
  putVersion(m.box, 'ore', '2.0.0-rc.1')
  expect(await m.ages('ore 2.0.0-rc.1\n')).toMatchObject([{latest: '1.0.0', outdated: false}])
  expect(await m.upgrades('ore 2.0.0-rc.1\n', true)).toMatchObject([{to: '2.0.0-rc.1', raised: false}])
})

test('an unreachable source, and a pin that nothing satisfies, are told with the pin', async () => {
  await using m = await machine('1.0.0')
  await expect(m.ages('ore ^3\n')).rejects.toMatchObject({
    code: 'NO_SUCH_VERSION',
    message: 'there is no ore ^3 (set by .toolversion:1)',
  })
  m.registry.on('/ore', (_request, response) => void response.writeHead(403).end())
  await expect(m.ages('ore ^1\n')).rejects.toMatchObject({
    code: 'NETWORK_FORBIDDEN',
    exitCode: 5,
    message: expect.stringMatching(/^ore \^1: .* \(set by \.toolversion:1\)$/),
  })
})

test('an upgrade installs the newest that a pin wants, and moves its link; the older version stays', async () => {
  await using m = await machine('1.0.0')
  await installUpgrades(m.context, m.definitions, await m.upgrades('ore ^1\n'))
  expect(m.installed()).toEqual(['1.0.0'])
  expect((await m.upgrades('ore ^1\n')).filter(isNews)).toEqual([])
  m.publish('1.2.0')
  m.publish('2.0.0')
  const upgrades = await m.upgrades('ore ^1\n')
  expect(upgrades).toMatchObject([
    {from: '1.0.0', to: '1.2.0', latest: '2.0.0', missing: true, raised: false},
  ])
  expect(renderUpgrades(upgrades, m.context)).toBe(
    'ore  1.0.0 → 1.2.0  (^1, set by .toolversion:1; the latest is 2.0.0: tool upgrade --pin)\n',
  )
  await installUpgrades(m.context, m.definitions, upgrades)
  expect(m.installed()).toEqual(['1.0.0', '1.2.0'])
  expect(readlinkSync(join(m.context.layout.links, 'ore', '^1'))).toBe('../../versions/ore/1.2.0')
})

test('a tag moves with what the source calls so', async () => {
  await using m = await machine('1.0.0')
  await installUpgrades(m.context, m.definitions, await m.upgrades('ore latest\n'))
  m.publish('2.0.0')
  expect(await m.ages('ore latest\n')).toMatchObject([{current: '1.0.0', wanted: '2.0.0', outdated: true}])
  await installUpgrades(m.context, m.definitions, await m.upgrades('ore latest\n'))
  expect(await m.ages('ore latest\n')).toMatchObject([{current: '2.0.0', outdated: false}])
})

test('an exact pin stays unless it is to be raised', async () => {
  await using m = await machine('1.0.0', '1.2.0')
  putVersion(m.box, 'ore', '1.0.0')
  const [kept] = await m.upgrades('ore 1.0.0\n')
  expect(kept).toMatchObject({from: '1.0.0', to: '1.0.0', latest: '1.2.0', missing: false})
  expect(kept && isNews(kept)).toBe(false)
  const [exact] = await m.upgrades('ore 1.0.0\n', true)
  expect(exact).toMatchObject({to: '1.2.0', raised: true, spec: {text: '1.2.0'}})
  const [range] = await m.upgrades('ore ^1.0\n', true)
  expect(range).toMatchObject({to: '1.2.0', raised: true, spec: {text: '^1.2'}})
  expect(range && renderUpgrades([range], m.context)).toBe(
    'ore  1.0.0 → 1.2.0  (^1.0 → ^1.2, set by .toolversion:1)\n',
  )
})

test('raising rewrites the line of a pin and nothing else; fallbacks and other files stay', async () => {
  await using m = await machine('1.0.0', '1.2.0')
  const text = '# ours\r\nore   ^1.0 system   # the ore\r\nnode 22\r\n'
  m.box.write('.toolversion', text)
  const raise = async (context = m.context) => {
    const pins = projectPins(context, m.definitions, {root: m.box.project})
    const ore = pins.filter(({toolchain}) => toolchain === 'ore')
    const upgrades = await planUpgrade(context, m.definitions, ore, {pin: true})
    await installUpgrades(context, m.definitions, upgrades)
    return upgrades
  }
  expect(await raise()).toMatchObject([{to: '1.2.0', raised: true}])
  expect(readFileSync(join(m.box.project, '.toolversion'), 'utf8')).toBe(text.replace('^1.0', '^1.2'))
  expect(readlinkSync(join(m.context.layout.links, 'ore', '^1.2'))).toBe('../../versions/ore/1.2.0')
  expect(await raise()).toMatchObject([{to: '1.2.0', raised: false}])
  m.box.write('.toolversion', 'ore 1.0.0\n')
  const variable = {...m.context, env: {...m.context.env, TOOL_ORE_VERSION: '1.0.0'}}
  expect(await raise(variable)).toMatchObject([{to: '1.0.0', raised: false}])
  expect(readFileSync(join(m.box.project, '.toolversion'), 'utf8')).toBe('ore 1.0.0\n')
  expect(m.box.logged).toContain(
    'warning: ore stays at 1.0.0: it is set by TOOL_ORE_VERSION, which tool does not edit',
  )
  m.box.write('.toolversion', '')
  m.box.write('.tool-versions', 'ore 1.0.0\n')
  expect(await raise()).toMatchObject([{raised: false}])
  expect(readFileSync(join(m.box.project, '.tool-versions'), 'utf8')).toBe('ore 1.0.0\n')
})
