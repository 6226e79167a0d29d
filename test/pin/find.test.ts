import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {currentPins, findPin} from '../../src/pin/find.ts'
import {printSpecs} from '../../src/pin/print.ts'
import type {Pin} from '../../src/pin/types.ts'
import {builtin} from '../support/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

const versionOf = (pin: Pin) => printSpecs(pin.specs)
const placeOf = ({origin}: Pin) => (origin.kind === 'file' ? `${origin.path}:${origin.line}` : origin)

function writeGlobal(box: Sandbox, text: string): void {
  mkdirSync(dirname(box.context.layout.globalPins), {recursive: true})
  writeFileSync(box.context.layout.globalPins, text)
}

test('the nearest file that names the toolchain wins, per toolchain', async () => {
  await using box = sandbox()
  const upper = box.write('.toolversion', '# all\ntypescript 5.8\nsass 1.1\n')
  const lower = box.write('packages/a/.toolversion', 'esbuild 0.28\ntypescript 5.9\n')
  box.write('packages/a/src/.toolversion', '\n')
  const context = box.at({cwd: join(box.project, 'packages/a/src')})
  expect(versionOf(findPin(context, builtin, 'typescript'))).toBe('5.9')
  expect(placeOf(findPin(context, builtin, 'typescript'))).toBe(`${lower}:2`)
  expect(versionOf(findPin(context, builtin, 'sass'))).toBe('1.1')
  expect(placeOf(findPin(context, builtin, 'sass'))).toBe(`${upper}:3`)
  expect(versionOf(findPin(box.context, builtin, 'typescript'))).toBe('5.8')
})

test('files above the home count too', async () => {
  await using box = sandbox()
  writeFileSync(join(box.root, '.toolversion'), 'typescript 5.7\n')
  expect(versionOf(findPin(box.context, builtin, 'typescript'))).toBe('5.7')
})

test('a broken file above a nearer pin is not even read', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'typescript\n')
  box.write('a/.toolversion', '5.9.3\n')
  expect(versionOf(findPin(box.at({cwd: join(box.project, 'a')}), builtin, 'typescript'))).toBe('5.9.3')
  expect(() => findPin(box.context, builtin, 'typescript')).toThrow(
    expect.objectContaining({
      code: 'PIN_WITHOUT_VERSION',
      message: expect.stringContaining('.toolversion:1'),
    }),
  )
})

test('variable, file, global, system: in this order', async () => {
  await using box = sandbox()
  expect(findPin(box.context, builtin, 'typescript')).toMatchObject({
    specs: [{kind: 'system'}],
    origin: {kind: 'default'},
  })
  writeGlobal(box, '5.5\nesbuild 0.20\n')
  expect(versionOf(findPin(box.context, builtin, 'typescript'))).toBe('5.5')
  expect(placeOf(findPin(box.context, builtin, 'esbuild'))).toBe(`${box.context.layout.globalPins}:2`)
  box.write('.toolversion', 'typescript 5.6\n')
  expect(versionOf(findPin(box.context, builtin, 'typescript'))).toBe('5.6')
  const forDefault = box.at({env: {TOOL_VERSION: '5.7'}})
  expect(versionOf(findPin(forDefault, builtin, 'typescript'))).toBe('5.7')
  expect(placeOf(findPin(forDefault, builtin, 'typescript'))).toEqual({
    kind: 'variable',
    name: 'TOOL_VERSION',
  })
  expect(versionOf(findPin(forDefault, builtin, 'esbuild'))).toBe('0.20')
  const both = box.at({env: {TOOL_VERSION: '5.7', TOOL_TYPESCRIPT_VERSION: '5.8'}})
  expect(versionOf(findPin(both, builtin, 'typescript'))).toBe('5.8')
  expect(placeOf(findPin(both, builtin, 'typescript'))).toEqual({
    kind: 'variable',
    name: 'TOOL_TYPESCRIPT_VERSION',
  })
})

test('an empty variable is an unset one', async () => {
  await using box = sandbox({
    TOOL_VERSION: '',
    TOOL_TYPESCRIPT_VERSION: '',
    TOOL_DIR: '',
    TOOL_VERSION_FILE: '',
  })
  box.write('.toolversion', '5.9.3')
  expect(versionOf(findPin(box.context, builtin, 'typescript'))).toBe('5.9.3')
})

