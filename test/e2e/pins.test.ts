import {execFileSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {tool} from '../support/tool.ts'
import {npmToolchain} from '../support/toolchain.ts'

const tsc = {'bin/tsc': '#!/usr/bin/env node\nconsole.log("tsc")\n', 'bin/tsserver': ''}

/** A machine with a registry that has three versions of TypeScript; 5.8.2 and an esbuild are installed. */
async function machine() {
  const box = sandbox()
  const registry = await startRegistry()
  for (const version of ['5.8.2', '5.9.2', '5.9.3']) registry.publish('typescript', version, tsc)
  putVersion(box, 'typescript', '5.8.2', {executables: ['tsc']})
  putVersion(box, 'esbuild', '0.28.2')
  const env = {HOME: box.root, ...registry.env}
  return {
    box,
    run: (...args: string[]) => tool(args, {cwd: box.project, env}),
    runWith: (more: Record<string, string>, ...args: string[]) =>
      tool(args, {cwd: box.project, env: {...env, ...more}}),
    pins: () => readFileSync(join(box.project, '.toolversion'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

test('local pins, shows and unsets, keeping what else the file says', async () => {
  await using m = await machine()
  expect(await m.run('local')).toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(
      /^error NOT_PINNED: .*typescript\n {2}try: tool local typescript@latest\n$/,
    ),
  })
  expect(await m.run('local', '5.8.2')).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect(m.pins()).toBe('typescript 5.8.2\n')
  expect(await m.run('local')).toMatchObject({code: 0, stdout: '5.8.2\n'})
  m.box.write('.toolversion', '# ours\r\n5.9.3 # the old one\r\nsass 1.0\r\n')
  await m.run('local', 'typescript@5.8.2', 'esbuild@0.28.2')
  expect(m.pins()).toBe('# ours\r\ntypescript 5.8.2 # the old one\r\nsass 1.0\r\nesbuild 0.28.2\r\n')
  expect((await m.run('local', '-t', 'esbuild')).stdout).toBe('0.28.2\n')
  expect(JSON.parse((await m.run('local', '--json')).stdout)).toMatchObject({
    toolchain: 'typescript',
    specs: ['5.8.2'],
    origin: {line: 2},
  })
  expect(await m.run('local', '--unset')).toMatchObject({code: 0, stdout: ''})
  expect(await m.run('local', '--unset', 'esbuild')).toMatchObject({code: 0})
  expect(m.pins()).toBe('# ours\r\nsass 1.0\r\n')
})

test('several that write one file at once lose nothing, whether they add, take out or migrate', async () => {
  await using m = await machine()
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  m.box.write('.toolversion', '# ours\ntypescript 5.8.2\n')
  m.box.write('.nvmrc', '22.1.0\n')
  const definitions = m.box.context.layout.definitions
  mkdirSync(definitions, {recursive: true})
  for (const name of names) {
    const definition = npmToolchain(`ore-${name}`)
    writeFileSync(join(definitions, `ore-${name}.json`), JSON.stringify(definition))
    putVersion(m.box, `ore-${name}`, '1.0.0')
  }
  const ended = await Promise.all([
    ...names.map(name => m.run('local', '--no-install', `ore-${name}@1.0.0`)),
    m.run('local', '--unset', 'typescript'),
    m.run('migrate'),
  ])
  expect(ended.map(({code, stderr}) => ({code, stderr}))).toEqual(ended.map(() => ({code: 0, stderr: ''})))
  // Lines are aligned with those that are there already, which depends on who comes first.
  const lines = m.pins().replaceAll(/ +/g, ' ').split('\n')
  expect(lines.sort()).toEqual(
    ['', '# ours', 'node 22.1.0', ...names.map(name => `ore-${name} 1.0.0`)].sort(),
  )
})

test('local shows the nearest file’s pin, whatever variables say', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript 5.8.2\n')
  m.box.write('a/b/x', '')
  const env = {TOOL_TYPESCRIPT_VERSION: '5.9.3', TOOL_DIR: m.box.root}
  expect((await m.runWith(env, 'local', '-C', 'a/b')).stdout).toBe('5.8.2\n')
})

test('a missing version is installed first, or else nothing is written', async () => {
  await using m = await machine()
  expect(await m.run('local', '--no-install', '5.9.3')).toMatchObject({
    code: 7,
    stderr: expect.stringMatching(
      /^error VERSION_NOT_INSTALLED: typescript 5.9.3 .*\n {2}try: tool install /,
    ),
  })
  expect(existsSync(join(m.box.project, '.toolversion'))).toBe(false)
  expect(await m.run('local', '^5.9', '5.8.2')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('installing typescript 5.9.3'),
  })
  expect(m.pins()).toBe('typescript ^5.9 5.8.2\n')
  expect(await m.run('local', '5.99')).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('NO_SUCH_VERSION'),
  })
  expect(await m.run('local', '>=5.8 <5.9')).toMatchObject({code: 0})
  expect(m.pins()).toBe('typescript ">=5.8 <5.9"\n')
  expect(await m.run('local', 'typscript@5')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('did you mean typescript'),
  })
  expect(await m.run('local', '../x')).toMatchObject({code: 2})
})

