import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {findPin} from '../../src/pin/find.ts'
import {resolveLocal} from '../../src/resolve/local.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {builtin} from '../support/definitions.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'

/** What the toolchain comes down to here, in a few words. */
async function resolve(context: Context, toolchain = 'typescript'): Promise<string> {
  const pin = findPin(context, builtin, toolchain)
  const definition = (await loadDefinitions(context)).get(toolchain, pin.origin)
  const resolved = resolveLocal(context, definition, pin)
  switch (resolved.via) {
    case 'store':
      return resolved.installed.version
    case 'path':
      return resolved.bin
    case 'system':
      return 'system'
    case 'missing':
      return `missing ${resolved.spec.text}`
    case 'node-modules':
    case 'on-path':
      return `${resolved.version} ${resolved.via}`
  }
}

test.each([
  ['5.9.3', '5.9.3'],
  ['v5.9.3', '5.9.3'],
  ['5.9', '5.9.3'],
  ['5', '5.10.0'],
  ['^5.8', '5.10.0'],
  ['>=6', '6.0.0'],
  ['latest', '6.0.0'],
  ['*', '6.0.0'],
  ['5.7', 'missing 5.7'],
  ['next', 'missing next'],
  ['5.7 5.8', '5.8.3'],
  ['5.9.3 5.8', '5.9.3'],
  ['5.7 5.6', 'missing 5.7'],
  ['6.1.0-beta', '6.1.0-beta'],
  ['mine', 'mine'],
])('of the versions in the store, %s is %s', async (spec, expected) => {
  await using box = sandbox()
  for (const version of ['5.8.3', '5.9.2', '5.9.3', '5.10.0', '6.0.0', '6.1.0-beta', 'mine']) {
    putVersion(box, 'typescript', version)
  }
  box.write('.toolversion', `typescript ${spec.startsWith('>') ? `"${spec}"` : spec}`)
  expect(await resolve(box.context)).toBe(expected)
})

test('a folder that is called as the spec is written wins', async () => {
  await using box = sandbox()
  for (const version of ['5', 'latest', '5.9.3', 'v5.9.3']) putVersion(box, 'typescript', version)
  for (const spec of ['5', 'latest', '5.9.3', 'v5.9.3']) {
    box.write('.toolversion', `typescript ${spec}`)
    expect(await resolve(box.context)).toBe(spec)
  }
})

test('a tag is the version that its link points to', async () => {
  await using box = sandbox()
  for (const version of ['5.9.3', '6.1.0-beta']) putVersion(box, 'typescript', version)
  const link = join(box.context.layout.links, 'typescript/next')
  mkdirSync(dirname(link), {recursive: true})
  symlinkSync('../../versions/typescript/6.1.0-beta', link)
  box.write('.toolversion', 'typescript next')
  expect(await resolve(box.context)).toBe('6.1.0-beta')
})

test('a version without bin is not there', async () => {
  await using box = sandbox()
  mkdirSync(box.context.layout.version('typescript', '5.9.3'), {recursive: true})
  box.write('.toolversion', '5.9.3')
  expect(await resolve(box.context)).toBe('missing 5.9.3')
})

test('nothing pinned is the system’s; a fallback to the system counts if it has one', async () => {
  await using box = sandbox()
  const path = join(box.root, 'usr/bin')
  const context = box.at({env: {PATH: path}})
  expect(await resolve(context)).toBe('system')
  box.write('.toolversion', 'typescript 5.9.3 system')
  expect(await resolve(context)).toBe('missing 5.9.3')
  writeProgram(join(path, 'tsc'))
  expect(await resolve(context)).toBe('system')
  box.write('.toolversion', 'typescript system')
  expect(await resolve(box.at({env: {PATH: ''}}))).toBe('system')
})

test('our own shims are not the system', async () => {
  await using box = sandbox()
  writeProgram(join(box.context.layout.shims, 'tsc'))
  box.write('.toolversion', 'typescript 5.9.3 system')
  expect(await resolve(box.at({env: {PATH: box.context.layout.shims}}))).toBe('missing 5.9.3')
})

test('a path that a project chose is refused', async () => {
  await using box = sandbox()
  writeProgram(join(box.project, 'dist/bin/tsc'))
  box.write('.toolversion', '5.9.3 path:dist')
  putVersion(box, 'typescript', '5.9.3')
  expect(await resolve(box.context)).toBe('5.9.3')
  box.write('.toolversion', 'path:dist')
  await expect(resolve(box.context)).rejects.toMatchObject({
    code: 'PATH_PIN_UNTRUSTED',
    exitCode: 3,
    message: expect.stringContaining('(set by .toolversion:1)'),
  })
})

test('a path that the user chose counts from where it is written', async () => {
  await using box = sandbox()
  const {layout} = box.context
  const bin = dirname(writeProgram(join(layout.home, 'mine/bin/tsc')))
  writeFileSync(layout.globalPins, 'typescript path:mine')
  expect(await resolve(box.context)).toBe(bin)
  writeProgram(join(box.project, 'dist/bin/tsc'))
  expect(await resolve(box.at({env: {TOOL_VERSION: 'path:dist'}}))).toBe(join(box.project, 'dist/bin'))
})

test('a path without bin is named, unless something else is there', async () => {
  await using box = sandbox()
  const context = (value: string) => box.at({env: {TOOL_VERSION: value}})
  await expect(resolve(context('path:none'))).rejects.toMatchObject({
    code: 'PATH_PIN_WITHOUT_BIN',
    exitCode: 3,
    message: expect.stringContaining('TOOL_VERSION'),
  })
  expect(await resolve(context('path:none 5.9.3'))).toBe('missing 5.9.3')
  putVersion(box, 'typescript', '5.9.3')
  expect(await resolve(context('path:none 5.9.3'))).toBe('5.9.3')
})
