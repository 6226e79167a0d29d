import {symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {prefix} from '../../src/house/prefix.ts'
import {whence} from '../../src/house/whence.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'

const ask = async (box: Sandbox, version?: string, context = box.context) =>
  prefix(context, await loadDefinitions(context), 'esbuild', version)

test('the prefix of the pinned version, or of one that is named as people name versions', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '1.2.0', 'my build']) putVersion(box, 'esbuild', version)
  const directory = (version: string) => box.context.layout.version('esbuild', version)
  box.write('.toolversion', 'esbuild 1.0.0\n')
  expect(await ask(box)).toBe(directory('1.0.0'))
  expect(await ask(box, '1.2.0')).toBe(directory('1.2.0'))
  expect(await ask(box, 'v1.2.0')).toBe(directory('1.2.0'))
  expect(await ask(box, '^1')).toBe(directory('1.2.0'))
  expect(await ask(box, 'my build')).toBe(directory('my build'))
  await expect(ask(box, '3.0.0')).rejects.toMatchObject({
    code: 'VERSION_NOT_INSTALLED',
    exitCode: 7,
    message: 'esbuild 3.0.0 is not installed (set by the command line)',
  })
})

test('of the system it is what is above the bin on PATH, the shims aside', async () => {
  await using box = sandbox()
  const context = (bin: string) => box.at({env: {PATH: `${box.context.layout.shims}:${join(box.root, bin)}`}})
  writeProgram(join(box.context.layout.shims, 'esbuild'))
  writeProgram(join(box.root, 'usr', 'bin', 'esbuild'))
  writeProgram(join(box.root, 'opt', 'esbuild'))
  expect(await ask(box, 'system', context('usr/bin'))).toBe(join(box.root, 'usr'))
  expect(await ask(box, undefined, context('usr/bin'))).toBe(join(box.root, 'usr'))
  expect(await ask(box, 'system', context('opt'))).toBe(join(box.root, 'opt'))
  await expect(ask(box, 'system', context('none'))).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
    exitCode: 127,
    message: 'the system has no esbuild: none of esbuild is on PATH (set by the command line)',
  })
})

test('a package that the project has installed for itself is its own prefix', async () => {
  await using box = sandbox()
  const definitions = await loadDefinitions(box.context)
  box.write('.toolversion', 'typescript 5.9.3\n')
  box.write(
    'node_modules/typescript/package.json',
    '{"name": "typescript", "version": "5.9.3", "bin": {"tsc": "./bin/tsc"}}',
  )
  writeProgram(join(box.project, 'node_modules', 'typescript', 'bin', 'tsc'))
  expect(prefix(box.context, definitions, 'typescript')).toBe(join(box.project, 'node_modules', 'typescript'))
})

test('a folder that is pinned is its own prefix', async () => {
  await using box = sandbox()
  writeProgram(join(box.root, 'mine', 'bin', 'esbuild'))
  const context = box.at({env: {TOOL_ESBUILD_VERSION: `path:${join(box.root, 'mine')}`}})
  expect(await ask(box, undefined, context)).toBe(join(box.root, 'mine'))
})

test('whence names every version that has a command', async () => {
  await using box = sandbox()
  const {context} = box
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc', 'tsserver']})
  putVersion(box, 'typescript', '7.0.0', {executables: ['tsc']})
  putVersion(box, 'esbuild', '0.28.2', {executables: ['esbuild', 'tsc', 'two words', '-x']})
  symlinkSync('loop', join(context.layout.bin('esbuild', '0.28.2'), 'loop'))
  const definitions = await loadDefinitions(context)
  const names = (command: string, toolchain?: string) =>
    whence(context, definitions, command, toolchain).map(one => `${one.toolchain}@${one.version}`)
  expect(names('tsc')).toEqual(['esbuild@0.28.2', 'typescript@5.9.3', 'typescript@7.0.0'])
  expect(names('tsc', 'typescript')).toEqual(['typescript@5.9.3', 'typescript@7.0.0'])
  expect(names('tsserver')).toEqual(['typescript@5.9.3'])
  expect(names('two words')).toEqual(['esbuild@0.28.2'])
  expect(names('-x')).toEqual(['esbuild@0.28.2'])
  for (const none of ['loop', '../bin/tsc', '', 'nothing'])
    expect(() => names(none)).toThrow(expect.objectContaining({code: 'COMMAND_NOT_FOUND', exitCode: 127}))
  expect(() => names('node')).toThrow(
    expect.objectContaining({hint: 'node has it: tool install node@latest'}),
  )
})
