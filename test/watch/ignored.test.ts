import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {ignoreRules} from '../../src/watch/ignored.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

function rulesOf(box: Sandbox, root = box.project) {
  const rules = ignoreRules(root, box.context.layout.home)
  return {...rules, file: (path: string) => rules.ignores(join(root, path))}
}

test('what is no source anywhere', async () => {
  await using box = sandbox()
  const rules = rulesOf(box)
  const ignored = ['.git', 'node_modules', 'src/node_modules', '.DS_Store', 'src/.a.x.swp', '4913', '.#a.x']
  for (const path of [...ignored, '#a.x#', 'a.x~', 'a.x___jb_tmp___', '.goutputstream-X1']) {
    expect([path, rules.file(path)]).toEqual([path, true])
  }
  for (const path of ['a.x', '.env', '.swc', 'src/gitignore', 'a#b', 'x~y', '.github']) {
    expect([path, rules.file(path)]).toEqual([path, false])
  }
  expect(rules.ignores(box.project, true)).toBe(false)
})

test('a home below the project', async () => {
  await using box = sandbox()
  const rules = rulesOf(box, box.root)
  expect(rules.ignores(box.context.layout.home, true)).toBe(true)
})

test('the rules of .gitignore files, the nearer ones first, folders told from files', async () => {
  await using box = sandbox()
  box.write('.gitignore', '# output\ndist/\n*.log\n/only-here\n')
  box.write('keep/.gitignore', '!*.log\n')
  const rules = rulesOf(box)
  expect(rules.ignores(join(box.project, 'dist'), true)).toBe(true)
  expect(rules.file('dist/a.js')).toBe(true)
  expect(rules.file('dist')).toBe(false)
  expect(rules.file('a.log')).toBe(true)
  expect(rules.file('keep/a.log')).toBe(false)
  expect(rules.file('only-here')).toBe(true)
  expect(rules.file('src/only-here')).toBe(false)
  expect(rules.file('A.LOG')).toBe(false)
})

test('those above the project count up to the root of the repository', async () => {
  await using box = sandbox()
  mkdirSync(join(box.project, '.git'))
  box.write('.gitignore', '*.log\n/packages/a/out\n')
  const rules = rulesOf(box, join(box.project, 'packages/a'))
  expect(rules.file('a.log')).toBe(true)
  expect(rules.file('out')).toBe(true)
  expect(rules.file('src/out')).toBe(false)
})

test('a project that its repository ignores is watched all the same', async () => {
  await using box = sandbox()
  mkdirSync(join(box.project, '.git'))
  box.write('.gitignore', 'tmp/\n')
  box.write('tmp/app/.gitignore', 'dist\n')
  const rules = rulesOf(box, join(box.project, 'tmp/app'))
  expect(rules.file('src/a.x')).toBe(false)
  expect(rules.file('dist')).toBe(true)
})

test('rules that can’t be read are none, and those that change are read again', async () => {
  await using box = sandbox()
  mkdirSync(join(box.project, '.gitignore'))
  box.write('a/.gitignore', `*.log\n${'x'.repeat(2 * 1024 * 1024)}`)
  box.write('b/.gitignore', '\0[\n*.log')
  const rules = rulesOf(box)
  expect(rules.file('x.log')).toBe(false)
  expect(rules.file('a/x.log')).toBe(false)
  expect(rules.file('b/x.log')).toBe(true)
  box.write('b/.gitignore', '')
  expect(rules.file('b/x.log')).toBe(true)
  rules.reread()
  expect(rules.file('b/x.log')).toBe(false)
})
