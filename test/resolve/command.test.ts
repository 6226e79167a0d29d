import {execFileSync} from 'node:child_process'
import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {findPin} from '../../src/pin/find.ts'
import {commandOf} from '../../src/resolve/command.ts'
import {resolveExecutable} from '../../src/resolve/executable.ts'
import {resolveLocal} from '../../src/resolve/local.ts'
import type {CommandLine} from '../../src/resolve/types.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {builtin} from '../support/definitions.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'

async function command(context: Context, executable: string, toolchain = 'typescript'): Promise<CommandLine> {
  const definitions = await loadDefinitions(context)
  const pin = findPin(context, builtin, toolchain)
  return commandOf(
    context,
    definitions,
    resolveLocal(context, definitions.get(toolchain, pin.origin), pin),
    executable,
  )
}

test('a program of the platform is run as it is, with its bin first', async () => {
  await using box = sandbox({TOOL_VERSION: '7.0.2'})
  const bin = join(putVersion(box, 'typescript', '7.0.2', {executables: ['tsc'], runtime: 'none'}), 'bin')
  const line = await command(box.context, 'tsc')
  expect(line).toEqual({file: join(bin, 'tsc'), args: [], binDirectories: [bin]})
  expect(execFileSync(line.file, ['--version'], {encoding: 'utf8'})).toBe(`${line.file} --version\n`)
})

test('runtime node is the pinned node, else the machine’s, else our own', async () => {
  await using box = sandbox({TOOL_VERSION: '5.9.3', PATH: ''})
  const bin = join(putVersion(box, 'typescript', '5.9.3', {executables: ['tsc'], runtime: 'node'}), 'bin')
  const node = async (env: Record<string, string>) => {
    const {file, args, binDirectories} = await command(box.at({env}), 'tsc')
    expect({args, binDirectories}).toEqual({args: [join(bin, 'tsc')], binDirectories: [bin]})
    return file
  }
  expect(await node({})).toBe(process.execPath)
  const {shims} = box.context.layout
  writeProgram(join(shims, 'node'))
  expect(await node({PATH: shims})).toBe(process.execPath)
  const system = writeProgram(join(box.root, 'usr/bin/node'))
  const PATH = `${shims}/:${join(box.root, 'usr/bin')}`
  expect(await node({PATH})).toBe(system)
  expect(await node({PATH, TOOL_NODE_VERSION: '26'})).toBe(system)
  const pinned = putVersion(box, 'node', '26.10.0')
  expect(await node({PATH, TOOL_NODE_VERSION: '26'})).toBe(join(pinned, 'bin/node'))
  expect(await node({PATH})).toBe(system)
})

test.each([
  ['#!/usr/bin/env node\n', true],
  ['#!/usr/bin/env -S node\n', true],
  ['#! /usr/local/bin/node\r\n', true],
  ['#!/bin/sh\n# node\n', false],
  ['#!/usr/bin/env nodejs-wrapper\n', false],
  ['\u007fELF', false],
])('without a receipt, a program that begins %j is asked itself', async (text, isForNode) => {
  await using box = sandbox({TOOL_VERSION: 'mine', TOOL_TYPESCRIPT_VERSION: 'mine'})
  const directory = putVersion(box, 'typescript', 'mine')
  const file = writeProgram(join(directory, 'bin/tsc'), text)
  const line = await command(box.context, 'tsc')
  expect(isForNode ? line.args : [line.file]).toEqual([file])
})

test('a path pin runs what is in its bin', async () => {
  await using box = sandbox({TOOL_VERSION: 'path:dist'})
  const file = writeProgram(join(box.project, 'dist/bin/tsc'))
  expect(await command(box.context, 'tsc')).toEqual({
    file,
    args: [],
    binDirectories: [join(box.project, 'dist/bin')],
  })
})

test('the system’s program is found on PATH, past every spelling of the shims', async () => {
  await using box = sandbox()
  const {shims} = box.context.layout
  writeProgram(join(shims, 'tsc'))
  writeProgram(join(box.project, 'tsc'))
  symlinkSync(shims, join(box.root, 'alias'))
  const right = writeProgram(join(box.root, 'usr/bin/tsc'))
  mkdirSync(join(box.root, 'folders/tsc'), {recursive: true})
  mkdirSync(join(box.root, 'data'))
  writeFileSync(join(box.root, 'data/tsc'), 'may not be run')
  const before = [shims, `${shims}/`, join(box.root, 'alias'), '', '.', 'relative', '/nowhere']
  const PATH = [...before, join(box.root, 'folders'), join(box.root, 'data'), join(box.root, 'usr/bin')].join(
    ':',
  )
  expect(await command(box.at({env: {PATH}}), 'tsc')).toEqual({file: right, args: [], binDirectories: []})
  await expect(command(box.at({env: {PATH: before.join(':')}}), 'tsc')).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
    exitCode: 127,
  })
})

