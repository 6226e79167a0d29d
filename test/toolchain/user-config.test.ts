import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {expect, test} from 'vitest'
import {userConfigSchema} from '../../src/model/user-config.ts'
import {readUserConfig, userConfigFields} from '../../src/toolchain/user-config.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

function writeConfig({context}: Sandbox, text: string): void {
  mkdirSync(dirname(context.layout.config), {recursive: true})
  writeFileSync(context.layout.config, text)
}

test('without a file there are no settings', async () => {
  await using box = sandbox()
  expect(readUserConfig(box.context)).toEqual({})
})

test('all settings', async () => {
  await using box = sandbox()
  const config = {
    $schema: 'x',
    defaultToolchain: 'sass',
    autoInstall: false,
    offline: true,
    mirrors: {'https://a.example': 'https://b.example', 'http://c.example/x/': ['https://d.example/']},
    verify: 'required',
    keepArchives: false,
    insecureRedirects: true,
    connectTimeout: 1,
    idleTimeout: 0.5,
    totalTimeout: 86_400,
  }
  writeConfig(box, `\uFEFF${JSON.stringify(config)}\r\n`)
  expect(readUserConfig(box.context)).toEqual(config)
})

test.each([
  ['{"offline": ', /config\.json is not valid JSON/, /mend/],
  ['[]', /config\.json:1: is no JSON object/, /./],
  ['{\n\n  "ofline": true\n}', /config\.json:3: ofline: there is no such setting/, /did you mean "offline"/],
  ['{"zzzzzzzz": 1}', /config\.json:1: zzzzzzzz/, /settings are defaultToolchain, /],
  ['{\n  "offline": "yes"}', /config\.json:2: offline: is "yes"/, /true or false/],
  ['{"defaultToolchain": "latest"}', /config\.json:1: defaultToolchain: is "latest"/, /name of a toolchain/],
])('%s is refused with its line', async (text, message, hint) => {
  await using box = sandbox()
  writeConfig(box, text)
  expect(() => readUserConfig(box.context)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      exitCode: 3,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    }),
  )
})

test('a folder in its place is refused', async () => {
  await using box = sandbox()
  mkdirSync(box.context.layout.config, {recursive: true})
  expect(() => readUserConfig(box.context)).toThrow(expect.objectContaining({code: 'CONFIG_INVALID'}))
})

const mirrors = [
  {'https://a.example': 'https://b.example'},
  {'https://a.example': ['https://b.example', 'http://c.example']},
  {'https://a.example': ['https://b.example', 1]},
  {'https://a.example': {}},
  {'ftp://a.example': 'https://b.example'},
  {'https://': 'https://b.example'},
]

test('the check by hand and the published schema agree', () => {
  const {$schema: _, ...fields} = userConfigSchema.shape
  expect(Object.keys(userConfigFields)).toEqual(Object.keys(fields))
  for (const [key, {accepts}] of Object.entries(userConfigFields)) {
    for (const value of [
      'sass',
      'latest',
      'v8',
      'Sass',
      '',
      'a b',
      true,
      false,
      null,
      1,
      0,
      1e6,
      'required',
      {},
      [],
      {a: 'b'},
      ...mirrors,
    ]) {
      expect([key, value, accepts(value)]).toEqual([
        key,
        value,
        userConfigSchema.safeParse({[key]: value}).success,
      ])
    }
  }
})
