import {existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {link} from '../../src/house/link.ts'
import {findInstalled} from '../../src/store/installed.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {treeOf} from '../support/tree.ts'

/** A folder of the person with a program in it. */
function build(box: Sandbox, name: string): string {
  writeProgram(join(box.root, name, 'bin', 'esbuild'))
  return join(box.root, name)
}

const make = async (box: Sandbox, name: string, directory: string, force = false) =>
  link(box.context, await loadDefinitions(box.context), {toolchain: 'esbuild', name, directory, force})

test('a folder becomes a version by its name, relative to where the person is', async () => {
  await using box = sandbox()
  const target = build(box, 'mine')
  const directory = box.context.layout.version('esbuild', 'dev')
  expect(await make(box, 'dev', '../mine/')).toEqual({
    toolchain: 'esbuild',
    version: 'dev',
    directory,
    target,
  })
  expect(readlinkSync(directory)).toBe(target)
  expect(findInstalled(box.context, 'esbuild', 'dev')).toMatchObject({directory})
  expect(readdirSync(box.context.layout.staging)).toEqual([])
  expect(readdirSync(box.context.layout.locks)).toEqual([])
})

test('a range means it only where no installed version is one', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '1.0.0')
  mkdirSync(join(box.context.layout.links, 'esbuild'), {recursive: true})
  const range = join(box.context.layout.links, 'esbuild', '^1')
  symlinkSync('../../versions/esbuild/1.0.0', range)
  await make(box, '1.5.0-mine', build(box, 'early'))
  expect(readlinkSync(range)).toBe('../../versions/esbuild/1.0.0')
  await make(box, '1.5.0', build(box, 'mine'))
  expect(readlinkSync(range)).toBe('../../versions/esbuild/1.0.0')
})

test('another link is replaced only if that is asked for, a version never', async () => {
  await using box = sandbox()
  const [one, two] = [build(box, 'one'), build(box, 'two')]
  putVersion(box, 'esbuild', '1.0.0')
  await make(box, 'dev', one)
  await expect(make(box, 'dev', two)).rejects.toMatchObject({
    code: 'VERSION_EXISTS',
    exitCode: 2,
    message: `esbuild dev is linked already, to ${one}`,
    hint: 'add --force to replace the link',
  })
  await make(box, 'dev', two, true)
  expect(readlinkSync(box.context.layout.version('esbuild', 'dev'))).toBe(two)
  for (const force of [false, true])
    await expect(make(box, '1.0.0', two, force)).rejects.toMatchObject({
      code: 'VERSION_EXISTS',
      message: 'esbuild 1.0.0 is there already, and no link',
      hint: 'choose another name, or remove it first: tool uninstall esbuild@1.0.0',
    })
  expect(findInstalled(box.context, 'esbuild', '1.0.0')).toBeDefined()
})

test('what has no programs, or is no folder, or is the link itself, is refused and nothing changes', async () => {
  await using box = sandbox()
  await make(box, 'dev', build(box, 'mine'))
  mkdirSync(join(box.root, 'empty'))
  mkdirSync(join(box.root, 'spoilt'))
  writeFileSync(join(box.root, 'spoilt', 'bin'), '')
  writeFileSync(join(box.root, 'file'), '')
  symlinkSync('loop', join(box.root, 'loop'))
  const own = box.context.layout.version('esbuild', 'dev')
  symlinkSync(own, join(box.root, 'back'))
  const before = treeOf(box.context.layout.versions)
  for (const [directory, problem] of [
    ['../empty', 'empty has no folder bin'],
    ['../spoilt', 'spoilt has no folder bin'],
    ['../file', 'file is no folder'],
    ['../none', 'none is no folder'],
    ['../loop', 'loop is no folder'],
    ['', 'the name of the folder is empty'],
    [own, 'is reached by the very link'],
    ['../back', 'is reached by the very link'],
  ] as const) {
    const failure = await make(box, 'dev', directory, true).catch(error => error)
    expect({directory, code: failure.code, exitCode: failure.exitCode}).toEqual({
      directory,
      code: 'LINK_TARGET_INVALID',
      exitCode: 2,
    })
    expect(failure.message).toContain(problem)
  }
  expect(treeOf(box.context.layout.versions)).toEqual(before)
  expect(readdirSync(box.context.layout.staging)).toEqual([])
})

test.each([
  '',
  '^1',
  '1',
  '1.x',
  'latest',
  'system',
  'path:x',
  'a/b',
  '..',
  '..foo',
  '-x',
  'my build',
  'lts/iron',
])('%j is no name for a link, since no pin could find it', async name => {
  await using box = sandbox()
  await expect(make(box, name, build(box, 'mine'))).rejects.toMatchObject({
    code: 'LINK_NAME_INVALID',
    exitCode: 2,
  })
  expect(existsSync(box.context.layout.versions)).toBe(false)
})
