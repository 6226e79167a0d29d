import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {parseDuration, printDuration} from '../../src/base/duration.ts'
import type {NetworkSettings} from '../../src/base/network-settings.ts'
import {install} from '../../src/install/install.ts'
import type {Pin} from '../../src/pin/types.ts'
import {resolveVersion} from '../../src/resolve/version.ts'
import {writeDirectoryIndex} from '../../src/source/directory-index.ts'
import {openSource} from '../../src/source/open.ts'
import {oldEnough} from '../../src/source/release-age.ts'
import {parseSpec} from '../../src/version/spec.ts'
import {type Registry, startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {packageTarball} from '../support/tarball.ts'
import {npmToolchain, request} from '../support/toolchain.ts'

const day = 86_400_000
const ore = npmToolchain('ore')
const ago = (days: number) => new Date(Date.now() - days * day).toISOString()

async function machine(settings: NetworkSettings) {
  const registry = await startRegistry()
  const box = sandbox(registry.env)
  const context = {...box.context, network: () => settings}
  return {
    registry,
    context,
    box,
    resolve: (text: string) => {
      const spec = parseSpec(text)
      if (spec.kind === 'problem') throw new Error(text)
      const pin: Pin = {
        toolchain: 'ore',
        specs: [spec],
        origin: {kind: 'default'},
        baseDirectory: box.project,
      }
      return resolveVersion(context, ore, pin, openSource(context, ore))
    },
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

function publishAll(registry: Registry): void {
  for (const [version, days] of [
    ['1.0.0', 400],
    ['1.1.0', 10],
    ['1.2.0-rc.1', 9],
    ['1.2.0', 1],
    ['2.0.0', 0.1],
    ['2.1.0-beta.1', 0.01],
  ] as const) {
    registry.publish('ore', version, {'bin/ore': ''}, {published: ago(days)})
  }
  registry.tag('ore', 'latest', '2.0.0')
  registry.tag('ore', 'next', '2.1.0-beta.1')
}

describe('with a least age of three days', () => {
  const settings = {minimumReleaseAge: '3 days'}

  test.each([
    ['latest', '1.1.0'],
    ['next', '1.2.0-rc.1'],
    ['^1', '1.1.0'],
    ['1.0', '1.0.0'],
    ['*', '1.1.0'],
  ])('%s means %s', async (text, version) => {
    await using m = await machine(settings)
    publishAll(m.registry)
    expect(await m.resolve(text)).toBe(version)
  })

  test('what only a newer version satisfies is told with its age, and how to have it anyway', async () => {
    await using m = await machine(settings)
    publishAll(m.registry)
    await expect(m.resolve('^2')).rejects.toMatchObject({
      code: 'VERSION_TOO_YOUNG',
      exitCode: 4,
      message: expect.stringMatching(
        /^ore \^2 means 2\.0\.0, which came out 2 hours ago, and minimumReleaseAge is 3 days \(set by .*config\.json\)/,
      ),
      hint: expect.stringContaining('tool install ore@2.0.0'),
    })
    await expect(m.resolve('^3')).rejects.toMatchObject({code: 'NO_SUCH_VERSION'})
  })

  test('a version that is named exactly is installed whatever its age', async () => {
    await using m = await machine(settings)
    publishAll(m.registry)
    expect(await install(m.context, request(ore, '2.0.0'))).toMatchObject({version: '2.0.0', fresh: true})
  })

  test('where nobody says when versions came out, none is chosen', async () => {
    await using m = await machine(settings)
    m.registry.publish('ore', '1.0.0', {})
    await expect(m.resolve('latest')).rejects.toMatchObject({
      code: 'VERSION_TOO_YOUNG',
      message: expect.stringContaining('of which nobody says when it came out'),
    })
  })

  test('a toolchain on the list of exceptions is not looked at', async () => {
    await using m = await machine({...settings, minimumReleaseAgeExclude: ['ore']})
    publishAll(m.registry)
    expect(await m.resolve('latest')).toBe('2.0.0')
    expect(m.registry.headers[0]?.accept).toContain('install-v1')
  })

  test('what lists all there is has all', async () => {
    await using m = await machine(settings)
    publishAll(m.registry)
    expect((await openSource(m.context, ore, {anyAge: true}).list()).versions).toContain('2.0.0')
  })

  test('a folder of the person’s own has what they chose', async () => {
    await using m = await machine(settings)
    const folder = join(m.box.root, 'mirror')
    const file = m.box.write('ore.tgz', packageTarball({'bin/ore': ''}))
    writeDirectoryIndex(folder, [{version: '9.0.0', file, format: 'tar.gz', strip: 1}], {latest: '9.0.0'})
    const local = {...ore, sources: [{kind: 'directory' as const, path: folder}]}
    expect((await openSource(m.context, local).list()).versions).toEqual(['9.0.0'])
  })
})

test('the list with dates is cached beside the one without', async () => {
  await using m = await machine({})
  publishAll(m.registry)
  expect(await m.resolve('latest')).toBe('2.0.0')
  const careful = {...m.context, network: () => ({minimumReleaseAge: '3 days'})}
  expect((await openSource(careful, ore).list()).tags.latest).toBe('1.1.0')
  expect((await openSource(m.context, ore).list()).tags.latest).toBe('2.0.0')
  expect(m.registry.requests).toHaveLength(2)
})

test('a clock that is behind makes nothing old', () => {
  const list = {versions: ['1.0.0'], tags: {latest: '1.0.0'}, released: {'1.0.0': ago(0)}}
  expect(oldEnough(list, day, Date.now() - 10 * day)).toMatchObject({
    versions: [],
    tags: {},
    young: ['1.0.0'],
  })
})

test.each([
  ['3 days', 3 * day],
  ['1 day', day],
  ['36 hours', 1.5 * day],
  ['0.5 days', day / 2],
  ['2 weeks', 14 * day],
  ['90minutes', 90 * 60_000],
  ['0 days', 0],
])('%j is a span of time', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', '3', 'days', '-1 days', '3 years', '1e9 days', '3 days 2 hours', ' '])('%j is none', text => {
  expect(parseDuration(text)).toBeUndefined()
})

test.each([
  [3 * day, '3 days'],
  [day, '1 day'],
  [2 * 3_600_000, '2 hours'],
  [61_000, '1 minute'],
  [5, '0 minutes'],
])('%d ms are %s', (ms, text) => {
  expect(printDuration(ms)).toBe(text)
})
