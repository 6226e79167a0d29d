import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {readProjectConfig} from '../../src/toolchain/project-config.ts'
import {sandbox} from '../support/sandbox.ts'

test('a project without tool.json has no settings', async () => {
  await using box = sandbox()
  expect(await readProjectConfig(box.project)).toEqual({})
})

test('the example of the design', async () => {
  await using box = sandbox()
  const config = {build: {esbuild: {args: ['src/main.ts', '--bundle', '--outdir=dist']}}}
  box.write('tool.json', `\uFEFF${JSON.stringify(config)}`)
  expect(await readProjectConfig(box.project)).toEqual(config)
})

test.each([
  ['{"build": ', /not valid JSON/, /mend/],
  ['[]', /tool\.json: is a list, where a table of fields is wanted/, /./],
  ['{"biuld": {}}', /biuld/, /did you mean "build"\?/],
  ['{"build": {"esbuild": {"arg": []}}}', /: build\.esbuild: .*"arg"/, /did you mean "args"\?/],
  ['{"build": {"esbuild": {"args": "x"}}}', /: build\.esbuild\.args: /, /./],
  ['{"serve": {"esbuild": {"port": 70000}}}', /: serve\.esbuild\.port: /, /./],
  ['{"serve": {"esbuild": {"zzzzzzzz": 1}}}', /zzzzzzzz/, /fields here are .*port/],
  ['{"build": {"Esbuild": {}}}', /: build\.Esbuild: /, /./],
  ['{"defaultToolchain": "latest"}', /: defaultToolchain: .*reserved/, /./],
  ['{"build": 1, "serve": 2}', /: build: .*, and 1 more$/, /./],
])('%s is refused with the path of the field', async (text, message, hint) => {
  await using box = sandbox()
  const path = box.write('tool.json', text)
  await expect(readProjectConfig(box.project)).rejects.toMatchObject({
    code: 'PROJECT_CONFIG_INVALID',
    exitCode: 3,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  })
  await expect(readProjectConfig(box.project)).rejects.toThrow(path)
})

test('a folder called tool.json is refused', async () => {
  await using box = sandbox()
  mkdirSync(join(box.project, 'tool.json'))
  await expect(readProjectConfig(box.project)).rejects.toMatchObject({code: 'PROJECT_CONFIG_INVALID'})
})
