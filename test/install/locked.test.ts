import {existsSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {createNetwork} from '../../src/fetch/network.ts'
import {makeAvailable} from '../../src/install/available.ts'
import {ensureInstalled} from '../../src/install/ensure.ts'
import {install as installOne} from '../../src/install/install.ts'
import {lock} from '../../src/install/lock.ts'
import {pinFromArgument} from '../../src/pin/argument.ts'
import {findPin} from '../../src/pin/find.ts'
import {resolveLocal} from '../../src/resolve/local.ts'
import {readReceipt} from '../../src/store/receipt.ts'
import {gemPlatforms, type Ores, ores} from '../support/ores.ts'
import {putVersion} from '../support/store.ts'
import {impatient, request} from '../support/toolchain.ts'

const [here = ''] = gemPlatforms

/** Locks what the project pins, and forgets what was asked for it. */
async function locked(m: Ores, pins: string): Promise<void> {
  m.box.write('.toolversion', pins)
  await lock(m.box.context, m.definitions, {root: m.box.project}, m.network)
  m.registry.requests.length = 0
}

const pinOf = (m: Ores, toolchain: string, context: Context = m.box.context) =>
  findPin(context, m.definitions, toolchain)

/** What `tool install` does for what the project pins. */
async function install(
  m: Ores,
  toolchain: string,
  context: Context = m.box.context,
  force = false,
): Promise<string> {
  const [ensured] = await ensureInstalled(context, m.definitions, [pinOf(m, toolchain, context)], {
    ...m.network,
    force,
  })
  if (ensured?.via !== 'store') throw new Error(`${toolchain} is ${ensured?.via}`)
  return `${ensured.installed.version} ${ensured.fresh ? 'installed' : 'was there'}`
}

function local(m: Ores, toolchain: string, context: Context = m.box.context) {
  const pin = pinOf(m, toolchain, context)
  return resolveLocal(context, m.definitions.get(toolchain, pin.origin), pin)
}

const integrityOf = (m: Ores, version: string) => {
  const {layout} = m.box.context
  const directory = layout.version('ore', version)
  return readReceipt({toolchain: 'ore', version, directory, bin: layout.bin('ore', version)})?.integrity
}

describe('an install in a project that has a lock', () => {
  test('installs exactly what that names, and asks for the archive alone', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.publishGem('2.0.0')
    await locked(m, 'ore ^1\ngem ^2\n')
    m.publish('1.1.0')
    m.publishGem('2.1.0')
    expect(await install(m, 'ore')).toBe('1.0.0 installed')
    expect(await install(m, 'gem')).toBe('2.0.0 installed')
    expect(m.registry.requests).toEqual([
      'GET /ore/-/ore-1.0.0.tgz',
      `GET /@gems/${here}/-/${here}-2.0.0.tgz`,
    ])
    expect(await install(m, 'ore')).toBe('1.0.0 was there')
    expect(local(m, 'ore')).toMatchObject({
      via: 'store',
      locked: {path: join(m.box.project, '.toolversion.lock')},
    })
  })

  test('gets it from the registry that the person configured, whatever registry the lock was made with', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    await locked(m, 'ore ^1\n')
    await using other = await ores()
    other.publish('1.0.0')
    other.box.write('.toolversion', 'ore ^1\n')
    other.box.write('.toolversion.lock', m.read('.toolversion.lock'))
    expect(await install(other, 'ore')).toBe('1.0.0 installed')
    expect(other.registry.requests).toEqual(['GET /ore/-/ore-1.0.0.tgz'])
    expect(m.registry.requests).toEqual([])
  })

  test('a registry that keeps its archives elsewhere is asked where', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    await locked(m, 'ore ^1\n')
    const archive = await fetch(`${m.registry.url}ore/-/ore-1.0.0.tgz`).then(answer => answer.arrayBuffer())
    m.registry.publish('ore', '1.0.0', Buffer.from(archive), {tarballUrl: `${m.registry.url}download/7`})
    m.registry.on('/ore/-/ore-1.0.0.tgz', (_, response) => response.writeHead(404).end())
    m.registry.on('/download/7', (_, response) => response.end(Buffer.from(archive)))
    expect(await install(m, 'ore')).toBe('1.0.0 installed')
  })

  test('refuses an archive that is not the locked one, and leaves the store as it was', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    await locked(m, 'ore ^1\n')
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'something else'})
    await expect(install(m, 'ore')).rejects.toMatchObject({
      code: 'INTEGRITY_MISMATCH',
      exitCode: 6,
      message: expect.stringMatching(
        /^ore 1\.0\.0: .*expected sha512-\S+, got sha512-\S+ \(set by \.toolversion\.lock:1\)$/,
      ),
    })
    expect(local(m, 'ore')).toMatchObject({via: 'missing'})
    expect(existsSync(m.box.context.layout.version('ore', '1.0.0'))).toBe(false)
  })

  test('a lock can’t name where compilers come from', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    await using evil = await ores()
    evil.registry.publish('ore', '1.0.0', {'bin/ore': 'evil'})
    await locked(evil, 'ore ^1\n')
    const text = evil.read('.toolversion.lock').replace('https://registry.npmjs.org/', evil.registry.url)
    m.box.write('.toolversion', 'ore ^1\n')
    m.box.write('.toolversion.lock', text)
    await expect(install(m, 'ore')).rejects.toMatchObject({code: 'INTEGRITY_MISMATCH'})
    expect(evil.registry.requests).toEqual([])
  })

  test('adds what the lock lacks', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.publishGem('2.0.0')
    await locked(m, 'ore ^1\n')
    const before = m.read('.toolversion.lock')
    m.box.write('.toolversion', 'ore ^1\ngem ^2\n')
    expect(local(m, 'gem')).toMatchObject({via: 'missing', because: {kind: 'not-locked', exists: true}})
    expect(await install(m, 'gem')).toBe('2.0.0 installed')
    const text = m.read('.toolversion.lock')
    for (const line of before.trim().split('\n')) expect(text).toContain(line)
    expect(text).toMatch(/^gem \^2 2\.0\.0 /)
    for (const name of gemPlatforms.slice(0, 3)) expect(text).toContain(`  ${name} sha512-`)
    expect(local(m, 'gem')).toMatchObject({via: 'store', installed: {version: '2.0.0'}})
  })

  test('adds the platform that the lock lacks, of the version that it names', async () => {
    await using m = await ores()
    m.publishGem('2.0.0')
    await locked(m, 'gem ^2\n')
    m.box.write(
      '.toolversion.lock',
      m.read('.toolversion.lock').replace(new RegExp(`^  ${here} .*\\n`, 'm'), ''),
    )
    m.publishGem('2.1.0')
    expect(local(m, 'gem')).toMatchObject({via: 'missing', because: {kind: 'not-locked-for-platform'}})
    expect(await install(m, 'gem')).toBe('2.0.0 installed')
    expect(m.read('.toolversion.lock')).toContain(`  ${here} sha512-`)
  })

  test('mends an entry that says something else than the pin', async () => {
    await using m = await ores()
    m.publish('1.0.0', '2.0.0')
    await locked(m, 'ore ^1\n')
    m.box.write('.toolversion.lock', m.read('.toolversion.lock').replace(' 1.0.0 ', ' 2.0.0 '))
    expect(await install(m, 'ore')).toBe('1.0.0 installed')
    expect(m.read('.toolversion.lock')).toMatch(/^ore \^1 1\.0\.0 /)
  })

  test('what exists for no machine like this is told as that', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    await locked(m, 'ore ^1\n')
    m.registry.publish('gem', '2.0.0', {})
    m.registry.publish(`@gems/${gemPlatforms[1]}`, '2.0.0', {'bin/gem': 'x'})
    m.box.write('.toolversion', 'ore ^1\ngem ^2\n')
    await expect(install(m, 'gem')).rejects.toMatchObject({
      code: 'NO_ARTIFACT_FOR_PLATFORM',
      message: `gem 2.0.0 is not there for ${here} (set by .toolversion:2)`,
      hint: `it is there for ${gemPlatforms[1]}; choose another version`,
    })
  })

  test('a failed install adds nothing', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.publishGem('2.0.0')
    await locked(m, 'ore ^1\n')
    const before = m.read('.toolversion.lock')
    m.box.write('.toolversion', 'ore ^1\ngem ^2\n')
    m.registry.on(`/@gems/${here}/-/*`, (_, response) => response.end('x'))
    await expect(install(m, 'gem')).rejects.toMatchObject({code: 'INTEGRITY_MISMATCH'})
    expect(m.read('.toolversion.lock')).toBe(before)
  })

  test('what the command line names is no matter of the lock', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    await locked(m, 'ore ^1\n')
    m.publish('1.1.0')
    const pin = pinFromArgument('ore@1.1.0', 'ore', m.box.context)
    await ensureInstalled(m.box.context, m.definitions, [pin], m.network)
    expect(m.read('.toolversion.lock')).toContain('ore ^1 1.0.0 ')
    expect(local(m, 'ore')).toMatchObject({via: 'missing', because: {kind: 'not-there-as-locked'}})
  })
})

