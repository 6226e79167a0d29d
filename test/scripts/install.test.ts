import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {isInstalled} from '../../scripts/install.js'
import {sandbox} from '../support/sandbox.ts'

const locked = {
  '': {name: 'x'},
  'node_modules/a': {version: '1.0.0', integrity: 'sha512-a'},
  'node_modules/other-platform': {version: '2.0.0', integrity: 'sha512-o', optional: true},
}

function project(installed: object | undefined) {
  const box = sandbox()
  box.write('package-lock.json', JSON.stringify({packages: locked}))
  mkdirSync(join(box.project, 'node_modules', 'a'), {recursive: true})
  writeFileSync(join(box.project, 'node_modules', 'a', 'package.json'), '{}')
  if (installed) box.write('node_modules/.package-lock.json', JSON.stringify({packages: installed}))
  return box
}

test('what the lock file names is there', async () => {
  await using box = project({'node_modules/a': locked['node_modules/a']})
  expect(isInstalled(box.project)).toBe(true)
})

test.each([
  ['nothing was installed', undefined],
  ['a package is missing', {}],
  ['a package has another version', {'node_modules/a': {version: '1.0.1', integrity: 'sha512-a'}}],
  ['a package has other content', {'node_modules/a': {version: '1.0.0', integrity: 'sha512-b'}}],
])('not if %s', async (_, installed) => {
  await using box = project(installed)
  expect(isInstalled(box.project)).toBe(false)
})

test('not if a package was deleted by hand, or there is no lock file', async () => {
  await using box = project({'node_modules/a': locked['node_modules/a']})
  rmSync(join(box.project, 'node_modules', 'a'), {recursive: true})
  expect(isInstalled(box.project)).toBe(false)
  rmSync(join(box.project, 'package-lock.json'))
  expect(isInstalled(box.project)).toBe(false)
})
