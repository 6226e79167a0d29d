import {mkdirSync, readFileSync, renameSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {rename, whenFree} from '../../src/base/rename.ts'
import {sandbox} from '../support/sandbox.ts'

const refusal = (code: string) => Object.assign(new Error(code), {code})

test('a file takes the place of another', async () => {
  await using box = sandbox()
  const from = box.write('from', 'new')
  const to = box.write('to', 'old')
  rename(from, to)
  expect(readFileSync(to, 'utf8')).toBe('new')
})

test('what is in use for a moment is tried until it is not', () => {
  const refusals = ['EBUSY', 'EPERM', 'EACCES']
  whenFree(() => {
    const code = refusals.pop()
    if (code) throw refusal(code)
  }, 60_000)
  expect(refusals).toEqual([])
})

test('what stays in use, or is refused for another reason, fails as it does', async () => {
  await using box = sandbox()
  const folder = join(box.root, 'folder')
  mkdirSync(folder)
  let times = 0
  expect(() =>
    whenFree(() => {
      times += 1
      throw refusal('EBUSY')
    }, 50),
  ).toThrow('EBUSY')
  expect(times).toBeGreaterThan(1)
  const gone = join(box.root, 'gone')
  expect(() => whenFree(() => renameSync(gone, folder), 60_000)).toThrow('ENOENT')
})