test('a linked pin file stays a link, and modes stay', async () => {
  await using m = await machine()
  m.box.write('shared/pins', 'typescript 5.9.3\n')
  symlinkSync('shared/pins', join(m.box.project, '.toolversion'))
  chmodSync(join(m.box.project, 'shared/pins'), 0o640)
  await m.run('local', '5.8.2')
  expect(readFileSync(join(m.box.project, 'shared/pins'), 'utf8')).toBe('typescript 5.8.2\n')
  expect(statSync(join(m.box.project, 'shared/pins')).mode & 0o777).toBe(0o640)
})

test('global is the system’s until it is set', async () => {
  await using m = await machine()
  expect(await m.run('global')).toMatchObject({code: 0, stdout: 'system\n'})
  expect(await m.run('global', '5.8.2', 'esbuild@0.28.2')).toMatchObject({code: 0, stdout: ''})
  expect(readFileSync(m.box.context.layout.globalPins, 'utf8')).toBe('typescript 5.8.2\nesbuild 0.28.2\n')
  expect((await m.run('global')).stdout).toBe('5.8.2\n')
  expect((await m.run('version')).stdout).toMatch(/^5\.8\.2 \(set by .*version:1\)\n$/)
  await m.run('global', '--unset')
  expect((await m.run('global')).stdout).toBe('system\n')
})

test('pin writes the exact versions that ranges mean', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript ^5.9 # ours\nesbuild    0.28\n')
  expect(await m.run('pin')).toMatchObject({
    code: 0,
    stdout: 'typescript 5.9.3  in .toolversion\nesbuild 0.28.2    in .toolversion\n',
  })
  expect(m.pins()).toBe('typescript 5.9.3 # ours\nesbuild    0.28.2\n')
  expect(await m.run('pin', '5.8')).toMatchObject({code: 0})
  expect(m.pins()).toBe('typescript 5.8.2 # ours\nesbuild    0.28.2\n')
  mkdirSync(join(m.box.project, 'deep'))
  expect(await m.run('pin', '-C', 'deep', 'typescript@latest')).toMatchObject({code: 0})
  expect(m.pins()).toBe('typescript 5.9.3 # ours\nesbuild    0.28.2\n')
  expect(existsSync(join(m.box.project, 'deep', '.toolversion'))).toBe(false)
})

test('version, version-name, version-file and version-origin are rbenv’s', async () => {
  await using m = await machine()
  const {globalPins} = m.box.context.layout
  expect((await m.run('version-file')).stdout).toBe(`${globalPins}\n`)
  expect(await m.run('version-file', '.')).toMatchObject({code: 1, stdout: '', stderr: ''})
  expect((await m.run('version-name')).stdout).toBe('system\n')
  expect((await m.run('version-origin')).stdout).toBe(`${globalPins}\n`)
  const file = m.box.write('.toolversion', 'esbuild 0.28.2\ntypescript 5.8\n')
  m.box.write('a/.toolversion', '# nothing\n')
  const inA = (...args: string[]) => m.run('-C', 'a', ...args)
  expect((await inA('version-file')).stdout).toBe(`${file}\n`)
  expect((await m.run('version-file', 'a')).stdout).toBe(`${file}\n`)
  expect((await inA('version-name')).stdout).toBe('5.8.2\n')
  expect((await inA('version')).stdout).toBe('5.8.2 (set by ../.toolversion:2)\n')
  expect((await inA('version-origin')).stdout).toBe(`${file}\n`)
  expect((await m.run('version', '-t', 'esbuild')).stdout).toBe('0.28.2 (set by .toolversion:1)\n')
  const env = {TOOL_TYPESCRIPT_VERSION: '5.9.3'}
  expect((await m.runWith(env, 'version-origin')).stdout).toBe('TOOL_TYPESCRIPT_VERSION\n')
  expect(await m.runWith(env, 'version-name')).toMatchObject({
    code: 7,
    stdout: '',
    stderr: expect.stringMatching(
      /^error VERSION_NOT_INSTALLED: typescript 5\.9\.3 .*\(set by TOOL_TYPESCRIPT_VERSION\)/,
    ),
  })
  expect((await m.runWith({TOOL_VERSION: 'system'}, 'version-name')).stdout).toBe('system\n')
  expect((await m.runWith({TOOL_VERSION: ''}, 'version-name')).stdout).toBe('5.8.2\n')
  expect((await m.runWith({TOOL_DIR: join(m.box.project, 'a')}, '-C', '..', 'version-name')).stdout).toBe(
    '5.8.2\n',
  )
})