test('a variable holds specs alone, in the grammar of the files', async () => {
  await using box = sandbox()
  const pin = (value: string) => findPin(box.at({env: {TOOL_MY_TOOL_VERSION: value}}), builtin, 'my-tool')
  expect(versionOf(pin('beta'))).toBe('beta')
  expect(versionOf(pin('1.2 1.1'))).toBe('1.2 1.1')
  expect(versionOf(pin('">=1 <2"'))).toBe('">=1 <2"')
  expect(pin('path:x')).toMatchObject({baseDirectory: box.project})
  expect(() => pin('../x')).toThrow(
    expect.objectContaining({
      code: 'PIN_VERSION_UNSAFE',
      message: expect.stringContaining('TOOL_MY_TOOL_VERSION'),
    }),
  )
  expect(() => pin('>=1 <2')).toThrow(
    expect.objectContaining({code: 'PIN_RANGE_UNQUOTED', hint: 'write: ">=1 <2"'}),
  )
})

test('TOOL_DIR is walked first, then the working directory', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'typescript 5.8\nesbuild 0.28\n')
  box.write('other/.toolversion', 'typescript 5.9\n')
  const context = box.at({env: {TOOL_DIR: 'other'}})
  expect(versionOf(findPin(context, builtin, 'typescript'))).toBe('5.9')
  expect(versionOf(findPin(context, builtin, 'esbuild'))).toBe('0.28')
  expect(() => findPin(box.at({env: {TOOL_DIR: 'none'}}), builtin, 'esbuild')).toThrow(
    expect.objectContaining({code: 'DIRECTORY_NOT_FOUND', exitCode: 2}),
  )
})

test('TOOL_VERSION_FILE renames the file', async () => {
  await using box = sandbox()
  box.write('.toolversion', '5.8')
  box.write('.pins', '5.9')
  expect(versionOf(findPin(box.at({env: {TOOL_VERSION_FILE: '.pins'}}), builtin, 'typescript'))).toBe('5.9')
  expect(() => findPin(box.at({env: {TOOL_VERSION_FILE: '../x'}}), builtin, 'typescript')).toThrow(
    expect.objectContaining({code: 'VERSION_FILE_NAME_INVALID', exitCode: 2}),
  )
})

test('a working directory reached through a link is walked as the person sees it', async () => {
  await using box = sandbox()
  box.write('.toolversion', '5.8')
  box.write('real/deep/file', '')
  box.write('seen/.toolversion', '5.9')
  symlinkSync(join(box.project, 'real/deep'), join(box.project, 'seen/link'))
  const logical = box.at({cwd: join(box.project, 'real/deep'), env: {PWD: join(box.project, 'seen/link')}})
  expect(versionOf(findPin(logical, builtin, 'typescript'))).toBe('5.9')
  const physical = box.at({cwd: join(box.project, 'real/deep'), env: {PWD: box.project}})
  expect(versionOf(findPin(physical, builtin, 'typescript'))).toBe('5.8')
})

test('every pin that holds here, with its origin', async () => {
  await using box = sandbox()
  writeGlobal(box, 'sass 1.1\ntypescript 5.5\n')
  box.write('.toolversion', 'typescript 5.8\nesbuild 0.27\n')
  box.write('a/.toolversion', 'esbuild 0.28\n')
  const cwd = join(box.project, 'a')
  const list = (pins: Pin[]) => pins.map(pin => `${pin.toolchain} ${versionOf(pin)}`)
  expect(list(currentPins(box.at({cwd}), builtin))).toEqual(['esbuild 0.28', 'typescript 5.8', 'sass 1.1'])
  const env = {TOOL_SASS_VERSION: '2', TOOL_NODE_VERSION: '26'}
  expect(list(currentPins(box.at({cwd, env}), builtin))).toEqual([
    'esbuild 0.28',
    'typescript 5.8',
    'sass 2',
    'node 26',
  ])
})

test('TOOL_VERSION alone is a current pin of the default toolchain', async () => {
  await using box = sandbox({TOOL_VERSION: '5.9.3'})
  expect(currentPins(box.context, builtin)).toMatchObject([
    {toolchain: 'typescript', origin: {kind: 'variable', name: 'TOOL_VERSION'}},
  ])
})
