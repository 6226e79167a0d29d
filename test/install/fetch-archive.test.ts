import {spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {createNetwork} from '../../src/fetch/network.ts'
import {install} from '../../src/install/install.ts'
import {ranges} from '../support/ranges.ts'
import {type Registry, startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {packageTarball} from '../support/tarball.ts'
import {impatient, npmToolchain, request} from '../support/toolchain.ts'

const ore = npmToolchain('ore')
/** What does not get smaller by packing. */
const bytes = packageTarball({'bin/ore': '#!/bin/sh\n', 'lib/noise': randomBytes(800_000)})
const tarball = '/ore/-/ore-1.0.0.tgz'

const archivesOf = ({layout}: Context) => join(layout.cache, 'archives')
const kept = (context: Context) => readdirSync(archivesOf(context))
const downloads = ({requests}: Registry) => requests.filter(line => line.endsWith('.tgz')).length

async function installOre(context: Context): Promise<Buffer> {
  const network = createNetwork(context, impatient)
  const {directory} = await install(context, request(ore, '1.0.0'), {network, durable: false, force: true})
  return readFileSync(join(directory, 'package/lib/noise'))
}

describe('an archive that was fetched', () => {
  test('is never fetched again, also for another version', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    registry.publish('ore', '1.0.1', bytes)
    const first = await installOre(box.context)
    expect(kept(box.context)).toEqual([expect.stringMatching(/^sha512-[0-9a-f]{128}$/)])
    expect(readFileSync(join(archivesOf(box.context), kept(box.context)[0] ?? '')).equals(bytes)).toBe(true)
    rmSync(box.context.layout.versions, {recursive: true})
    expect((await installOre(box.context)).equals(first)).toBe(true)
    await install(box.context, request(ore, '1.0.1'))
    expect(downloads(registry)).toBe(1)
  })

  test('is fetched again where the one in the cache is damaged', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    const first = await installOre(box.context)
    for (const damage of ['', 'x', bytes.subarray(0, 1000), Buffer.concat([bytes, Buffer.from('x')])]) {
      const [name = ''] = kept(box.context)
      writeFileSync(join(archivesOf(box.context), name), damage)
      const before = downloads(registry)
      expect((await installOre(box.context)).equals(first)).toBe(true)
      expect(downloads(registry)).toBe(before + 1)
      expect(readFileSync(join(archivesOf(box.context), name)).equals(bytes)).toBe(true)
    }
  })

  test('is not kept where config.json says so', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    const context = {...box.context, network: () => ({keepArchives: false})}
    await installOre(context)
    await installOre(context)
    expect(downloads(registry)).toBe(2)
    expect(existsSync(archivesOf(context))).toBe(false)
  })

  test('goes after a month without use, with what dead processes left a week ago', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    const folder = archivesOf(box.context)
    mkdirSync(join(folder, 'sha512-aa~1073741824~1~gone~aaaaaaaa'), {recursive: true})
    mkdirSync(join(folder, 'sha512-bb~1073741824~1~gone~aaaaaaaa'))
    for (const name of ['sha512-cc', 'sha512-dd']) writeFileSync(join(folder, name), 'x')
    symlinkSync('sha512-loop', join(folder, 'sha512-loop'))
    const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60_000)
    utimesSync(join(folder, 'sha512-aa~1073741824~1~gone~aaaaaaaa'), daysAgo(8), daysAgo(8))
    utimesSync(join(folder, 'sha512-cc'), daysAgo(31), daysAgo(31))
    utimesSync(join(folder, 'sha512-dd'), daysAgo(29), daysAgo(29))
    await installOre(box.context)
    expect(kept(box.context).filter(name => name.length < 100)).toEqual([
      'sha512-bb~1073741824~1~gone~aaaaaaaa',
      'sha512-dd',
      'sha512-loop',
    ])
  })

  test('is installed although nothing can be kept', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    mkdirSync(box.context.layout.cache, {recursive: true})
    writeFileSync(archivesOf(box.context), 'in the way')
    await installOre(box.context)
    expect(box.logged).toContainEqual(expect.stringContaining('debug: the archive is not cached'))
  })
})

