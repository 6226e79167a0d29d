import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {sandbox} from '../support/sandbox.ts'

test('the home is ~/.tool, or TOOL_HOME', async () => {
  await using box = sandbox()
  expect(box.context.layout.home).toBe(join(box.root, '.tool'))
  expect(box.at({env: {TOOL_HOME: '/elsewhere'}}).layout.home).toBe('/elsewhere')
  expect(box.at({env: {TOOL_HOME: ''}}).layout.home).toBe(join(box.root, '.tool'))
})

test('a relative TOOL_HOME is refused', async () => {
  await using box = sandbox()
  expect(() => box.at({env: {TOOL_HOME: 'here'}})).toThrow(
    expect.objectContaining({code: 'HOME_NOT_ABSOLUTE', exitCode: 2}),
  )
})

test('HOME set to nothing is no home', async () => {
  await using box = sandbox()
  expect(box.at({env: {HOME: ''}}).layout.home).toMatch(/^\/.*\/\.tool$/)
})

test('$PWD counts while it is the same directory as the working directory', async () => {
  await using box = sandbox()
  const link = join(box.root, 'link')
  symlinkSync(box.project, link)
  mkdirSync(join(box.root, 'other'))
  expect(box.at({env: {PWD: link}}).cwd).toBe(link)
  expect(box.at({env: {PWD: join(box.root, 'other')}}).cwd).toBe(box.project)
  expect(box.at({env: {PWD: join(box.root, 'gone')}}).cwd).toBe(box.project)
  expect(box.at({env: {PWD: 'app'}}).cwd).toBe(box.project)
})