describe('a version of the same name that is not the locked one', () => {
  test('does not count, and is replaced', async () => {
    await using m = await ores()
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'another'})
    const definition = m.definitions.get('ore', {kind: 'default'})
    await installOne(m.box.context, request(definition, '1.0.0'), m.network)
    const old = integrityOf(m, '1.0.0')
    m.publish('1.0.0')
    await locked(m, 'ore ^1\n')
    const failure = await makeAvailable(m.box.context, m.definitions, [pinOf(m, 'ore')], {
      install: false,
    }).catch(error => error)
    expect(failure).toMatchObject({
      code: 'VERSION_NOT_INSTALLED',
      exitCode: 7,
      hint: 'to replace it: tool install',
    })
    expect(failure.message).toMatch(
      /^the ore 1\.0\.0 in the store is not the one that \.toolversion\.lock:1 names for ore \^1: it is sha512-\S+, the lock says sha512-\S+ \(set by \.toolversion:1\)$/,
    )
    expect(failure.message).toContain(old)
    expect(await install(m, 'ore')).toBe('1.0.0 installed')
    expect(integrityOf(m, '1.0.0')).not.toBe(old)
    expect(local(m, 'ore')).toMatchObject({via: 'store'})
  })

  test.each(['put there by hand', 'linked'])(
    'that was %s is left alone, unless that is forced',
    async how => {
      await using m = await ores()
      m.publish('1.0.0')
      await locked(m, 'ore ^1\n')
      const directory = putVersion(m.box, 'ore', '1.0.0')
      if (how === 'linked') {
        const own = join(m.box.root, 'mine')
        symlinkSync(putVersion(m.box, 'ore', 'other'), own)
        rmSync(directory, {recursive: true})
        symlinkSync(own, directory)
      }
      expect(local(m, 'ore')).toMatchObject({via: 'missing', because: {rival: {integrity: undefined}}})
      await expect(install(m, 'ore')).rejects.toMatchObject({
        code: 'VERSION_NOT_INSTALLED',
        message: expect.stringContaining(`what is in ${directory} was put there by hand`),
        hint: 'move it away, or replace it: tool install --force',
      })
      expect(readFileSync(join(directory, 'bin/ore'), 'utf8')).toContain('echo')
      expect(await install(m, 'ore', m.box.context, true)).toBe('1.0.0 installed')
      expect(local(m, 'ore')).toMatchObject({via: 'store'})
      expect(existsSync(m.box.context.layout.version('ore', 'other')) === (how === 'linked')).toBe(true)
    },
  )
})

