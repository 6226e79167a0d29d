import {existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {createNetwork} from '../../src/fetch/network.ts'
import {type LockOptions, lock} from '../../src/install/lock.ts'
import {relock} from '../../src/install/relock.ts'
import {gemPlatforms, type Ores, ores} from '../support/ores.ts'
import {putVersion} from '../support/store.ts'
import {impatient} from '../support/toolchain.ts'

const [here = ''] = gemPlatforms

const run = (m: Ores, options: LockOptions = {}, context: Context = m.box.context, root = m.box.project) =>
  lock(context, m.definitions, {root}, {...m.network, ...options})

/** `toolchain spec version change` of every entry, in a few words. */
const told = (locked: Awaited<ReturnType<typeof lock>>) =>
  locked.flatMap(({entries}) =>
    entries.map(({toolchain, spec, version, previous, change}) =>
      [toolchain, spec, previous, version, change].filter(Boolean).join(' '),
    ),
  )

/** Which versions are locked; each line has a check at its end, and stands at the top too where there are several. */
const heads = (text: string) => [
  ...new Set(text.split('\n').flatMap(line => /^(\S.*) [0-9a-f]{16}$/.exec(line)?.[1] ?? [])),
]
const platforms = (text: string) => [...text.matchAll(/^ {2}(\S+) sha512/gm)].map(([, name]) => name)

describe('tool lock', () => {
  test('writes what every pin means, for every platform', async () => {
    await using m = await ores()
    m.publish('1.0.0', '1.1.0')
    m.publishGem('2.0.0')
    m.box.write('.toolversion', 'gem ^2\nore "1 || 3"\nnode system\n')
    const locked = await run(m)
    expect(locked).toMatchObject([
      {
        path: join(m.box.project, '.toolversion.lock'),
        written: true,
        entries: [
          {toolchain: 'gem', platforms: gemPlatforms.slice(0, 3).toSorted(), origin: {line: 1}},
          {toolchain: 'ore', platforms: ['any'], origin: {line: 2}},
        ],
      },
    ])
    expect(told(locked)).toEqual(['gem ^2 2.0.0 added', 'ore 1 || 3 1.1.0 added'])
    const text = m.read('.toolversion.lock')
    expect(heads(text)).toEqual(['gem ^2 2.0.0', 'ore "1 || 3" 1.1.0'])
    expect(text).toMatch(
      /^ore "1 \|\| 3" 1\.1\.0 [0-9a-f]{16}\n {2}any sha512-\S{88} - https:\/\/registry\.npmjs\.org\/ore\/-\/ore-1\.1\.0\.tgz$/m,
    )
    expect(platforms(text).toSorted()).toEqual(['any', ...gemPlatforms.slice(0, 3)].toSorted())
    expect(text).not.toContain('127.0.0.1')
  })

  test('is the same whoever writes it, and a second time changes nothing', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.publishGem('2.0.0')
    m.box.write('.toolversion', 'ore 1\ngem ^2\n')
    await run(m)
    const text = m.read('.toolversion.lock')
    expect(told(await run(m))).toEqual(['ore 1 1.0.0 kept', 'gem ^2 2.0.0 kept'])
    rmSync(join(m.box.project, '.toolversion.lock'))
    m.box.write('.toolversion', 'gem ^2\nore 1\n')
    expect(await run(m)).toMatchObject([{written: true}])
    expect(m.read('.toolversion.lock')).toBe(text)
  })

  test('keeps what is locked, adds what is new, drops what nothing pins any more', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.publishGem('2.0.0')
    m.box.write('.toolversion', 'ore ^1\ngem ^2\n')
    await run(m)
    m.publish('1.1.0')
    m.box.write('.toolversion', 'ore ^1\nnode system\n')
    const locked = await run(m)
    expect(told(locked)).toEqual(['ore ^1 1.0.0 kept', 'gem ^2 2.0.0 removed'])
    expect(heads(m.read('.toolversion.lock'))).toEqual(['ore ^1 1.0.0'])
    m.box.write('.toolversion', 'ore "^1 <3"\n')
    expect(told(await run(m))).toEqual(['ore ^1 <3 1.1.0 added', 'ore ^1 1.0.0 removed'])
  })

  test('--upgrade asks for the newest, of all or of the toolchains named', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.publishGem('2.0.0')
    m.box.write('.toolversion', 'ore ^1\ngem ^2\n')
    await run(m)
    m.publish('1.1.0')
    m.publishGem('2.1.0')
    expect(told(await run(m, {upgrade: ['ore']}))).toEqual([
      'ore ^1 1.0.0 1.1.0 changed',
      'gem ^2 2.0.0 kept',
    ])
    expect(told(await run(m, {upgrade: 'all'}))).toEqual(['ore ^1 1.1.0 kept', 'gem ^2 2.0.0 2.1.0 changed'])
    await expect(run(m, {upgrade: ['sass']})).rejects.toMatchObject({
      code: 'TOOLCHAIN_NOT_PINNED',
      hint: 'it pins ore, gem',
    })
  })

  test('a digest that changed upstream is refused, both shown, until it is asked for', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    await run(m)
    const text = m.read('.toolversion.lock')
    const before = /sha512-\S+/.exec(text)?.[0] ?? ''
    m.registry.publish('ore', '1.0.0', {'bin/ore': 'something else'})
    const failure = await run(m).catch(error => error)
    expect(failure).toMatchObject({
      code: 'INTEGRITY_MISMATCH',
      exitCode: 6,
      message: expect.stringMatching(
        /^ore 1\.0\.0 for any has changed since it was locked: \.toolversion\.lock:1 says sha512-\S+, npm ore offers sha512-\S+$/,
      ),
      hint: expect.stringContaining('tool lock --upgrade ore'),
    })
    expect(failure.message).toContain(before)
    expect(m.read('.toolversion.lock')).toBe(text)
    expect(told(await run(m, {upgrade: ['ore']}))).toEqual(['ore ^1 1.0.0 changed'])
    expect(m.read('.toolversion.lock')).not.toContain(before)
  })

  test('a platform that came later is added, what was unpublished stays', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.publishGem('2.0.0')
    m.box.write('.toolversion', 'gem ^2\nore ^1\n')
    await run(m)
    m.registry.publish(`@gems/${gemPlatforms[3]}`, '2.0.0', {'bin/gem': 'late'})
    m.registry.on('/ore*', (_, response) => response.writeHead(404).end())
    expect(told(await run(m))).toEqual(['gem ^2 2.0.0 changed', 'ore ^1 1.0.0 kept'])
    expect(platforms(m.read('.toolversion.lock'))).toContain(gemPlatforms[3])
    expect(m.box.logged.join()).toMatch(/warning: .*ore 1\.0\.0.*it stays locked/)
  })

  test('of fallbacks the first that names versions is locked', async () => {
    await using m = await ores()
    m.publish('1.0.0', '2.0.0')
    m.box.write('.toolversion', 'ore system 2 1\n')
    expect(told(await run(m))).toEqual(['ore 2 2.0.0 added'])
  })

  test('a tag and an exact version are locked too', async () => {
    await using m = await ores()
    m.publish('1.0.0', '2.0.0-rc.1')
    m.registry.tag('ore', 'next', '2.0.0-rc.1')
    m.registry.tag('ore', 'latest', '1.0.0')
    m.box.write('.toolversion', 'ore next\n')
    expect(told(await run(m))).toEqual(['ore next 2.0.0-rc.1 added'])
    m.box.write('.toolversion', 'ore v1.0.0\n')
    expect(told(await run(m))).toEqual(['ore v1.0.0 1.0.0 added', 'ore next 2.0.0-rc.1 removed'])
  })

  test('what a person linked under the name that is pinned is left out', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    putVersion(m.box, 'ore', 'mine')
    m.box.write('.toolversion', 'ore mine\n')
    expect(await run(m)).toMatchObject([{written: false, entries: []}])
    expect(m.box.logged.join()).toContain(
      'warning: ore mine is a folder of yours, which is not locked (set by .toolversion:1)',
    )
    expect(existsSync(join(m.box.project, '.toolversion.lock'))).toBe(false)
  })

  test('a version that does not exist is told with what is near', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.publishGem('2.0.0')
    for (const [pin, message] of [
      ['ore 9.9.9', 'there is no ore 9.9.9 (set by .toolversion:1)'],
      ['gem 9.9.9', 'there is no gem 9.9.9 (set by .toolversion:1)'],
      ['gem ^9', 'there is no gem ^9 (set by .toolversion:1)'],
    ]) {
      m.box.write('.toolversion', `${pin}\n`)
      await expect(run(m)).rejects.toMatchObject({
        code: 'NO_SUCH_VERSION',
        message,
        hint: expect.stringContaining('near'),
      })
    }
    expect(existsSync(join(m.box.project, '.toolversion.lock'))).toBe(false)
  })

  test('a project that pins no version has nothing to lock', async () => {
    await using m = await ores()
    m.box.write('.toolversion', 'node system\n')
    await expect(run(m)).rejects.toMatchObject({code: 'NOTHING_PINNED', exitCode: 3})
  })

  test('without a network what is locked stays, and nothing can be added', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    await run(m)
    const network = createNetwork(m.box.context, {...impatient, offline: true})
    expect(told(await run(m, {network}))).toEqual(['ore ^1 1.0.0 kept'])
    m.box.write('.toolversion', 'ore 1.0.0\n')
    await expect(run(m, {network})).rejects.toMatchObject({code: 'NETWORK_OFFLINE', exitCode: 5})
  })
})