describe('a download that was given up', () => {
  const etag = '"one"'

  test('goes on in the next process, where this one was killed', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    const half = Promise.withResolvers<void>()
    registry.on(tarball, (request, response) => {
      if (request.headers.range) return ranges(() => bytes, {etag})(request, response)
      response.writeHead(200, {etag, 'content-length': bytes.length})
      response.write(bytes.subarray(0, 400_000), () => half.resolve())
    })
    const installer = new URL('../../fixtures/programs/install-ore.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [installer, '1.0.0'], {
      env: {...box.context.env, TOOL_HOME: box.context.layout.home},
      stdio: 'ignore',
    })
    await half.promise
    await somethingIn(archivesOf(box.context))
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect((await installOre(box.context)).length).toBe(800_000)
    const [first, second] = registry.headers.filter((_, at) => registry.requests[at]?.endsWith('.tgz'))
    expect(first?.range).toBeUndefined()
    expect(second).toMatchObject({range: expect.stringMatching(/^bytes=[1-9]\d*-$/), 'if-range': etag})
    expect(kept(box.context)).toEqual([expect.stringMatching(/^sha512-[0-9a-f]{128}$/)])
  })

  test('goes on in the next try of this process', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    registry.on(
      tarball,
      ranges(() => bytes, {etag, breaks: [300_000, 10, 10, 10]}),
    )
    await expect(installOre(box.context)).rejects.toMatchObject({code: 'NETWORK_BROKEN'})
    const [left = ''] = kept(box.context)
    const {size} = statSync(join(archivesOf(box.context), left, 'bytes'))
    await installOre(box.context)
    const asked = registry.headers.filter((_, at) => registry.requests[at]?.endsWith('.tgz'))
    expect(asked.at(-1)?.range).toBe(`bytes=${size}-`)
  })

  test('is still there after a try at which nobody answered', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    registry.on(
      tarball,
      ranges(() => bytes, {etag, breaks: [300_000, 10, 10, 10]}),
    )
    await expect(installOre(box.context)).rejects.toMatchObject({code: 'NETWORK_BROKEN'})
    registry.on(tarball, (_, response) => response.writeHead(503).end())
    await expect(installOre(box.context)).rejects.toMatchObject({code: 'NETWORK_UNAVAILABLE'})
    registry.on(
      tarball,
      ranges(() => bytes, {etag}),
    )
    await installOre(box.context)
    const asked = registry.headers.filter((_, at) => registry.requests[at]?.endsWith('.tgz'))
    expect(asked.at(-1)?.range).toMatch(/^bytes=[1-9]\d*-$/)
  })

  test('starts over where what was left is no beginning of it', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    registry.on(
      tarball,
      ranges(() => bytes, {etag, breaks: [300_000, 10, 10, 10]}),
    )
    await expect(installOre(box.context)).rejects.toMatchObject({code: 'NETWORK_BROKEN'})
    const [left = ''] = kept(box.context)
    const file = join(archivesOf(box.context), left, 'bytes')
    const damaged = readFileSync(file)
    damaged.fill(0, 10_000, 20_000)
    writeFileSync(file, damaged)
    expect((await installOre(box.context)).length).toBe(800_000)
    const asked = registry.headers.filter((_, at) => registry.requests[at]?.endsWith('.tgz'))
    expect(asked.slice(-2).map(({range}) => range)).toEqual([`bytes=${damaged.length}-`, undefined])
    expect(kept(box.context)).toEqual([expect.stringMatching(/^sha512-[0-9a-f]{128}$/)])
  })

  test('leaves nothing where the server can not go on', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', bytes)
    registry.on(
      tarball,
      ranges(() => bytes, {breaks: [300_000, 10, 10, 10]}),
    )
    await expect(installOre(box.context)).rejects.toMatchObject({code: 'NETWORK_BROKEN'})
    expect(kept(box.context)).toEqual([])
  })
})

/** Waits until a process wrote the beginning of an archive. */
async function somethingIn(folder: string): Promise<void> {
  const isThere = () =>
    existsSync(folder) &&
    readdirSync(folder).some(name => {
      const file = join(folder, name, 'bytes')
      return existsSync(file) && readFileSync(file).length > 0
    })
  await expect.poll(isThere, {timeout: 10_000, interval: 10}).toBe(true)
}