describe('frozen', () => {
  const frozen = {env: {TOOL_FROZEN: '1'}}

  test('what the lock names is installed, and nothing is written', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    await locked(m, 'ore ^1\n')
    const before = m.read('.toolversion.lock')
    expect(await install(m, 'ore', m.box.at(frozen))).toBe('1.0.0 installed')
    expect(m.read('.toolversion.lock')).toBe(before)
  })

  test.each([
    [
      'no lock',
      (m: Ores) => rmSync(join(m.box.project, '.toolversion.lock')),
      /^there is no \.toolversion\.lock that names ore \^1 /,
    ],
    [
      'another pin',
      (m: Ores) => m.box.write('.toolversion', 'ore ~1.0\n'),
      /^\.toolversion\.lock has no entry for ore ~1\.0 /,
    ],
  ])('%s is an error that says so', async (_what, change, message) => {
    await using m = await ores()
    m.publish('1.0.0')
    await locked(m, 'ore ^1\n')
    await install(m, 'ore')
    change(m)
    m.registry.requests.length = 0
    const error = {
      code: 'LOCK_OUTDATED',
      exitCode: 3,
      message: expect.stringMatching(message),
      hint: 'run tool lock, without --frozen (TOOL_FROZEN), and commit what it writes',
    }
    await expect(install(m, 'ore', m.box.at(frozen))).rejects.toMatchObject(error)
    const pins = [pinOf(m, 'ore', m.box.at(frozen))]
    await expect(makeAvailable(m.box.at(frozen), m.definitions, pins, m.network)).rejects.toMatchObject({
      ...error,
      hint: expect.stringContaining('run tool lock'),
    })
    expect(m.registry.requests).toEqual([])
  })

  test.each([
    ['a variable', {TOOL_ORE_VERSION: '1.0.0'}],
    ['the global file', {}],
  ])('what %s says is in no lock, so it does not count', async (_what, env) => {
    await using m = await ores()
    putVersion(m.box, 'ore', '1.0.0')
    writeFileSync(m.box.context.layout.globalPins, 'ore 1.0.0\n')
    const context = m.box.at({env: {TOOL_FROZEN: '1', ...env}})
    await expect(makeAvailable(context, m.definitions, [pinOf(m, 'ore', context)])).rejects.toMatchObject({
      code: 'LOCK_OUTDATED',
      message: expect.stringMatching(
        /^ore 1\.0\.0 is in no lock file, and nothing else counts with --frozen \(set by /,
      ),
    })
  })

  test('nothing that no lock names is installed, however it is asked for', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    const definition = m.definitions.get('ore', {kind: 'default'})
    await expect(installOne(m.box.at(frozen), request(definition, '1.0.0'), m.network)).rejects.toMatchObject(
      {
        code: 'LOCK_OUTDATED',
        message: expect.stringContaining('(set by the command line)'),
      },
    )
    expect(m.registry.requests).toEqual([])
  })

  test('the system’s needs no lock', async () => {
    await using m = await ores()
    m.box.write('.toolversion', 'ore system\n')
    expect(local(m, 'ore', m.box.at(frozen))).toMatchObject({via: 'system'})
  })
})