describe('where', () => {
  test('each folder has the lock of its own pins, also of those that are not in use below', async () => {
    await using m = await ores()
    m.publish('1.0.0', '2.0.0')
    m.publishGem('2.0.0')
    m.box.write('.toolversion', 'gem ^2\nore ^1\n')
    m.box.write('packages/a/.toolversion', 'ore ^2\n')
    const root = join(m.box.project, 'packages/a')
    const locked = await run(m, {}, m.box.at({cwd: root}), root)
    expect(locked.map(({path}) => path)).toEqual([
      join(root, '.toolversion.lock'),
      join(m.box.project, '.toolversion.lock'),
    ])
    expect(heads(m.read('packages/a/.toolversion.lock'))).toEqual(['ore ^2 2.0.0'])
    expect(new Set(heads(m.read('.toolversion.lock')))).toEqual(new Set(['gem ^2 2.0.0', 'ore ^1 1.0.0']))
  })

  test('files at or above the home are no project’s, nor are global pins', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    writeFileSync(join(m.box.root, '.toolversion'), 'ore ^1\n')
    writeFileSync(m.box.context.layout.globalPins, 'ore ^1\n')
    m.box.write('.toolversion', 'ore 1.0.0\n')
    expect(await run(m)).toMatchObject([{path: join(m.box.project, '.toolversion.lock')}])
    expect(existsSync(join(m.box.root, '.toolversion.lock'))).toBe(false)
  })

  test('variables don’t count', async () => {
    await using m = await ores({}, {TOOL_ORE_VERSION: '2.0.0'})
    m.publish('1.0.0', '2.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    expect(told(await run(m))).toEqual(['ore ^1 1.0.0 added'])
  })

  test('another name of the pin file gives the lock another name', async () => {
    await using m = await ores({}, {TOOL_VERSION_FILE: '.pins'})
    m.publish('1.0.0')
    m.box.write('.pins', 'ore ^1\n')
    await run(m)
    expect(heads(m.read('.pins.lock'))).toEqual(['ore ^1 1.0.0'])
  })

  test('a lock file that is a link stays one, and CRLF stays CRLF', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    const target = m.box.write('elsewhere/lock', '# ours\r\n')
    symlinkSync(target, join(m.box.project, '.toolversion.lock'))
    await run(m)
    expect(readFileSync(target, 'utf8')).toMatch(/^ore \^1 1\.0\.0 [0-9a-f]{16}\r\n {2}any \S+ - \S+\r\n$/)
  })
})

