import {
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {findInstalled} from '../../src/store/installed.ts'
import {findFreshlyLinked, findLinked} from '../../src/store/linked.ts'
import {isLinked, updateLinks} from '../../src/store/links.ts'
import {uninstall} from '../../src/store/uninstall.ts'
import {parseSpec, type VersionSpec} from '../../src/version/spec.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'

function spec(text: string): VersionSpec {
  const parsed = parseSpec(text)
  if (parsed.kind === 'problem') throw new Error(parsed.message)
  return parsed
}

/** Every link of the toolchain with the version that it names. */
function links({context}: Sandbox): Record<string, string> {
  const folder = join(context.layout.links, 'ore')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return Object.fromEntries(names.map(name => [name, readlinkSync(join(folder, name))]))
}

const to = (version: string) => `../../versions/ore/${version}`

test('a tag is linked to its version, a range to the newest that is there; both resolve', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '1.2.0', '2.0.0-rc.1']) putVersion(box, 'ore', version)
  await updateLinks(box.context, 'ore', {spec: spec('next'), version: '2.0.0-rc.1'})
  await updateLinks(box.context, 'ore', {spec: spec('^1'), version: '1.0.0'})
  await updateLinks(box.context, 'ore', {spec: spec('1.0'), version: '1.0.0'})
  expect(links(box)).toEqual({next: to('2.0.0-rc.1'), '^1': to('1.2.0'), '1.0': to('1.0.0')})
  expect(existsSync(join(box.context.layout.links, 'ore', '^1', 'bin', 'ore'))).toBe(true)
  expect(findLinked(box.context, 'ore', spec('next'))?.version).toBe('2.0.0-rc.1')
  expect(findLinked(box.context, 'ore', spec('beta'))).toBeUndefined()
  expect(isLinked(box.context, 'ore', {spec: spec('next'), version: '2.0.0-rc.1'})).toBe(true)
  expect(isLinked(box.context, 'ore', {spec: spec('next'), version: '1.2.0'})).toBe(false)
})

test('an install moves the links of ranges, and leaves those of tags', async () => {
  await using box = sandbox()
  putVersion(box, 'ore', '1.0.0')
  await updateLinks(box.context, 'ore', {spec: spec('^1'), version: '1.0.0'})
  await updateLinks(box.context, 'ore', {spec: spec('latest'), version: '1.0.0'})
  for (const version of ['1.9.0', '1.10.0', '2.0.0']) putVersion(box, 'ore', version)
  await updateLinks(box.context, 'ore')
  expect(links(box)).toEqual({'^1': to('1.10.0'), latest: to('1.0.0')})
  await updateLinks(box.context, 'ore', {spec: spec('latest'), version: '2.0.0'})
  expect(links(box)).toEqual({'^1': to('1.10.0'), latest: to('2.0.0')})
})

test('uninstalling moves or removes them', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '1.1.0']) putVersion(box, 'ore', version)
  for (const text of ['^1', '1.1', 'latest']) {
    await updateLinks(box.context, 'ore', {spec: spec(text), version: '1.1.0'})
  }
  const newest = findInstalled(box.context, 'ore', '1.1.0')
  if (!newest) throw new Error('1.1.0 is not installed')
  await uninstall(box.context, newest)
  expect(links(box)).toEqual({'^1': to('1.0.0')})
})

test('an exact version, a spec that is no name of a file, and a version that is gone get none', async () => {
  await using box = sandbox()
  putVersion(box, 'ore', '1.0.0')
  for (const text of ['1.0.0', '>=1 <2', '*', 'system', 'path:x']) {
    const meaning = {spec: spec(text), version: '1.0.0'}
    await updateLinks(box.context, 'ore', meaning)
    expect(isLinked(box.context, 'ore', meaning)).toBe(true)
    expect(findLinked(box.context, 'ore', meaning.spec)).toBeUndefined()
  }
  await updateLinks(box.context, 'ore', {spec: spec('next'), version: '2.0.0'})
  expect(links(box)).toEqual({})
})

test('a long-term line has a link, though its name has a slash', async () => {
  await using box = sandbox()
  putVersion(box, 'ore', '1.0.0')
  putVersion(box, 'ore', '2.0.0')
  for (const [text, version] of [
    ['lts/iron', '1.0.0'],
    ['lts/*', '2.0.0'],
    ['lts/-1', '1.0.0'],
  ] as const) {
    await updateLinks(box.context, 'ore', {spec: spec(text), version})
    expect(findLinked(box.context, 'ore', spec(text))?.version).toBe(version)
  }
  // Installs that come later leave them as they are.
  await updateLinks(box.context, 'ore')
  expect(links(box)).toEqual({lts: to('2.0.0'), 'lts+-1': to('1.0.0'), 'lts+iron': to('1.0.0')})
})

test('what is no link is left alone; a dangling link is removed', async () => {
  await using box = sandbox()
  const folder = join(box.context.layout.links, 'ore')
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, 'note'), 'mine')
  symlinkSync(to('9.9.9'), join(folder, 'next'))
  expect(findLinked(box.context, 'ore', spec('next'))).toBeUndefined()
  await updateLinks(box.context, 'ore')
  expect(readdirSync(folder)).toEqual(['note'])
})

test('several at once end with the newest', async () => {
  await using box = sandbox()
  const versions = Array.from({length: 8}, (_, at) => `1.${at}.0`)
  await Promise.all(
    versions.map(version => {
      putVersion(box, 'ore', version)
      return updateLinks(box.context, 'ore', {spec: spec('^1'), version})
    }),
  )
  expect(links(box)).toEqual({'^1': to('1.7.0')})
  expect(readdirSync(box.context.layout.locks)).toEqual([])
})

test('a file where the folder of links should be is named', async () => {
  await using box = sandbox()
  putVersion(box, 'ore', '1.0.0')
  rmSync(box.context.layout.links, {recursive: true, force: true})
  writeFileSync(box.context.layout.links, '')
  await expect(updateLinks(box.context, 'ore', {spec: spec('next'), version: '1.0.0'})).rejects.toMatchObject(
    {
      code: 'HOME_NOT_A_DIRECTORY',
      exitCode: 7,
    },
  )
})

test('a link is believed until a version comes or goes, and again after links were brought in line', async () => {
  await using box = sandbox()
  const linked = () => findFreshlyLinked(box.context, 'ore', spec('^1'))?.version
  /** As if the last version had come or gone then, in seconds from now. */
  const changed = (seconds: number) => {
    const then = Date.now() / 1000 + seconds
    utimesSync(box.context.layout.toolchain('ore'), then, then)
  }
  const age = () => changed(-3600)
  putVersion(box, 'ore', '1.0.0')
  // Just now, however long this takes.
  changed(60)
  await updateLinks(box.context, 'ore', {spec: spec('^1'), version: '1.0.0'})
  expect(linked()).toBeUndefined()
  age()
  await updateLinks(box.context, 'ore', {spec: spec('^1'), version: '1.0.0'})
  expect(linked()).toBe('1.0.0')
  putVersion(box, 'ore', '1.1.0')
  expect(linked()).toBeUndefined()
  age()
  await updateLinks(box.context, 'ore')
  expect(linked()).toBe('1.1.0')
  rmSync(box.context.layout.version('ore', '1.1.0'), {recursive: true})
  expect(linked()).toBeUndefined()
  age()
  await updateLinks(box.context, 'ore')
  expect(linked()).toBe('1.0.0')
})
