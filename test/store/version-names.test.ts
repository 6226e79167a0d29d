import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {listInstalled} from '../../src/store/installed.ts'
import {listVersionNames} from '../../src/store/version-names.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

const all = Array.from({length: 250}, (_, at) => `1.${at}.0`)

/** A home with hundreds of versions that were put there a while ago. */
function fill(box: Sandbox): void {
  for (const version of all) mkdirSync(box.context.layout.bin('ore', version), {recursive: true})
  age(box)
}

/** As if it was long ago that something came or went, though not the same moment as the last time. */
let minutes = 60
function age({context}: Sandbox): void {
  const time = new Date(Date.now() - --minutes * 60_000 - 1)
  utimesSync(context.layout.toolchain('ore'), time, time)
}

const cacheOf = ({context}: Sandbox) => join(context.layout.cache, 'versions', 'ore.json')
const names = ({context}: Sandbox) => listVersionNames(context, 'ore')

test('hundreds of versions are remembered, until one comes or goes', async () => {
  await using box = sandbox()
  const {layout} = box.context
  fill(box)
  expect(names(box)).toEqual(all)
  expect(existsSync(cacheOf(box))).toBe(true)
  writeFileSync(cacheOf(box), readFileSync(cacheOf(box), 'utf8').replace('1.0.0', 'remembered'))
  expect(names(box)[0]).toBe('remembered')
  mkdirSync(layout.bin('ore', '2.0.0'), {recursive: true})
  expect(names(box)).toEqual([...all, '2.0.0'])
  rmSync(layout.version('ore', '1.0.0'), {recursive: true})
  expect(names(box)).toEqual([...all.slice(1), '2.0.0'])
  renameSync(layout.version('ore', '2.0.0'), layout.version('ore', '3.0.0'))
  expect(names(box)).toEqual([...all.slice(1), '3.0.0'])
})

test('where one is not complete, each is looked at each time', async () => {
  await using box = sandbox()
  const {layout} = box.context
  mkdirSync(layout.version('ore', '9.0.0'), {recursive: true})
  fill(box)
  expect(names(box)).toEqual(all)
  expect(existsSync(cacheOf(box))).toBe(false)
  mkdirSync(layout.bin('ore', '9.0.0'))
  expect(names(box)).toEqual([...all, '9.0.0'])
})

test('what changed just now is not remembered, nor are a few', async () => {
  await using box = sandbox()
  fill(box)
  const now = new Date()
  utimesSync(box.context.layout.toolchain('ore'), now, now)
  expect(names(box)).toEqual(all)
  expect(existsSync(cacheOf(box))).toBe(false)
  for (const version of all.slice(100)) rmSync(box.context.layout.version('ore', version), {recursive: true})
  age(box)
  expect(names(box)).toEqual(all.slice(0, 100))
  expect(existsSync(cacheOf(box))).toBe(false)
})

test.each(['', '{', 'null', '[]', '{"stamp": 1}'])('a spoilt memory is none: %j', async text => {
  await using box = sandbox()
  fill(box)
  names(box)
  writeFileSync(cacheOf(box), text)
  expect(names(box)).toEqual(all)
})

test('who must be sure looks at each', async () => {
  await using box = sandbox()
  fill(box)
  names(box)
  rmSync(box.context.layout.bin('ore', '1.0.0'), {recursive: true})
  expect(listInstalled(box.context, 'ore').map(({version}) => version)).toEqual(all.slice(1))
})

test('no home, no folder, a file in the way: nothing is listed', async () => {
  await using box = sandbox()
  expect(names(box)).toEqual([])
  mkdirSync(box.context.layout.versions, {recursive: true})
  expect(names(box)).toEqual([])
  writeFileSync(box.context.layout.toolchain('ore'), '')
  expect(names(box)).toEqual([])
  rmSync(box.context.layout.home, {recursive: true})
  symlinkSync(box.context.layout.home, box.context.layout.home)
  expect(names(box)).toEqual([])
})
