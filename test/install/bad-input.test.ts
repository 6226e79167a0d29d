import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import type {ServerResponse} from 'node:http'

import {gzipSync} from 'node:zlib'
import {describe, expect, test} from 'vitest'
import {createNetwork, type NetworkOptions} from '../../src/fetch/network.ts'
import {install} from '../../src/install/install.ts'
import {type PublishOptions, type Registry, startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {packageTarball, type TarEntry, tarball} from '../support/tarball.ts'
import {impatient, npmToolchain, request, storeListing} from '../support/toolchain.ts'

const ore = npmToolchain('ore')
const good = packageTarball({'bin/ore': '#!/bin/sh\n'})
const tarballPath = '/ore/-/ore-1.1.0.tgz'

/** Installs 1.1.0 beside a good 1.0.0 from a registry that someone spoiled, and proves that nothing changed. */
async function fails(
  spoil: (registry: Registry) => void,
  code: string,
  exitCode: number,
  patience: NetworkOptions = impatient,
) {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('ore', '1.0.0', {'bin/ore': '#!/bin/sh\n# the first\n'})
  await install(box.context, request(ore, '1.0.0'), {durable: false})
  const before = storeListing(box.context)
  spoil(registry)
  const network = createNetwork(box.context, patience)
  const failure = await install(box.context, request(ore, '1.1.0'), {network}).catch(error => error)
  expect(failure).toMatchObject({code, exitCode, hint: expect.stringMatching(/./)})
  expect(storeListing(box.context)).toEqual(before)
  expect(readdirSync(box.context.layout.staging)).toEqual([])
  return {failure, registry}
}

const publish = (content: Buffer, options?: PublishOptions) => (registry: Registry) =>
  registry.publish('ore', '1.1.0', content, options)

/** A registry whose tarball is answered in its own way. */
const answer = (respond: (response: ServerResponse) => void) => (registry: Registry) => {
  registry.publish('ore', '1.1.0', good)
  registry.on(tarballPath, (_, response) => respond(response))
}

describe('a registry', () => {
  test('that answers 404 for the tarball', () =>
    fails(
      answer(response => response.writeHead(404).end()),
      'NETWORK_NOT_FOUND',
      5,
    ))

  test('that does not have the version', () => fails(() => {}, 'NO_SUCH_VERSION', 4))

  test('that answers 500, four times', async () => {
    const {registry} = await fails(
      answer(response => response.writeHead(500).end()),
      'NETWORK_UNAVAILABLE',
      5,
    )
    expect(registry.requests.filter(path => path.includes(tarballPath))).toHaveLength(4)
  })

  test('that answers 403', () =>
    fails(
      answer(response => response.writeHead(403).end()),
      'NETWORK_FORBIDDEN',
      5,
    ))

  test('that answers with a web page instead of a document', () =>
    fails(registry => registry.on('/ore*', (_, response) => response.end('<html>')), 'NETWORK_NOT_JSON', 5))

  test('that answers with a web page instead of the tarball', () =>
    fails(
      answer(response => response.end('<html>Sign in</html>')),
      'NETWORK_NOT_ARCHIVE',
      5,
    ))

  test('that packs the tarball once more', async () => {
    const {failure} = await fails(
      answer(response => response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync(good))),
      'INTEGRITY_MISMATCH',
      6,
    )
    expect(failure.hint).toContain('content-encoding: gzip')
  })

  test('that promises fewer bytes than it sends', () =>
    fails(
      answer(response => {
        response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n${good.toString('latin1')}`)
      }),
      'INTEGRITY_MISMATCH',
      6,
    ))

  test('that says its tarball is packed, which it is as such', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    answer(response => response.writeHead(200, {'content-encoding': 'gzip'}).end(good))(registry)
    expect((await install(box.context, request(ore, '1.1.0'))).fresh).toBe(true)
  })

  test('that breaks off in the middle of the tarball', () =>
    fails(
      answer(response => {
        response.writeHead(200, {'content-length': good.length}).write(good.subarray(0, 50))
        setImmediate(() => response.destroy())
      }),
      'NETWORK_BROKEN',
      5,
    ))

  test('that sends half a tarball as if it were whole', () =>
    fails(
      answer(response => response.end(good.subarray(0, 50))),
      'INTEGRITY_MISMATCH',
      6,
    ))

  test('that falls silent in the middle of the tarball', () =>
    fails(
      answer(response => response.writeHead(200, {'content-length': 1000}).write(good.subarray(0, 50))),
      'NETWORK_TIMEOUT',
      5,
      {retryDelays: [1], timeouts: {idle: 300}},
    ))

  test('that promises another digest: both are shown', async () => {
    const promised = `sha512-${Buffer.alloc(64).toString('base64')}`
    const {failure} = await fails(publish(good, {integrity: promised}), 'INTEGRITY_MISMATCH', 6)
    expect(failure.message).toContain(promised)
    expect(failure.message.match(/sha512-[A-Za-z0-9+/]{86}==/g)).toHaveLength(2)
  })

  test('that promises a digest of an unknown kind', () =>
    fails(publish(good, {integrity: 'md5-XUFAKrxLKna5cZ2REBfFkg=='}), 'INTEGRITY_UNKNOWN', 6))
})

test('a transfer that breaks off once is made again, from the start', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  const bytes = packageTarball({
    'bin/ore': '#!/bin/sh\n',
    'lib/noise': Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))),
  })
  registry.publish('ore', '1.0.0', bytes)
  let tries = 0
  registry.on('/ore/-/ore-1.0.0.tgz', (_, response) => {
    tries += 1
    response.writeHead(200, {'content-length': bytes.length})
    if (tries === 2) return void response.end(bytes)
    response.write(bytes.subarray(0, 40_000))
    setImmediate(() => response.destroy())
  })
  const network = createNetwork(box.context, impatient)
  expect((await install(box.context, request(ore, '1.0.0'), {network})).fresh).toBe(true)
  expect(tries).toBe(2)
})

describe('a tarball', () => {
  const ordinary: TarEntry = {path: 'package/bin/ore', content: '#!/bin/sh\n'}
  const evil: [what: string, entries: TarEntry[]][] = [
    ['with ..', [ordinary, {path: 'package/../../../../../../escaped', content: 'x'}]],
    ['with an absolute name', [ordinary, {path: '/escaped', content: 'x'}]],
    [
      'with a link that leaves it',
      [ordinary, {path: 'package/l', type: 'SymbolicLink', linkpath: '../../..'}],
    ],
    ['with a device', [ordinary, {path: 'package/null', type: 'CharacterDevice'}]],
    [
      'whose program is a link to outside',
      [{path: 'package/bin/ore', type: 'SymbolicLink', linkpath: '/bin/sh'}],
    ],
  ]
  test.each(evil)('%s', async (_what, entries) => {
    await fails(publish(tarball(entries)), 'ARCHIVE_UNSAFE', 6)
  })

  test('that is damaged, but as promised', () => fails(publish(good.subarray(0, 50)), 'ARCHIVE_CORRUPT', 6))

  test('that lacks the program', async () => {
    const {failure} = await fails(publish(packageTarball({'lib/x': 'x'})), 'EXECUTABLE_MISSING', 3)
    expect(failure.hint).toBe('report it, so that its definition is corrected, or pin another version')
  })
})

describe('a home', () => {
  test('that is a file', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', good)
    writeFileSync(box.context.layout.home, 'a file')
    await expect(install(box.context, request(ore, '1.0.0'))).rejects.toMatchObject({
      code: 'HOME_NOT_A_DIRECTORY',
      exitCode: 7,
    })
    expect(readFileSync(box.context.layout.home, 'utf8')).toBe('a file')
  })

  test('in which versions is a file', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', good)
    mkdirSync(box.context.layout.home)
    writeFileSync(box.context.layout.versions, 'a file')
    await expect(install(box.context, request(ore, '1.0.0'))).rejects.toMatchObject({
      code: 'HOME_NOT_A_DIRECTORY',
      exitCode: 7,
    })
    expect(readdirSync(box.context.layout.staging)).toEqual([])
  })

  test('of somebody else', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', good)
    mkdirSync(box.context.layout.home)
    chmodSync(box.context.layout.home, 0o555)
    const root = process.getuid?.() === 0
    if (root) chownSync(box.root, 65534, 65534)
    const installer = new URL('../../fixtures/programs/install-ore.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [installer, '1.0.0'], {
      env: box.context.env,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Root is refused nothing, so there it is nobody who installs.
      ...(root && {uid: 65534, gid: 65534}),
    })
    const [[code], stderr] = await Promise.all([once(child, 'exit'), child.stderr.toArray()])
    expect(Buffer.concat(stderr).toString()).toContain("code: 'PERMISSION_DENIED'")
    expect(code).toBe(1)
    expect(readdirSync(box.context.layout.home)).toEqual([])
  })
})

test('the registry is asked with the token that npm has for it, and errors do not show it', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  box.write('../.npmrc', `//${new URL(registry.url).host}/:_authToken=s3cret\n`)
  registry.publish('ore', '1.0.0', good)
  registry.on('/ore/-/ore-1.0.0.tgz', (_, response) => response.writeHead(403).end())
  const failure = await install(box.context, request(ore, '1.0.0')).catch(error => error)
  expect(registry.headers.map(({authorization}) => authorization)).toEqual(['Bearer s3cret', 'Bearer s3cret'])
  expect(JSON.stringify([failure.message, failure.hint, box.logged])).not.toContain('s3cret')
})
