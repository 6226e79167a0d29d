import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {diskError, makeDirectory, readTextIfAny, writeFileAtomic} from '../../src/base/files.ts'
import {sandbox} from '../support/sandbox.ts'

test('a file is written whole, with its mode, and nothing stays beside it', async () => {
  await using box = sandbox()
  const file = join(box.project, 'deep', 'secret.json')
  writeFileAtomic(file, 'one', 0o600)
  writeFileAtomic(file, 'two', 0o600)
  expect(readFileSync(file, 'utf8')).toBe('two')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(box.project, 'deep'))).toEqual(['secret.json'])
})

test('a write that fails leaves the old state', async () => {
  await using box = sandbox()
  mkdirSync(join(box.project, 'taken', 'inside'), {recursive: true})
  expect(() => writeFileAtomic(join(box.project, 'taken'), 'x')).toThrow()
  expect(readdirSync(box.project)).toEqual(['taken'])
})

test('a missing file is no error, an unreadable one is', async () => {
  await using box = sandbox()
  writeFileSync(join(box.project, 'file'), 'x')
  expect(readTextIfAny(join(box.project, 'none'))).toBeUndefined()
  expect(readTextIfAny(join(box.project, 'file', 'below'))).toBeUndefined()
  expect(() => readTextIfAny(box.project)).toThrow(expect.objectContaining({code: 'EISDIR'}))
})

test('what the disk refuses is said in words', () => {
  const full = Object.assign(new Error('ENOSPC: no space'), {code: 'ENOSPC'})
  expect(diskError(full, '/home/me/.tool')).toMatchObject({code: 'DISK_FULL', exitCode: 7})
  const other = new Error('x')
  expect(diskError(other, '/')).toBe(other)
})

test('a folder is made with those above it, and may be there', async () => {
  await using box = sandbox()
  const path = join(box.project, 'a/b/c')
  makeDirectory(path)
  makeDirectory(path)
  symlinkSync(path, join(box.project, 'link'))
  makeDirectory(join(box.project, 'link/d'))
  expect(readdirSync(path)).toEqual(['d'])
})

test.runIf(existsSync('/proc/self'))('where no folder can be made it fails, and ends', () => {
  expect(() => makeDirectory('/proc/none/of/these')).toThrow(
    expect.objectContaining({code: 'ENOENT', path: '/proc/none'}),
  )
})

test.runIf(process.platform === 'linux')(
  'a file system that holds no folders is one that can’t be written',
  () => {
    const refused = (() => {
      try {
        return makeDirectory('/proc/toolversion/mirror')
      } catch (error) {
        return error
      }
    })()
    expect(diskError(refused, '/proc/toolversion')).toMatchObject({
      code: 'READ_ONLY',
      message: 'the file system is read-only: /proc/toolversion (ENOENT)',
    })
  },
)