test('what is not installed, as the design shows it', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'typescript 5.9.3\nesbuild ">=0.27 <0.29"')
  await expect(command(box.context, 'tsc')).rejects.toMatchObject({
    code: 'VERSION_NOT_INSTALLED',
    exitCode: 7,
    message: 'typescript 5.9.3 is not installed (set by .toolversion:1)',
    hint: 'tool install typescript@5.9.3',
  })
  await expect(command(box.context, 'esbuild', 'esbuild')).rejects.toMatchObject({
    hint: "tool install 'esbuild@>=0.27 <0.29'",
  })
})

test('a command that this version lacks, with the versions that have it', async () => {
  await using box = sandbox({TOOL_VERSION: '7.0.2'})
  putVersion(box, 'typescript', '7.0.2', {executables: ['tsc']})
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc', 'tsserver']})
  await expect(command(box.context, 'tsserver')).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
    exitCode: 127,
    message: 'typescript 7.0.2 has no command "tsserver" (set by TOOL_VERSION)',
    hint: 'it is in typescript 5.9.3',
  })
})

test.each(['', '../../5.9.3/bin/tsc', '/bin/sh', 'a\0b'])('%j is no name of a command', async name => {
  await using box = sandbox({TOOL_VERSION: '7.0.2'})
  putVersion(box, 'typescript', '7.0.2', {executables: ['tsc']})
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc']})
  await expect(command(box.context, name)).rejects.toMatchObject({code: 'COMMAND_NOT_FOUND'})
})

test('an executable leads to the pinned toolchain that has it', async () => {
  await using box = sandbox()
  const definitions = await loadDefinitions(box.context)
  expect(resolveExecutable(box.context, definitions, 'tsc')).toBeUndefined()
  expect(resolveExecutable(box.context, definitions, 'unheard-of')).toBeUndefined()
  box.write('.toolversion', 'typescript 5.9.3')
  expect(resolveExecutable(box.context, definitions, 'tsc')).toMatchObject({
    toolchain: 'typescript',
    via: 'missing',
  })
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc']})
  expect(resolveExecutable(box.context, definitions, 'tsc')).toMatchObject({
    toolchain: 'typescript',
    via: 'store',
  })
})

test('where the pin is the system’s, what lacks the command is the system, and the pin says so', async () => {
  await using box = sandbox({PATH: '/nowhere'})
  box.write('.toolversion', 'typescript system')
  const definitions = await loadDefinitions(box.context)
  const resolved = resolveExecutable(box.context, definitions, 'tsc')
  expect(resolved).toMatchObject({toolchain: 'typescript', via: 'system'})
  await expect(command(box.context, 'tsc')).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
    message: 'typescript is the system’s, whose PATH has no command "tsc" (set by .toolversion:1)',
    hint: 'install it on this machine, or pin a version instead, such as: typescript latest',
  })
})

test('a program that was removed from the store is put back by installing again', async () => {
  await using box = sandbox({TOOL_VERSION: '5.9.3'})
  const directory = putVersion(box, 'typescript', '5.9.3', {
    executables: ['tsc', 'tsserver'],
    runtime: 'none',
  })
  rmSync(join(directory, 'bin/tsc'))
  await expect(command(box.context, 'tsc')).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
    hint: expect.stringContaining('tool install --force typescript@5.9.3'),
  })
})

test('of two toolchains that have an executable, the one whose version here has it', async () => {
  await using box = sandbox({TOOL_A_VERSION: '1', TOOL_B_VERSION: '1'})
  mkdirSync(box.context.layout.definitions, {recursive: true})
  for (const name of ['a', 'b']) {
    const definition = {
      name,
      title: name,
      homepage: 'https://cc.example/',
      sources: [{kind: 'npm', package: name}],
      executables: {cc: {path: 'cc'}},
    }
    writeFileSync(join(box.context.layout.definitions, `${name}.json`), JSON.stringify(definition))
  }
  const definitions = await loadDefinitions(box.context)
  expect(resolveExecutable(box.context, definitions, 'cc')).toMatchObject({toolchain: 'a'})
  putVersion(box, 'a', '1.0.0', {executables: ['other']})
  putVersion(box, 'b', '1.0.0', {executables: ['cc']})
  expect(resolveExecutable(box.context, definitions, 'cc')).toMatchObject({toolchain: 'b'})
})
