import {chmodSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {currentPins, findPin} from '../../src/pin/find.ts'
import {enginesHint} from '../../src/pin/package-json.ts'
import {findProject, projectPins} from '../../src/pin/project.ts'
import type {Pin} from '../../src/pin/types.ts'
import {builtin} from '../support/definitions.ts'
import {sandbox} from '../support/sandbox.ts'

const shown = ({toolchain, specs, origin}: Pin) => {
  const place = origin.kind === 'file' ? `${origin.path.split('/').at(-1)}:${origin.line}` : origin.kind
  return `${toolchain} ${specs.map(({text}) => text).join(' ')} (${place})`
}

test('asdf’s file is read by its own rules, after ours', async () => {
  await using box = sandbox()
  box.write(
    '.tool-versions',
    '# all\nruby 3.4.1\nnodejs 22.1.0 20.5.1 # lts\ntypescript latest:5\nesbuild system\nnode 18\n',
  )
  expect(currentPins(box.context, builtin).map(shown)).toEqual([
    'node 22.1.0 20.5.1 (.tool-versions:3)',
    'typescript 5 (.tool-versions:4)',
    'esbuild system (.tool-versions:5)',
  ])
  box.write('.tool-versions', 'typescript prefix:5.8\n')
  expect(shown(findPin(box.context, builtin, 'typescript'))).toBe('typescript 5.8 (.tool-versions:1)')
  box.write('.toolversion', 'typescript 5.9.3\n')
  expect(shown(findPin(box.context, builtin, 'typescript'))).toBe('typescript 5.9.3 (.toolversion:1)')
  expect(findProject(box.context, builtin)).toEqual({root: box.project})
})

test.each([
  ['ref:v1.2.3', 'PIN_SPEC_INVALID'],
  ['sub-1:latest', 'PIN_SPEC_INVALID'],
  ['path:~/mine', 'PIN_SPEC_INVALID'],
  ['5.9 ref:v1.2.3', 'PIN_SPEC_INVALID'],
  ['../x', 'PIN_VERSION_UNSAFE'],
  ['', 'PIN_WITHOUT_VERSION'],
])('a version %j in asdf’s file is told with its line', async (version, code) => {
  await using box = sandbox()
  box.write('.tool-versions', `ruby ref:x\ntypescript ${version}\n`)
  expect(() => findPin(box.context, builtin, 'typescript')).toThrow(
    expect.objectContaining({code, exitCode: 3, message: expect.stringContaining('.tool-versions:2')}),
  )
})

test.each([
  ['22', '22'],
  ['v22.1.0\n', 'v22.1.0'],
  ['# ours\r\n\r\n  lts/* # newest\r\n', 'lts/*'],
  ['lts/iron', 'lts/iron'],
  ['node', 'latest'],
  ['stable', 'latest'],
  ['system', 'system'],
  ['\uFEFF20.5.1', '20.5.1'],
])('.nvmrc %j means %s', async (text, spec) => {
  await using box = sandbox()
  box.write('.nvmrc', text)
  const pin = findPin(box.context, builtin, 'node')
  expect(pin.specs.map(one => one.text)).toEqual([spec])
  expect(pin.origin).toMatchObject({kind: 'file', path: join(box.project, '.nvmrc')})
})

test('io.js in .nvmrc is refused in words', async () => {
  await using box = sandbox()
  box.write('.nvmrc', 'iojs-v3.3.1\n')
  expect(() => findPin(box.context, builtin, 'node')).toThrow(
    expect.objectContaining({code: 'PIN_SPEC_INVALID', message: expect.stringContaining('io.js')}),
  )
})

test('a toolchain’s own files count in their order, for it alone', async () => {
  await using box = sandbox()
  box.write('.nvmrc', '22\n')
  box.write('.node-version', '20\n')
  box.write('package.json', '{\n  "devEngines": {"runtime": {"name": "node", "version": "^18"}}\n}')
  expect(shown(findPin(box.context, builtin, 'node'))).toBe('node 22 (.nvmrc:1)')
  box.write('.nvmrc', '')
  expect(shown(findPin(box.context, builtin, 'node'))).toBe('node 20 (.node-version:1)')
  box.write('.node-version', '# none\n')
  expect(shown(findPin(box.context, builtin, 'node'))).toBe('node ^18 (package.json:2)')
  expect(findPin(box.context, builtin, 'typescript').origin).toEqual({kind: 'default'})
  expect(projectPins(box.context, builtin, {root: box.project}).map(shown)).toEqual([
    'node ^18 (package.json:2)',
  ])
})

test.each([
  ['[{"name": "deno"}, {"name": "node", "version": ">=20"}]', '>=20'],
  ['{"name": "node"}', '*'],
])('devEngines.runtime %s', async (runtime, spec) => {
  await using box = sandbox()
  box.write('package.json', `{"devEngines": {"runtime": ${runtime}}}`)
  expect(findPin(box.context, builtin, 'node').specs).toMatchObject([{text: spec}])
})

test.each([
  '{"name": "x", "engines": {"node": ">=20"}}',
  '{"devEngines": 5}',
  '{"devEngines": [',
  '[]',
  'null',
  '',
])('a package.json %s pins nothing, and makes no project', async text => {
  await using box = sandbox()
  box.write('package.json', text)
  expect(findPin(box.context, builtin, 'node').origin).toEqual({kind: 'default'})
  expect(findProject(box.context, builtin)).toBeUndefined()
})

test('engines are a hint', () => {
  expect(enginesHint('{"engines": {"node": ">=20"}}', 'node')).toBe('>=20')
  expect(enginesHint('{"engines": []}', 'node')).toBeUndefined()
})

test('a bad file of another tool is one clear error where its toolchain is asked for, and none elsewhere', async () => {
  await using box = sandbox()
  box.write('.nvmrc', 'what is this\n')
  expect(() => findPin(box.context, builtin, 'node')).toThrow(
    expect.objectContaining({code: 'PIN_SPEC_INVALID', message: expect.stringContaining('.nvmrc:1')}),
  )
  expect(findPin(box.context, builtin, 'typescript').origin).toEqual({kind: 'default'})
  mkdirSync(join(box.project, '.node-version'))
  box.write('.nvmrc', '')
  expect(() => findPin(box.context, builtin, 'node')).toThrow(
    expect.objectContaining({code: 'PIN_FILE_NOT_A_FILE', hint: 'rename it'}),
  )
  box.write('.tool-versions', '\0\0')
  expect(() => findPin(box.context, builtin, 'typescript')).toThrow(
    expect.objectContaining({code: 'PIN_FILE_BINARY'}),
  )
})

test('an alias in a pin file is the toolchain that it means', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'nodejs 22\nts 5.9\n')
  expect(currentPins(box.context, builtin).map(shown)).toEqual([
    'node 22 (.toolversion:1)',
    'typescript 5.9 (.toolversion:2)',
  ])
})

test('a package.json is read only for a toolchain that it may name', async () => {
  await using box = sandbox()
  const path = box.write('package.json', '\0')
  expect(findPin(box.context, builtin, 'typescript').origin).toEqual({kind: 'default'})
  expect(() => findPin(box.context, builtin, 'node')).toThrow(
    expect.objectContaining({code: 'PIN_FILE_BINARY'}),
  )
  chmodSync(path, 0o644)
})
