import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {processIdentity} from '../../src/process/identity.ts'
import {storeError} from '../../src/store/errors.ts'
import {findInstalled, installedToolchains, listInstalled} from '../../src/store/installed.ts'
import {lockVersion} from '../../src/store/lock.ts'
import {promote} from '../../src/store/promote.ts'
import {readReceipt} from '../../src/store/receipt.ts'
import {createStaging, sweepStaging} from '../../src/store/staging.ts'
import {uninstall} from '../../src/store/uninstall.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {sandbox} from '../support/sandbox.ts'

/** A version as a person might put it there. */
function putByHand({layout}: Context, toolchain: string, version: string): void {
  mkdirSync(layout.bin(toolchain, version), {recursive: true})
  writeFileSync(join(layout.bin(toolchain, version), toolchain), '')
}

function found(context: Context, toolchain: string, version: string) {
  const installed = findInstalled(context, toolchain, version)
  if (!installed) throw new Error(`${version} is not installed`)
  return installed
}

test('an empty home has nothing', async () => {
  await using box = sandbox()
  expect(listInstalled(box.context, 'ore')).toEqual([])
  expect(installedToolchains(box.context)).toEqual([])
  expect(findInstalled(box.context, 'ore', '1.0.0')).toBeUndefined()
})

test('every folder with a bin counts, in natural order; files and empty folders do not', async () => {
  await using box = sandbox()
  const {context} = box
  for (const version of ['10.0.0', '9.0.0', '10.0.0-rc.1', 'mine']) putByHand(context, 'ore', version)
  mkdirSync(context.layout.version('ore', '11.0.0'))
  writeFileSync(context.layout.version('ore', '.DS_Store'), '')
  mkdirSync(context.layout.version('ore', 'half'))
  writeFileSync(context.layout.version('ore', 'half/bin'), '')
  mkdirSync(context.layout.toolchain('lost+found'))
  writeFileSync(context.layout.version('ore', '12.0.0'), '')
  expect(listInstalled(context, 'ore').map(({version}) => version)).toEqual([
    'mine',
    '9.0.0',
    '10.0.0-rc.1',
    '10.0.0',
  ])
  expect(installedToolchains(context)).toEqual(['ore'])
  expect(found(context, 'ore', 'mine')).toEqual({
    toolchain: 'ore',
    version: 'mine',
    directory: context.layout.version('ore', 'mine'),
    bin: context.layout.bin('ore', 'mine'),
  })
})

const strangeNames = [
  '-x',
  '..foo',
  '.hidden',
  'my version',
  'ünï 版',
  'a@b',
  '"',
  '*',
  'two\nlines',
  'x'.repeat(255),
]

test.each(strangeNames)('a version that a person called %j counts, and can be removed', async name => {
  await using box = sandbox()
  const {context} = box
  putByHand(context, 'ore', name)
  putByHand(context, 'ore', '1.0.0')
  expect(found(context, 'ore', name)).toMatchObject({version: name, bin: context.layout.bin('ore', name)})
  expect(listInstalled(context, 'ore').map(({version}) => version)).toContain(name)
  await uninstall(context, found(context, 'ore', name))
  expect(listInstalled(context, 'ore').map(({version}) => version)).toEqual(['1.0.0'])
})

test.each(['', '.', '..', '../ore', 'a/b', '../../links', 'a\0', 'x'.repeat(256)])(
  '%j names no version',
  async name => {
    await using box = sandbox()
    putByHand(box.context, 'ore', '1.0.0')
    mkdirSync(join(box.context.layout.versions, 'bin'))
    mkdirSync(join(box.context.layout.toolchain('ore'), 'bin'))
    mkdirSync(join(box.context.layout.version('ore', 'a'), 'b', 'bin'), {recursive: true})
    expect(findInstalled(box.context, 'ore', name)).toBeUndefined()
  },
)

test('links that lead in circles are passed over', async () => {
  await using box = sandbox()
  const {context} = box
  putByHand(context, 'ore', '1.0.0')
  symlinkSync('self', context.layout.version('ore', 'self'))
  symlinkSync('pong', context.layout.version('ore', 'ping'))
  symlinkSync('ping', context.layout.version('ore', 'pong'))
  mkdirSync(context.layout.version('ore', 'knot'))
  symlinkSync('bin', context.layout.bin('ore', 'knot'))
  expect(listInstalled(context, 'ore').map(({version}) => version)).toEqual(['1.0.0'])
  for (const name of ['self', 'ping', 'knot']) expect(findInstalled(context, 'ore', name)).toBeUndefined()
})

test('a linked version counts, and loses only its link', async () => {
  await using box = sandbox()
  const {context} = box
  const own = box.write('build/bin/ore', 'mine')
  mkdirSync(context.layout.toolchain('ore'), {recursive: true})
  symlinkSync(join(box.project, 'build'), context.layout.version('ore', 'dev'))
  symlinkSync(join(box.project, 'nowhere'), context.layout.version('ore', 'dangling'))
  expect(listInstalled(context, 'ore').map(({version}) => version)).toEqual(['dev'])
  await uninstall(context, found(context, 'ore', 'dev'))
  expect(listInstalled(context, 'ore')).toEqual([])
  expect(readFileSync(own, 'utf8')).toBe('mine')
})

test('uninstalling removes one version, and nothing is left in staging', async () => {
  await using box = sandbox()
  const {context} = box
  for (const version of ['1.0.0', '2.0.0']) putByHand(context, 'ore', version)
  const one = found(context, 'ore', '1.0.0')
  await uninstall(context, one)
  expect(listInstalled(context, 'ore').map(({version}) => version)).toEqual(['2.0.0'])
  expect(existsSync(one.directory)).toBe(false)
  expect(readdirSync(context.layout.staging)).toEqual([])
  await uninstall(context, one)
})

