import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {getSetting, listSettings, setSetting, unsetSetting} from '../../src/house/config.ts'
import {builtin} from '../support/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

function writeConfig({context}: Sandbox, text: string): string {
  mkdirSync(dirname(context.layout.config), {recursive: true})
  writeFileSync(context.layout.config, text)
  return context.layout.config
}

const set = ({context}: Sandbox, key: string, value: string) => setSetting(context, builtin, key, value)
const read = ({context}: Sandbox) => readFileSync(context.layout.config, 'utf8')

test('every setting has a value and an origin: default, line, variable', async () => {
  await using box = sandbox()
  expect(listSettings(box.context).map(({value, origin}) => [value, origin.kind])).toEqual([
    ['typescript', 'default'],
    [true, 'default'],
    [false, 'default'],
    [{}, 'default'],
    ['available', 'default'],
    ['0 days', 'default'],
    [[], 'default'],
    [true, 'default'],
    [false, 'default'],
    [15, 'default'],
    [30, 'default'],
    [3600, 'default'],
  ])
  const path = writeConfig(box, '{\n  "autoInstall": false,\n  "offline": true\n}\n')
  expect(getSetting(box.context, 'offline')).toEqual({
    key: 'offline',
    value: true,
    origin: {kind: 'file', path, line: 3},
  })
  const there = box.at({env: {TOOL_OFFLINE: '0', TOOL_DEFAULT_TOOLCHAIN: 'sass'}})
  expect(listSettings(there).slice(0, 3)).toMatchObject([
    {value: 'sass', origin: {kind: 'variable', name: 'TOOL_DEFAULT_TOOLCHAIN'}},
    {value: false, origin: {kind: 'file', line: 2}},
    {value: false, origin: {kind: 'variable', name: 'TOOL_OFFLINE'}},
  ])
})

test('numbers and objects are written as such', async () => {
  await using box = sandbox()
  const mirrors = {'https://registry.npmjs.org/': ['https://mirror.example/npm/']}
  expect(await set(box, 'mirrors', JSON.stringify(mirrors))).toMatchObject({value: mirrors})
  expect(await set(box, 'idleTimeout', '2.5')).toMatchObject({value: 2.5})
  expect(await set(box, 'verify', 'required')).toMatchObject({value: 'required'})
  expect(JSON.parse(read(box))).toEqual({mirrors, idleTimeout: 2.5, verify: 'required'})
  for (const [key, value] of [
    ['mirrors', '{"x": "https://mirror.example/"}'],
    ['mirrors', '{"https://registry.npmjs.org/": [1]}'],
    ['mirrors', '{'],
    ['mirrors', 'https://mirror.example/'],
    ['idleTimeout', '0'],
    ['idleTimeout', 'long'],
    ['verify', 'true'],
  ] as const)
    await expect(set(box, key, value)).rejects.toMatchObject({code: 'CONFIG_VALUE_INVALID', exitCode: 2})
})

test('a first setting makes the home and the file', async () => {
  await using box = sandbox()
  expect(await set(box, 'autoInstall', 'false')).toMatchObject({value: false, origin: {line: 2}})
  expect(read(box)).toBe('{\n  "autoInstall": false\n}\n')
})

test('order, indentation and line ends stay', async () => {
  await using box = sandbox()
  writeConfig(box, '{\r\n\t"offline": true,\r\n\t"$schema": "x"\r\n}\r\n')
  await set(box, 'defaultToolchain', 'esbuild')
  await set(box, 'offline', 'false')
  expect(read(box)).toBe(
    '{\r\n\t"offline": false,\r\n\t"$schema": "x",\r\n\t"defaultToolchain": "esbuild"\r\n}\r\n',
  )
  expect(await unsetSetting(box.context, 'offline')).toBe(true)
  expect(await unsetSetting(box.context, 'offline')).toBe(false)
  expect(read(box)).toBe('{\r\n\t"$schema": "x",\r\n\t"defaultToolchain": "esbuild"\r\n}\r\n')
})

test('a link to the file stays a link', async () => {
  await using box = sandbox()
  const elsewhere = box.write('dotfiles/tool.json', '{"offline":true}')
  mkdirSync(box.context.layout.home)
  symlinkSync(elsewhere, box.context.layout.config)
  await set(box, 'offline', 'false')
  expect(readFileSync(elsewhere, 'utf8')).toBe('{"offline":false}\n')
})

test('many at once lose nothing', async () => {
  await using box = sandbox()
  await Promise.all([
    set(box, 'offline', 'true'),
    set(box, 'autoInstall', 'false'),
    set(box, 'defaultToolchain', 'sitec'),
  ])
  expect(
    listSettings(box.context)
      .slice(0, 3)
      .map(({value}) => value),
  ).toEqual(['sitec', false, true])
})

test.each([
  ['ofline', 'true', 'CONFIG_KEY_UNKNOWN', 2, 'did you mean "offline"?'],
  ['offline', 'yes', 'CONFIG_VALUE_INVALID', 2, 'it is true or false'],
  ['defaultToolchain', 'true', 'CONFIG_VALUE_INVALID', 2, 'it is the name'],
  ['defaultToolchain', 'esbiuld', 'UNKNOWN_TOOLCHAIN', 3, 'did you mean esbuild?'],
])('set %s %s is refused', async (key, value, code, exitCode, hint) => {
  await using box = sandbox()
  await expect(set(box, key, value)).rejects.toMatchObject({
    code,
    exitCode,
    hint: expect.stringContaining(hint),
  })
  expect(() => read(box)).toThrow('ENOENT')
})

test('an alias is written as the name', async () => {
  await using box = sandbox()
  const {aliases: [alias = ''] = []} = builtin.get('typescript', {kind: 'default'})
  await set(box, 'defaultToolchain', alias)
  expect(getSetting(box.context, 'defaultToolchain').value).toBe('typescript')
})

test('a slip in the file is told, and can be taken out', async () => {
  await using box = sandbox()
  writeConfig(box, '{"ofline": true}')
  expect(() => listSettings(box.context)).toThrow(expect.objectContaining({code: 'CONFIG_INVALID'}))
  await expect(set(box, 'offline', 'true')).rejects.toMatchObject({code: 'CONFIG_INVALID'})
  expect(read(box)).toBe('{"ofline": true}')
  await unsetSetting(box.context, 'ofline')
  await set(box, 'offline', 'true')
  expect(getSetting(box.context, 'offline').value).toBe(true)
  await expect(unsetSetting(box.context, 'ofline')).rejects.toMatchObject({code: 'CONFIG_KEY_UNKNOWN'})
})

test('what is no object is left as it is', async () => {
  await using box = sandbox()
  writeConfig(box, '[1]')
  await expect(set(box, 'offline', 'true')).rejects.toMatchObject({code: 'CONFIG_INVALID'})
  expect(read(box)).toBe('[1]')
})

test('a home that is a file is one clear error', async () => {
  await using box = sandbox()
  writeFileSync(join(box.root, '.tool'), '')
  await expect(set(box, 'offline', 'true')).rejects.toMatchObject({code: 'HOME_NOT_A_DIRECTORY'})
})
