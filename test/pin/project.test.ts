import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {printSpecs} from '../../src/pin/print.ts'
import {findProject, projectPins} from '../../src/pin/project.ts'
import {builtin} from '../support/definitions.ts'
import {sandbox} from '../support/sandbox.ts'

test.each(['.toolversion', 'tool.json'])('the nearest folder with a %s is the root', async name => {
  await using box = sandbox()
  box.write(name, '')
  box.write('a/b/file', '')
  expect(findProject(box.at({cwd: join(box.project, 'a/b')}), builtin)).toEqual({root: box.project})
  box.write(`a/${name}`, '')
  expect(findProject(box.at({cwd: join(box.project, 'a/b')}), builtin)).toEqual({
    root: join(box.project, 'a'),
  })
})

test('the home is no project, also not under its other names', async () => {
  await using box = sandbox()
  writeFileSync(join(box.root, '.toolversion'), '5.9.3')
  expect(findProject(box.context, builtin)).toBeUndefined()
  expect(findProject(box.at({cwd: box.root}), builtin)).toBeUndefined()
  const alias = `${box.root}-alias`
  symlinkSync(box.root, alias)
  try {
    expect(findProject(box.at({env: {HOME: alias}}), builtin)).toBeUndefined()
  } finally {
    rmSync(alias)
  }
})

test('outside the home every folder may be a project', async () => {
  await using box = sandbox()
  await using elsewhere = sandbox()
  writeFileSync(join(elsewhere.root, '.toolversion'), '5.9.3')
  expect(findProject(box.at({cwd: elsewhere.project}), builtin)).toEqual({root: elsewhere.root})
})

test('the renamed pin file makes the root', async () => {
  await using box = sandbox()
  box.write('.pins', '')
  box.write('a/.toolversion', '')
  const context = box.at({cwd: join(box.project, 'a'), env: {TOOL_VERSION_FILE: '.pins'}})
  expect(findProject(context, builtin)).toEqual({root: box.project})
})

test('what a project pins: at or above its root, not globally, not the system’s', async () => {
  await using box = sandbox()
  mkdirSync(box.context.layout.home)
  writeFileSync(box.context.layout.globalPins, 'sass 1.1\n')
  box.write('.toolversion', 'typescript 5.8\nnode system\nesbuild 0.27\n')
  box.write('a/.toolversion', 'esbuild 0.28 system\n')
  const env = {TOOL_TYPESCRIPT_VERSION: '5.9', TOOL_SITEC_VERSION: '1.0.0'}
  const context = box.at({cwd: join(box.project, 'a'), env})
  const pins = projectPins(context, builtin, {root: join(box.project, 'a')})
  expect(pins.map(({toolchain, specs}) => `${toolchain} ${printSpecs(specs)}`)).toEqual([
    'esbuild 0.28 system',
    'typescript 5.9',
  ])
  expect(pins[1]?.origin).toEqual({kind: 'variable', name: 'TOOL_TYPESCRIPT_VERSION'})
})

test('TOOL_DIR moves no project', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'typescript 5.8')
  box.write('other/.toolversion', 'typescript 5.9')
  const context = box.at({env: {TOOL_DIR: 'other'}})
  expect(projectPins(context, builtin, {root: box.project})).toMatchObject([{specs: [{range: '5.8'}]}])
})
