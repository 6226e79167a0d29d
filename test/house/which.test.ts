import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {which} from '../../src/house/which.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {tool} from '../support/tool.ts'

const find = async (context: Parameters<typeof which>[0], command: string) =>
  which(context, await loadDefinitions(context), command)

test('the program of the pinned version, and why', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'typescript ^5.9\n')
  const directory = putVersion(box, 'typescript', '5.9.3', {executables: ['tsc']})
  expect(await find(box.context, 'tsc')).toEqual({
    path: join(directory, 'bin/tsc'),
    toolchain: 'typescript',
    version: '5.9.3',
    reason: 'from the store, since 5.9.3 satisfies ^5.9 set by .toolversion:1',
  })
})

test('a script, not the node that runs it', async () => {
  await using box = sandbox({TOOL_VERSION: '5.9.3'})
  const directory = putVersion(box, 'typescript', '5.9.3', {executables: ['tsc'], runtime: 'node'})
  expect(await find(box.context, 'tsc')).toMatchObject({
    path: join(directory, 'bin/tsc'),
    reason: 'from the store, set by TOOL_VERSION',
  })
})

test('a command that the pinned version lacks, with the versions that have it', async () => {
  await using box = sandbox({TOOL_VERSION: '7.0.2'})
  putVersion(box, 'typescript', '7.0.2', {executables: ['tsc']})
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc', 'tsserver']})
  putVersion(box, 'typescript', '6.0.3', {executables: ['tsserver']})
  await expect(find(box.context, 'tsserver')).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
    exitCode: 127,
    hint: 'it is in typescript 5.9.3, 6.0.3',
  })
})

test.each(['foo', 'my prog', '-foo'])('%j, which no definition names, of a pinned version', async command => {
  await using box = sandbox()
  box.write('.toolversion', 'esbuild 0.28.2\ntypescript 1.0.0-mine\n')
  putVersion(box, 'esbuild', '0.28.2')
  const directory = putVersion(box, 'typescript', '1.0.0-mine', {executables: ['tsc', command]})
  expect(await find(box.context, command)).toEqual({
    path: join(directory, 'bin', command),
    toolchain: 'typescript',
    version: '1.0.0-mine',
    reason: 'from the store, set by .toolversion:2',
  })
  const env = {HOME: box.root}
  expect(await tool(['which', '--', command], {cwd: box.project, env})).toMatchObject({
    code: 0,
    stdout: `${join(directory, 'bin', command)}\n`,
  })
  const ran = await tool(['exec', '--', command, 'x'], {cwd: box.project, env})
  expect(ran).toMatchObject({code: 0, stdout: `${join(directory, 'bin', command)} x\n`})
  box.write('.toolversion', 'esbuild 0.28.2\n')
  await expect(find(box.context, command)).rejects.toMatchObject({code: 'COMMAND_NOT_FOUND'})
})

describe('of the system', () => {
  test.each(['typescript system', ''])(
    'with %j, past every spelling of the shims and of the working directory',
    async pins => {
      await using box = sandbox()
      box.write('.toolversion', `${pins}\n`)
      const {shims} = box.context.layout
      writeProgram(join(shims, 'tsc'))
      writeProgram(join(box.project, 'tsc'))
      writeProgram(join(box.project, 'bin/tsc'))
      symlinkSync(shims, join(box.root, 'alias'))
      mkdirSync(join(box.root, 'deep'))
      symlinkSync('../alias', join(box.root, 'deep/alias'))
      const right = writeProgram(join(box.root, 'usr/bin/tsc'))
      const hidden = [
        shims,
        `${shims}/`,
        `${shims}//`,
        `${shims}/../shims`,
        `${shims}/.`,
        join(box.root, 'alias'),
        `${box.root}/deep/alias/`,
        '',
        '.',
        './',
        'bin',
        './bin',
        '../app',
      ]
      const at = (...folders: string[]) => box.at({env: {PATH: folders.join(':')}})
      const context = at(...hidden, join(box.root, 'usr/bin'), ...hidden)
      expect(await find(context, 'tsc')).toMatchObject({
        path: right,
        reason:
          pins === ''
            ? 'from PATH, since no toolchain that is pinned here has it'
            : 'from PATH, as system is set by .toolversion:1',
      })
      await expect(find(at(...hidden), 'tsc')).rejects.toMatchObject({
        code: 'COMMAND_NOT_FOUND',
        exitCode: 127,
      })
    },
  )

  test('an empty PATH, and none, have nothing', async () => {
    await using box = sandbox()
    writeProgram(join(box.project, 'tsc'))
    for (const PATH of ['', ':', '::.:'])
      await expect(find(box.at({env: {PATH}}), 'tsc')).rejects.toMatchObject({code: 'COMMAND_NOT_FOUND'})
  })
})

test('nothing is started: what was never asked is named', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'typescript ^5.9\n')
  const file = writeProgram(
    join(box.root, 'usr/bin/tsc'),
    `#!/bin/sh\n: >${box.root}/started\necho "Version 5.9.3"\n`,
  )
  const context = box.at({env: {PATH: join(box.root, 'usr/bin')}})
  await expect(find(context, 'tsc')).rejects.toMatchObject({
    code: 'VERSION_NOT_INSTALLED',
    exitCode: 7,
    hint: `tool install 'typescript@^5.9' (or tool exec, which asks ${file} for its version, and takes it if that fits)`,
  })
  await expect(find(box.context, `${box.root}/started`)).rejects.toMatchObject({code: 'COMMAND_NOT_FOUND'})
})
