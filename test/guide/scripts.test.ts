import {expect, test} from 'vitest'
import {follow} from './follow.ts'
import {page} from './pages.ts'
import {reader} from './reader.ts'

test('editors', async () => {
  await using someone = await reader()
  const [, file, folder] = await follow(someone, page('editors.md')).then(outputs => ['', ...outputs])
  expect(file).toContain('/.tool/links/typescript/5.9/package/lib/tsserver.js')
  expect(folder).toBe(`${someone.box.root}/.tool/versions/typescript/5.9.3/package/lib\n`)
})

test('removing', async () => {
  await using someone = await reader()
  const begin = await someone.run('sh', 'tool local typescript@5.8.3')
  expect(begin.code).toBe(0)
  await follow(someone, page('removing.md'))
})