describe('frozen', () => {
  test('what agrees is fine, and nobody is asked', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    await run(m)
    m.registry.requests.length = 0
    const frozen = m.box.at({env: {TOOL_FROZEN: '1'}})
    expect(await run(m, {}, frozen)).toMatchObject([
      {written: false, entries: [{change: 'kept', version: '1.0.0'}]},
    ])
    expect(m.registry.requests).toEqual([])
  })

  const here64 = `  ${here} sha512-${'A'.repeat(86)}== - x\n`
  test.each([
    ['no lock', undefined, 'there is no .toolversion.lock that names gem ^2 (set by .toolversion:1)'],
    [
      'an entry that is missing',
      `gem ^1 1.0.0\n${here64}`,
      '.toolversion.lock has no entry for gem ^2 (set by .toolversion:1)',
    ],
    [
      'an entry that does not fit',
      `gem ^2 1.0.0\n${here64}`,
      '.toolversion.lock:1 names gem 1.0.0, which gem ^2 does not ask for (set by .toolversion:1)',
    ],
    [
      'no word of this platform',
      `gem ^2 2.0.0\n  ${gemPlatforms[1]} sha512-${'A'.repeat(86)}== - x\n`,
      `.toolversion.lock:1 names nothing of gem 2.0.0 for ${here} (set by .toolversion:1)`,
    ],
    [
      'an entry too many',
      `gem ^2 2.0.0\n${here64}ore ^1 1.0.0\n  any sha512-${'A'.repeat(86)}== - x\n`,
      '.toolversion.lock:3 names ore 1.0.0 for "^1", which nothing pins any more',
    ],
  ])('%s is an error, and nothing is written', async (_what, text, message) => {
    await using m = await ores()
    m.publishGem('2.0.0')
    m.box.write('.toolversion', 'gem ^2\n')
    if (text) m.box.write('.toolversion.lock', text)
    const frozen = m.box.at({env: {TOOL_FROZEN: '1'}})
    await expect(run(m, {}, frozen)).rejects.toMatchObject({
      code: 'LOCK_OUTDATED',
      exitCode: 3,
      message,
      hint: expect.stringContaining('tool lock'),
    })
    expect(existsSync(join(m.box.project, '.toolversion.lock'))).toBe(text !== undefined)
    expect(m.registry.requests).toEqual([])
  })
})

