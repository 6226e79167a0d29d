import {existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {install} from '../../src/install/install.ts'
import {findInstalled} from '../../src/store/installed.ts'
import {uninstall} from '../../src/store/uninstall.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {npmToolchain, request, storeListing} from '../support/toolchain.ts'

const ore = npmToolchain('ore')

test('the first install says how the store is laid out; a store that says nothing is of the first kind', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('ore', '1.0.0', {'bin/ore': ''})
  registry.publish('ore', '1.1.0', {'bin/ore': ''})
  putVersion(box, 'ore', '0.9.0')
  expect(existsSync(box.context.layout.store)).toBe(false)
  await install(box.context, request(ore, '1.0.0'))
  expect(JSON.parse(readFileSync(box.context.layout.store, 'utf8'))).toEqual({schema: 1})
  await install(box.context, request(ore, '1.1.0'))
})

test('a store of a newer release is read, and never written', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('ore', '1.0.0', {'bin/ore': ''})
  registry.publish('ore', '2.0.0', {'bin/ore': ''})
  await install(box.context, request(ore, '1.0.0'))
  writeFileSync(box.context.layout.store, '{"schema": 2, "more": true}')
  const before = storeListing(box.context)
  const installed = findInstalled(box.context, 'ore', '1.0.0')
  if (installed === undefined) throw new Error('not there')
  const newer = {code: 'STORE_NEWER', exitCode: 7, message: expect.stringContaining('schema 2')}
  await expect(install(box.context, request(ore, '2.0.0'))).rejects.toMatchObject(newer)
  await expect(uninstall(box.context, installed)).rejects.toMatchObject(newer)
  expect(storeListing(box.context)).toEqual(before)
})

test.each(['', '{', 'null', '{"schema": "1"}', '{"schema": 0}', '{"schema": 1.5}'])(
  'a file that says %j is told, and how to go on',
  async text => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {'bin/ore': ''})
    putVersion(box, 'ore', '0.9.0')
    writeFileSync(box.context.layout.store, text)
    await expect(install(box.context, request(ore, '1.0.0'))).rejects.toMatchObject({
      code: 'STORE_INVALID',
      exitCode: 7,
      hint: expect.stringContaining('remove the file'),
    })
  },
)

test('what stands in its place is told by its own path, not by that of the home', async () => {
  await using registry = await startRegistry()
  registry.publish('ore', '1.0.0', {'bin/ore': ''})
  const obstacles = [mkdirSync, (path: string) => symlinkSync(path, path)]
  for (const put of obstacles) {
    await using box = sandbox(registry.env)
    putVersion(box, 'ore', '0.9.0')
    const {store} = box.context.layout
    put(store)
    await expect(install(box.context, request(ore, '1.0.0'))).rejects.toMatchObject({
      code: 'STORE_INVALID',
      message: expect.stringContaining(`${store} does not say`),
    })
  }
})
