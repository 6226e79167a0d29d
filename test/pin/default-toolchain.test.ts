import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {defaultToolchain} from '../../src/pin/default-toolchain.ts'
import {currentPins, findPin} from '../../src/pin/find.ts'
import {builtin} from '../support/definitions.ts'
import {sandbox} from '../support/sandbox.ts'

const writeBelow = (path: string, text: string) => {
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, text)
}

test('the command line: variable, config, project, typescript', async () => {
  await using box = sandbox()
  expect(defaultToolchain(box.context)).toEqual({name: 'typescript', origin: {kind: 'default'}})
  const config = box.write('tool.json', '{\n  "defaultToolchain": "sass"\n}')
  const below = box.at({cwd: dirname(box.write('deep/er/file', ''))})
  expect(defaultToolchain(below)).toEqual({name: 'sass', origin: {kind: 'file', path: config, line: 2}})
  writeBelow(box.context.layout.config, '{"defaultToolchain": "esbuild"}')
  expect(defaultToolchain(box.context).name).toBe('esbuild')
  expect(defaultToolchain(box.at({env: {TOOL_DEFAULT_TOOLCHAIN: 'node'}}))).toEqual({
    name: 'node',
    origin: {kind: 'variable', name: 'TOOL_DEFAULT_TOOLCHAIN'},
  })
})

test('a bare spec means the toolchain of the tool.json at or above its own file', async () => {
  await using box = sandbox()
  box.write('tool.json', '{"defaultToolchain": "sass"}')
  box.write('.toolversion', '1.1')
  box.write('a/tool.json', '{"build": {}}')
  box.write('a/.toolversion', 'esbuild 0.28')
  box.write('b/tool.json', '{"defaultToolchain": "node"}')
  box.write('b/.toolversion', '26')
  const toolchains = (cwd: string) => currentPins(box.at({cwd}), builtin).map(({toolchain}) => toolchain)
  expect(toolchains(box.project)).toEqual(['sass'])
  expect(toolchains(join(box.project, 'a'))).toEqual(['esbuild', 'sass'])
  expect(toolchains(join(box.project, 'b'))).toEqual(['node', 'sass'])
})

test('a user’s config does not govern files, the variable does', async () => {
  await using box = sandbox()
  box.write('.toolversion', '1.1')
  writeBelow(box.context.layout.config, '{"defaultToolchain": "esbuild"}')
  expect(findPin(box.context, builtin, 'typescript').specs).toMatchObject([{range: '1.1'}])
  const context = box.at({env: {TOOL_DEFAULT_TOOLCHAIN: 'sass'}})
  expect(findPin(context, builtin, 'sass').specs).toMatchObject([{range: '1.1'}])
})

test('the global file belongs to no project', async () => {
  await using box = sandbox()
  box.write('tool.json', '{"defaultToolchain": "sass"}')
  writeBelow(box.context.layout.globalPins, '5.5')
  expect(findPin(box.context, builtin, 'typescript').specs).toMatchObject([{range: '5.5'}])
  const context = box.at({env: {TOOL_DEFAULT_TOOLCHAIN: 'sass'}})
  expect(findPin(context, builtin, 'sass').specs).toMatchObject([{range: '5.5'}])
})

test('a tool.json in the home is of no project', async () => {
  await using box = sandbox()
  writeFileSync(join(box.root, 'tool.json'), '{"defaultToolchain": "sass"}')
  expect(defaultToolchain(box.context).name).toBe('typescript')
})

test.each([
  ['{', /not valid JSON/],
  ['{"defaultToolchain": "Type Script"}', /tool\.json:1: defaultToolchain: "Type Script"/],
  ['{"defaultToolchain": 5}', /defaultToolchain: 5/],
])('a tool.json of %s is refused where it matters', async (text, message) => {
  await using box = sandbox()
  box.write('tool.json', text)
  box.write('.toolversion', '5.9.3')
  expect(() => findPin(box.context, builtin, 'typescript')).toThrow(
    expect.objectContaining({
      code: 'PROJECT_CONFIG_INVALID',
      exitCode: 3,
      message: expect.stringMatching(message),
    }),
  )
})

test('a broken config and a broken variable are named', async () => {
  await using box = sandbox()
  writeBelow(box.context.layout.config, '[')
  expect(() => defaultToolchain(box.context)).toThrow(expect.objectContaining({code: 'CONFIG_INVALID'}))
  expect(() => defaultToolchain(box.at({env: {TOOL_DEFAULT_TOOLCHAIN: 'latest'}}))).toThrow(
    expect.objectContaining({code: 'DEFAULT_TOOLCHAIN_INVALID', exitCode: 2}),
  )
})
