import {execFileSync, spawnSync} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {listShims, rehash} from '../../src/shim/rehash.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {startProgram} from '../support/programs.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {tool} from '../support/tool.ts'

const bring = async ({context}: Sandbox) => rehash(context, await loadDefinitions(context))
const shimsOf = ({context}: Sandbox) => readdirSync(context.layout.shims).sort()

test('there is a shim for each executable of any version, and none that is stale', async () => {
  await using box = sandbox()
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc', 'tsserver']})
  const linked = join(box.root, 'my esbuild')
  writeProgram(join(linked, 'bin', 'esbuild'))
  mkdirSync(box.context.layout.toolchain('esbuild'), {recursive: true})
  symlinkSync(linked, box.context.layout.version('esbuild', 'mine'))
  expect(await bring(box)).toEqual({
    written: ['esbuild', 'tsc', 'tsserver'],
    removed: [],
    kept: [],
    foreign: [],
  })
  expect(shimsOf(box)).toEqual(['esbuild', 'tsc', 'tsserver'])
  const before = readFileSync(join(box.context.layout.shims, 'tsc'))
  expect(await bring(box)).toMatchObject({written: [], removed: [], kept: ['esbuild', 'tsc', 'tsserver']})

  rmSync(box.context.layout.version('esbuild', 'mine'))
  rmSync(join(box.context.layout.bin('typescript', '5.9.3'), 'tsserver'))
  expect(await bring(box)).toEqual({
    written: [],
    removed: ['esbuild', 'tsserver'],
    kept: ['tsc'],
    foreign: [],
  })
  expect(readFileSync(join(box.context.layout.shims, 'tsc'))).toEqual(before)
  expect(listShims(box.context)).toEqual(['tsc'])
})

test('what is no shim of ours is left alone, whatever it is', async () => {
  await using box = sandbox()
  const {shims} = box.context.layout
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc', 'tsserver']})
  mkdirSync(join(shims, 'tsserver'), {recursive: true})
  writeFileSync(join(shims, 'tsc'), '#!/bin/sh\necho mine\n')
  writeFileSync(join(shims, 'notes'), 'mine')
  symlinkSync('/nowhere', join(shims, 'dangling'))
  expect(await bring(box)).toEqual({written: [], removed: [], kept: [], foreign: ['tsc', 'tsserver']})
  expect(shimsOf(box)).toEqual(['dangling', 'notes', 'tsc', 'tsserver'])
  expect(readFileSync(join(shims, 'tsc'), 'utf8')).toContain('mine')
})

test('a shim that was changed or closed is written anew', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '0.28.2')
  await bring(box)
  const shim = join(box.context.layout.shims, 'esbuild')
  chmodSync(shim, 0o644)
  expect(await bring(box)).toMatchObject({written: ['esbuild']})
  writeFileSync(shim, readFileSync(shim, 'utf8').replaceAll('/bin/tool.cjs', '/old/tool.cjs'))
  expect(await bring(box)).toMatchObject({written: ['esbuild']})
  expect(readFileSync(shim, 'utf8')).toContain(`'${packageRoot}/bin/tool.cjs'`)
})

test('odd names of executables make no shim that could go wrong', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '0.28.2', {
    executables: ['esbuild', '-x', 'a b', "it's", '.hidden', 'new\nline'],
  })
  expect(await bring(box)).toMatchObject({written: ['-x', 'a b', 'esbuild', "it's"]})
})

test('an executable of several toolchains is left to tool exec', async () => {
  await using box = sandbox()
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc']})
  putVersion(box, 'esbuild', '0.28.2', {executables: ['esbuild', 'tsc']})
  await bring(box)
  const text = readFileSync(join(box.context.layout.shims, 'tsc'), 'utf8')
  expect(text).not.toContain('__tool_find')
  expect(text).toContain('exec -- "$__tool_name" "$@"')
})

test('ten at once leave what one leaves', async () => {
  await using box = sandbox()
  for (let index = 0; index < 20; index++)
    putVersion(box, 'esbuild', `0.28.${index}`, {executables: [`p${index}`]})
  await bring(box)
  const wanted = shimsOf(box)
  writeFileSync(join(box.context.layout.shims, 'stale'), readFileSync(join(box.context.layout.shims, 'p0')))
  rmSync(join(box.context.layout.shims, 'p1'))
  const options = {cwd: box.project, env: {HOME: box.root}}
  const ran = await Promise.all(Array.from({length: 10}, () => tool(['rehash'], options)))
  for (const one of ran) expect(one).toMatchObject({code: 0, stderr: ''})
  expect(shimsOf(box)).toEqual(wanted)
})

test('a lock whose holder was killed is taken over at once', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '0.28.2')
  const {layout} = box.context
  mkdirSync(layout.locks, {recursive: true})
  await using holder = startProgram('lock-contender.ts', [
    layout.lock('shims'),
    join(box.root, 'log'),
    'hold',
  ])
  await new Promise<void>(resolve => holder.process.stdout?.once('data', () => resolve()))
  expect(existsSync(layout.lock('shims'))).toBe(true)
  const waiting = bring(box)
  holder.process.kill('SIGKILL')
  await holder.ended
  const began = performance.now()
  expect(await waiting).toMatchObject({written: ['esbuild']})
  expect(performance.now() - began).toBeLessThan(1000)
})

test('a folder that can’t be written, and one that is no folder, are said', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '0.28.2')
  writeFileSync(box.context.layout.shims, '')
  await expect(bring(box)).rejects.toMatchObject({code: 'HOME_NOT_A_DIRECTORY', exitCode: 7})

  rmSync(box.context.layout.shims)
  await bring(box)
  rmSync(join(box.context.layout.shims, 'esbuild'))
  chmodSync(box.context.layout.shims, 0o555)
  const ran = spawnSync(process.execPath, [join(packageRoot, 'bin', 'tool.cjs'), 'rehash'], {
    cwd: box.project,
    env: {HOME: box.root},
    encoding: 'utf8',
    ...asNobody(box.root),
  })
  expect(ran).toMatchObject({
    status: 7,
    stderr: expect.stringMatching(/^error PERMISSION_DENIED: .*shims.*\n {2}try: .*\n$/),
  })
})

/** Root is refused nothing, so there somebody else owns the folder and runs the program. */
function asNobody(folder: string): {uid?: number; gid?: number} {
  if (process.getuid?.() !== 0) return {}
  execFileSync('chown', ['-R', '65534:65534', folder])
  return {uid: 65534, gid: 65534}
}

test('a folder in the way of the lock is named', async () => {
  await using box = sandbox()
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc']})
  const lock = box.context.layout.lock('shims')
  mkdirSync(lock, {recursive: true})
  await expect(bring(box)).rejects.toMatchObject({
    code: 'IN_THE_WAY',
    message: expect.stringContaining(`: ${lock} (`),
  })
})