/** A folder on another file system than the temporary one, where the machine has such. */
const elsewhere = ['/dev/shm', '/run'].find(path => {
  try {
    return statSync(path).dev !== statSync(tmpdir()).dev && accessSync(path, constants.W_OK) === undefined
  } catch {
    return false
  }
})

test.runIf(elsewhere)(
  'versions on another disk than the rest of the home are listed and removed',
  async () => {
    await using box = sandbox()
    const {context} = box
    const away = mkdtempSync(join(elsewhere ?? '', 'toolversion-'))
    try {
      mkdirSync(context.layout.home)
      symlinkSync(away, context.layout.versions)
      for (const version of ['1.0.0', '2.0.0']) putByHand(context, 'ore', version)
      await uninstall(context, found(context, 'ore', '1.0.0'))
      expect(listInstalled(context, 'ore').map(({version}) => version)).toEqual(['2.0.0'])
      expect(existsSync(context.layout.version('ore', '1.0.0'))).toBe(false)
      using staging = createStaging(context, 'ore-3.0.0')
      mkdirSync(join(staging.directory, 'version', 'bin'), {recursive: true})
      const from = join(staging.directory, 'version')
      const promotion = {
        toolchain: 'ore',
        version: '3.0.0',
        from,
        replaced: staging.directory,
        sync: undefined,
      }
      const failure = await promote(context, promotion).catch(error => storeError(error, context.layout))
      expect(failure).toMatchObject({
        code: 'HOME_DIVIDED',
        exitCode: 7,
        message: expect.stringContaining('3.0.0'),
      })
    } finally {
      rmSync(away, {recursive: true})
    }
  },
)

test('a version that can’t take the place of an older one leaves it', async () => {
  await using box = sandbox()
  const {context} = box
  putByHand(context, 'ore', '1.0.0')
  using staging = createStaging(context, 'ore-1.0.0')
  const from = join(staging.directory, 'never built')
  const promotion = {toolchain: 'ore', version: '1.0.0', from, replaced: staging.directory, sync: undefined}
  await expect(promote(context, promotion)).rejects.toMatchObject({code: 'ENOENT'})
  expect(readdirSync(found(context, 'ore', '1.0.0').bin)).toEqual(['ore'])
})

test('no receipt, or one that a person spoiled, is none', async () => {
  await using box = sandbox()
  putByHand(box.context, 'ore', '1.0.0')
  const installed = found(box.context, 'ore', '1.0.0')
  for (const text of [undefined, '', '{}', 'null', '[1]', '{"integrity":1}']) {
    if (text !== undefined) writeFileSync(join(installed.directory, 'receipt.json'), text)
    expect(readReceipt(installed)).toBeUndefined()
  }
})

test('staging is removed with what is in it; what dead processes left is swept, the rest stays', async () => {
  await using box = sandbox()
  const {context} = box
  const leave = (name: string) => {
    mkdirSync(join(context.layout.staging, name, 'package'), {recursive: true})
    writeFileSync(join(context.layout.staging, name, 'package', 'half'), 'half')
  }
  const {startTime, bootId} = processIdentity(process.pid) ?? {}
  leave(`ore-1.0.0~1073741824~1~${bootId}~aaaaaaaa`)
  leave(`ore-1.0.0~${process.pid}~${startTime}0~${bootId}~bbbbbbbb`)
  leave(`ore-1.0.0~${process.pid}~${startTime}~another-boot~cccccccc`)
  leave('made by a person')
  {
    using staging = createStaging(context, 'ore-2.0.0')
    sweepStaging(context)
    expect(existsSync(staging.directory)).toBe(true)
    expect(readdirSync(context.layout.staging)).toHaveLength(2)
    writeFileSync(join(staging.directory, 'half'), '')
  }
  expect(readdirSync(context.layout.staging)).toEqual(['made by a person'])
})

describe('a home that is none', () => {
  const homes: [what: string, make: (home: string) => void][] = [
    ['a file', home => writeFileSync(home, '')],
    ['a device', home => symlinkSync('/dev/null', home)],
    ['a link to itself', home => symlinkSync(home, home)],
    ['a link to nothing', home => symlinkSync('/none', home)],
  ]

  test.each(homes)('%s has nothing in it, and takes nothing', async (_what, make) => {
    await using box = sandbox()
    const {context} = box
    make(context.layout.home)
    expect(installedToolchains(context)).toEqual([])
    expect(listInstalled(context, 'ore')).toEqual([])
    expect(findInstalled(context, 'ore', '1.0.0')).toBeUndefined()
    expect((await loadDefinitions(context)).names()).toContain('typescript')
    await expect(lockVersion(context, 'ore', '1.0.0')).rejects.toMatchObject({
      code: 'HOME_NOT_A_DIRECTORY',
      exitCode: 7,
      message: expect.stringContaining(context.layout.home),
      hint: expect.stringContaining('TOOL_HOME'),
    })
  })

  test.runIf(existsSync('/proc/self'))('below a folder that takes no folders', async () => {
    await using box = sandbox()
    const context = box.at({env: {TOOL_HOME: '/proc/none'}})
    await expect(lockVersion(context, 'ore', '1.0.0')).rejects.toMatchObject({
      code: 'HOME_NOT_A_DIRECTORY',
      message: 'no folder can be made here: /proc/none',
    })
  })
})

test('a file where the home should be is named', async () => {
  await using box = sandbox()
  writeFileSync(box.context.layout.home, '')
  expect(() => createStaging(box.context, 'x')).toThrow(
    expect.objectContaining({code: 'HOME_NOT_A_DIRECTORY', exitCode: 7}),
  )
})
