import {expect, test} from 'vitest'
import {follow} from './follow.ts'
import {page} from './pages.ts'
import {reader} from './reader.ts'

test('a monorepo', async () => {
  await using someone = await reader()
  const outputs = await follow(someone, page('monorepos.md'))
  expect(outputs.length).toBe(7)
})

test('CI', async () => {
  await using someone = await reader()
  someone.box.write('.toolversion', 'typescript ^5.9\n')
  someone.box.write('tsconfig.json', '{}')
  const outputs = await follow(someone, page('ci.md'))
  expect(outputs).toHaveLength(6)
  expect(outputs.at(-1)).toMatch(/^Version 5\.9\.3\nVersion 5\.9\.3$/m)
})
