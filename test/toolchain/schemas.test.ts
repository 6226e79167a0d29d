import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {Ajv} from 'ajv'
import {expect, test} from 'vitest'
import {schemaFiles} from '../../scripts/schemas.ts'
import {packageRoot} from '../support/sandbox.ts'

const read = (...path: string[]) => readFileSync(join(packageRoot, ...path), 'utf8')

test.each(Object.entries(schemaFiles()))('the published %s is current', (name, text) => {
  // If not: node scripts/schemas.ts
  expect(read('schemas', name)).toBe(text)
})

function validator(name: string) {
  const ajv = new Ajv({strict: true, formats: {uri: text => URL.canParse(text)}})
  return ajv.compile(JSON.parse(read('schemas', name)))
}

test.each(readdirSync(join(packageRoot, 'toolchains')))(
  'the built-in %s is right by the published schema',
  file => {
    const validate = validator('toolchain.schema.json')
    validate(JSON.parse(read('toolchains', file)))
    expect(validate.errors).toBeNull()
  },
)

test('the schema of definitions refuses what is wrong', () => {
  const validate = validator('toolchain.schema.json')
  const esbuild = JSON.parse(read('toolchains', 'esbuild.json'))
  expect(validate({...esbuild, name: 'Esbuild'})).toBe(false)
  expect(validate({...esbuild, sources: []})).toBe(false)
  expect(validate({...esbuild, sources: [{kind: 'ftp', url: 'x'}]})).toBe(false)
  expect(validate({...esbuild, more: 1})).toBe(false)
  expect(validate({...esbuild, build: {driver: 'stream', command: []}})).toBe(false)
})

test('the schema of tool.json knows the example of the design, and refuses what is wrong', () => {
  const validate = validator('tool.schema.json')
  expect(validate({build: {esbuild: {args: ['src/main.ts', '--bundle', '--outdir=dist']}}})).toBe(true)
  expect(
    validate({serve: {esbuild: {port: 0, host: '::1', readyTimeout: 1.5}}, defaultToolchain: 'sass'}),
  ).toBe(true)
  expect(validate({build: {esbuild: {args: 'x'}}})).toBe(false)
  expect(validate({serve: {esbuild: {port: -1}}})).toBe(false)
  expect(validate({serve: {Esbuild: {}}})).toBe(false)
})