test('a folder that can’t be written leaves the old file, and says so', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript 5.9.3\n')
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', '65534:65534', m.box.root])
  chmodSync(m.box.project, 0o555)
  const ran = await tool(['local', '5.8.2'], {
    cwd: m.box.project,
    env: {HOME: m.box.root},
    ...(process.getuid?.() === 0 && {uid: 65534, gid: 65534}),
  })
  expect(ran).toMatchObject({
    code: 7,
    stderr: expect.stringMatching(/^error PERMISSION_DENIED: .*\n {2}try: .*\n$/),
  })
  chmodSync(m.box.project, 0o755)
  expect(m.pins()).toBe('typescript 5.9.3\n')
})

test('what is no pin file is told and left alone', async () => {
  await using m = await machine()
  writeFileSync(join(m.box.project, '.toolversion'), '\0\0\0')
  expect(await m.run('local', '5.8.2')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('PIN_FILE_BINARY'),
  })
  expect(m.pins()).toBe('\0\0\0')
  m.box.write('dir/.toolversion/x', '')
  expect(await m.run('-C', 'dir', 'local', '5.8.2')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('PIN_FILE_NOT_A_FILE'),
  })
})

test('migrate shows, writes, and says where each pin came from', async () => {
  await using m = await machine()
  expect(await m.run('migrate')).toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(/^error NOTHING_TO_MIGRATE: .*\n {2}try: .*\n$/),
  })
  m.box.write('mise.toml', '[tools]\ntypescript = "5.8.2"\nruby = "3.4"\n')
  expect(await m.run('migrate', '--dry-run')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^typescript 5\.8\.2 {2}from mise\.toml:2\n[\s\S]*mise\.toml:3 ruby[\s\S]*\nwould write \.toolversion\n$/,
    ),
    stderr: '',
  })
  expect(existsSync(join(m.box.project, '.toolversion'))).toBe(false)
  const ran = await m.run('migrate', '--json')
  expect(ran).toMatchObject({code: 0, stderr: ''})
  expect(JSON.parse(ran.stdout)).toMatchObject({
    dryRun: false,
    changed: true,
    taken: [{toolchain: 'typescript', specs: ['5.8.2'], state: 'added', origin: {line: 2}}],
    left: [{name: 'ruby', versions: ['3.4'], origin: {line: 3}}],
  })
  expect(m.pins()).toBe('typescript 5.8.2\n')
  expect(await m.run('version-name')).toMatchObject({code: 0, stdout: '5.8.2\n'})
})

test('migrate leaves all as it was where the folder may not be written', async () => {
  await using m = await machine()
  m.box.write('.nvmrc', '20\n')
  chmodSync(m.box.root, 0o755)
  chmodSync(m.box.project, 0o555)
  const env = {HOME: m.box.root, TOOL_HOME: join(m.box.root, '.tool')}
  const ran = await tool(['migrate'], {cwd: m.box.project, env, uid: 65534})
  expect(ran).toMatchObject({
    code: 7,
    stdout: '',
    stderr: expect.stringMatching(/^error PERMISSION_DENIED: .*\n {2}try: make the folder writable/),
  })
  expect(existsSync(join(m.box.project, '.toolversion'))).toBe(false)
})

test('a version with a free name is named alone, with -t, and by a hint', async () => {
  await using m = await machine()
  putVersion(m.box, 'typescript', 'mine', {executables: ['tsc']})
  putVersion(m.box, 'esbuild', 'other')
  for (const words of [['mine'], ['-t', 'typescript', 'mine'], ['-t', 'ts', 'mine'], ['typescript@mine']]) {
    m.box.write('.toolversion', '')
    expect(await m.run('local', ...words)).toMatchObject({code: 0, stderr: ''})
    expect(m.pins()).toBe('typescript mine\n')
  }
  expect(await m.run('install', 'mine')).toMatchObject({code: 0})
  expect(await m.run('global', 'mine')).toMatchObject({code: 0, stderr: ''})
  expect((await m.run('global')).stdout).toBe('mine\n')
  expect((await m.run('shell', '--hook', 'bash', 'mine')).stdout).toContain("TOOL_TYPESCRIPT_VERSION='mine'")
  expect(await m.run('local', 'other')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^error UNKNOWN_TOOLCHAIN: [^\n]*\n {2}try: [^\n]* write esbuild@other\n$/),
  })
  expect(await m.run('local', '--no-install', '-t', 'typescript', 'esbuild')).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('typescript esbuild is not installed'),
  })
})