describe('whether to install by itself', () => {
  const settings: [what: string, set: (m: Ores) => Context, by: RegExp, hint: RegExp][] = [
    [
      'offline',
      m => m.box.at({env: {TOOL_OFFLINE: '1'}}),
      /by TOOL_OFFLINE$/,
      /^without TOOL_OFFLINE: tool install 'ore@\^1'$/,
    ],
    [
      'offline by a flag',
      m => ({...m.box.context, offline: true}),
      /by --offline$/,
      /^without --offline: tool install/,
    ],
    [
      'config.json',
      m => {
        writeFileSync(m.box.context.layout.config, '{\n  "autoInstall": false\n}\n')
        return m.box.context
      },
      /by \S+\/config\.json:2$/,
      /^install it yourself: tool install 'ore@\^1'$/,
    ],
  ]
  test.each(settings)('%s switches it off, and says so', async (_what, set, by, hint) => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    const context = set(m)
    await expect(makeAvailable(context, m.definitions, [pinOf(m, 'ore')], m.network)).rejects.toMatchObject({
      code: 'VERSION_NOT_INSTALLED',
      exitCode: 7,
      message: expect.stringMatching(by),
      hint: expect.stringMatching(hint),
    })
    expect(m.registry.requests).toEqual([])
  })

  test('frozen, what is locked and missing is not installed by itself either', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    await locked(m, 'ore ^1\n')
    const context = m.box.at({env: {TOOL_FROZEN: '1'}})
    await expect(makeAvailable(context, m.definitions, [pinOf(m, 'ore')], m.network)).rejects.toMatchObject({
      code: 'VERSION_NOT_INSTALLED',
      message:
        'ore 1.0.0, which .toolversion.lock:1 names for ore ^1, is not installed (set by .toolversion:1), and it is not installed now, by TOOL_FROZEN',
      hint: 'without TOOL_FROZEN: tool install',
    })
  })

  test('else what is missing is installed, once', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    const make = () => makeAvailable(m.box.context, m.definitions, [pinOf(m, 'ore')], m.network)
    expect(await make()).toMatchObject([{via: 'store', installed: {version: '1.0.0'}}])
    const asked = m.registry.requests.length
    expect(await make()).toMatchObject([{via: 'store', installed: {version: '1.0.0'}}])
    expect(m.registry.requests).toHaveLength(asked)
  })

  test('tool install is asked for, so it goes on with config.json off', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    writeFileSync(m.box.context.layout.config, '{"autoInstall": false}')
    m.box.write('.toolversion', 'ore ^1\n')
    expect(await install(m, 'ore')).toBe('1.0.0 installed')
  })

  test('a network that npm switched off is told by the network', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    const network = createNetwork(m.box.at({env: {npm_config_offline: 'true'}}), impatient)
    await expect(
      makeAvailable(m.box.context, m.definitions, [pinOf(m, 'ore')], {network}),
    ).rejects.toMatchObject({code: 'NETWORK_OFFLINE', exitCode: 5})
  })
})
