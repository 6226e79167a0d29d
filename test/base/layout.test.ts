import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {layoutOf, projectId} from '../../src/base/layout.ts'
import {sandbox} from '../support/sandbox.ts'

test('every path lies below the home', () => {
  const layout = layoutOf('/h')
  expect(layout.bin('typescript', '5.9.3')).toBe('/h/versions/typescript/5.9.3/bin')
  expect(layout.receipt('typescript', '5.9.3')).toBe('/h/versions/typescript/5.9.3/receipt.json')
  expect(layout.lock('typescript@5.9.3')).toBe('/h/locks/typescript@5.9.3.lock')
  expect(layout.globalPins).toBe('/h/version')
})

test('a project is known by the real path of its root', async () => {
  await using box = sandbox()
  const other = join(box.root, 'also-app')
  symlinkSync(box.project, other)
  mkdirSync(join(box.root, 'more', 'app'), {recursive: true})
  expect(projectId(box.project)).toMatch(/^app-[0-9a-f]{16}$/)
  expect(projectId(other)).toBe(projectId(box.project))
  expect(projectId(join(box.root, 'more', 'app'))).not.toBe(projectId(box.project))
})

test('an odd folder name gives a plain id', async () => {
  await using box = sandbox()
  const odd = join(box.root, 'a b\nc')
  mkdirSync(odd)
  expect(projectId(odd)).toMatch(/^a_b_c-[0-9a-f]{16}$/)
})