describe('after pins were changed', () => {
  test('a lock that is there follows, one that is not is not made', async () => {
    await using m = await ores()
    m.publish('1.0.0', '2.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    await relock(m.box.context, m.definitions, {root: m.box.project}, m.network)
    expect(existsSync(join(m.box.project, '.toolversion.lock'))).toBe(false)
    await run(m)
    m.box.write('.toolversion', 'ore ^2\n')
    await relock(m.box.context, m.definitions, {root: m.box.project}, m.network)
    expect(heads(m.read('.toolversion.lock'))).toEqual(['ore ^2 2.0.0'])
  })

  test('without a network the log says what is behind', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    await run(m)
    m.box.write('.toolversion', 'ore 1.0.0\n')
    const network = createNetwork(m.box.context, {...impatient, offline: true})
    await relock(m.box.context, m.definitions, {root: m.box.project}, {network})
    expect(m.box.logged.join()).toContain('warning: the lock file is behind the pins, until tool lock is run')
    expect(heads(m.read('.toolversion.lock'))).toEqual(['ore ^1 1.0.0'])
  })
})

test('many at once write one whole file', async () => {
  await using m = await ores()
  m.publish('1.0.0')
  m.publishGem('2.0.0')
  m.box.write('.toolversion', 'ore ^1\ngem ^2\n')
  const all = await Promise.all(Array.from({length: 6}, () => run(m)))
  expect(all.filter(([file]) => file?.written)).toHaveLength(1)
  expect(await run(m)).toMatchObject([{written: false}])
})

test('a lock file in the way of which something stands is told as that', async () => {
  await using m = await ores()
  m.publish('1.0.0')
  m.box.write('.toolversion', 'ore ^1\n')
  mkdirSync(join(m.box.project, '.toolversion.lock'))
  await expect(run(m)).rejects.toMatchObject({
    code: 'LOCK_INVALID',
    message: '.toolversion.lock is a folder, where a lock file was expected',
  })
})
