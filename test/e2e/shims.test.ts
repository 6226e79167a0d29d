import {type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {tool} from '../support/tool.ts'

const tsc = (version: string) =>
  `#!/usr/bin/env node\nconsole.log("tsc ${version}", ...process.argv.slice(2))\n`

/** A machine with a registry, the shims first on PATH, and no other TypeScript. */
async function machine(env: Record<string, string> = {}) {
  const box = sandbox()
  const registry = await startRegistry()
  for (const version of ['5.8.2', '5.9.2', '5.9.3'])
    registry.publish('typescript', version, {'bin/tsc': tsc(version), 'bin/tsserver': ''})
  const home = env.TOOL_HOME ?? box.context.layout.home
  const all = {HOME: box.root, ...registry.env, PATH: `${join(home, 'shims')}:/usr/bin:/bin`, ...env}
  return {
    box,
    registry,
    home,
    tool: (...args: string[]) => tool(args, {cwd: box.project, env: all}),
    /** Runs a command as a shell would, by PATH. */
    type: (command: string, more: Record<string, string> = {}) =>
      ended(spawn('sh', ['-c', command], {cwd: box.project, env: {...all, PWD: box.project, ...more}})),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

/** Not synchronously: the registry answers in this process. */
async function ended(child: ChildProcessWithoutNullStreams) {
  child.stdin.end()
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return {status, stdout, stderr}
}

test('what is installed can be typed, in the version that is pinned, until it is uninstalled', async () => {
  await using m = await machine()
  await m.tool('install', '5.8.2', '5.9.3')
  expect((await m.tool('shims', '--short')).stdout).toBe('tsc\ntsserver\n')
  m.box.write('.toolversion', 'typescript 5.8.2\n')
  expect(await m.type('tsc -p "a b"')).toMatchObject({status: 0, stdout: 'tsc 5.8.2 -p a b\n', stderr: ''})
  expect((await m.type('tsc', {TOOL_TYPESCRIPT_VERSION: '5.9.3'})).stdout).toBe('tsc 5.9.3\n')
  expect((await m.tool('uninstall', '5.8.2', '5.9.3', '--yes')).code).toBe(0)
  expect(await m.tool('shims')).toMatchObject({code: 0, stdout: ''})
})

test('a shim installs a pinned version that is missing, and finds by itself what it was told once', async () => {
  await using m = await machine()
  await m.tool('install', '5.8.2')
  m.box.write('.toolversion', 'typescript ^5.9\n')
  expect(await m.type('tsc')).toMatchObject({
    status: 0,
    stdout: 'tsc 5.9.3\n',
    stderr: 'installing typescript 5.9.3\n',
  })
  expect(readlinkSync(join(m.home, 'links', 'typescript', '^5.9'))).toBe('../../versions/typescript/5.9.3')
  const trace = join(m.box.root, 'trace')
  await m.type(`strace -f -o ${trace} -e trace=execve tsc`)
  expect(readFileSync(trace, 'utf8')).not.toContain('tool.cjs')
  const asked = m.registry.requests.length
  m.box.write('.toolversion', 'typescript 5.9.2\n')
  expect(await m.type('tsc', {TOOL_OFFLINE: '1'})).toMatchObject({status: expect.any(Number), stdout: ''})
  expect(m.registry.requests.length).toBe(asked)
})

test('a range that was installed by its number is linked when it is first used', async () => {
  await using m = await machine()
  await m.tool('install', '5.9.3')
  m.box.write('.toolversion', 'typescript ~5.9.0\n')
  const link = join(m.home, 'links', 'typescript', '~5.9.0')
  expect(existsSync(link)).toBe(false)
  expect((await m.type('tsc')).stdout).toBe('tsc 5.9.3\n')
  expect(readlinkSync(link)).toBe('../../versions/typescript/5.9.3')
})

test('the system’s is found behind the shims, however often they are on PATH, and never runs a shim again', async () => {
  await using m = await machine()
  await m.tool('install', '5.9.3')
  m.box.write('.toolversion', 'typescript system\n')
  const shims = join(m.home, 'shims')
  symlinkSync(shims, join(m.box.root, 'alias'))
  const again = `${shims}:${shims}/:${join(m.box.root, 'alias')}:.`
  const nowhere = await m.type('tsc', {PATH: `${again}:/usr/bin:/bin`})
  expect(nowhere).toMatchObject({
    status: 127,
    stdout: '',
    stderr: expect.stringMatching(/^error COMMAND_NOT_FOUND: .*\n {2}try: .*\n$/),
  })
  writeProgram(join(m.box.root, 'bin', 'tsc'), '#!/bin/sh\necho system\n')
  expect((await m.type('tsc', {PATH: `${again}:${join(m.box.root, 'bin')}:/usr/bin:/bin`})).stdout).toBe(
    'system\n',
  )
})

test('links to shims, copies of them and those of another home are never taken for the system’s', async () => {
  await using m = await machine()
  await m.tool('install', '5.9.3')
  const shim = join(m.home, 'shims', 'tsc')
  const bin = join(m.box.root, 'bin')
  const other = join(m.box.root, 'other')
  mkdirSync(bin)
  cpSync(join(m.home, 'versions'), join(other, 'versions'), {recursive: true, verbatimSymlinks: true})
  expect((await tool(['rehash'], {cwd: m.box.project, env: {HOME: m.box.root, TOOL_HOME: other}})).code).toBe(
    0,
  )
  const own = `${join(m.home, 'shims')}:/usr/bin:/bin`
  const notFound = {status: 127, stdout: '', stderr: expect.stringMatching(/^error COMMAND_NOT_FOUND: /)}
  m.box.write('.toolversion', 'typescript system\n')
  expect(await m.type('tsc', {PATH: `${own}:${join(other, 'shims')}`})).toMatchObject(notFound)
  symlinkSync(shim, join(bin, 'tsc'))
  expect(await m.type('tsc', {PATH: `${bin}:${own}`})).toMatchObject(notFound)
  rmSync(join(bin, 'tsc'))
  cpSync(shim, join(bin, 'tsc'))
  expect(await m.type('tsc', {PATH: `${bin}:${own}`})).toMatchObject(notFound)
  symlinkSync(m.box.root, join(m.home, 'versions', 'typescript', 'mine'))
  m.box.write('.toolversion', 'typescript mine\n')
  expect(await m.type('tsc', {PATH: own})).toMatchObject(notFound)
})

test('shims named node, tool, sh and env loop no more than others', async () => {
  await using m = await machine()
  putVersion(m.box, 'node', '22.1.0', {executables: ['node', 'tool', 'sh', 'env']})
  await m.tool('rehash')
  expect(readdirSync(join(m.home, 'shims')).sort()).toEqual(['env', 'node', 'sh', 'tool'])
  m.box.write('.toolversion', 'node 22.1.0\n')
  const shim = (name: string) => join(m.home, 'shims', name)
  const run = (name: string) =>
    spawnSync(shim(name), ['x'], {
      cwd: m.box.project,
      env: {HOME: m.box.root, PATH: join(m.home, 'shims')},
      encoding: 'utf8',
      timeout: 20_000,
    })
  expect(run('node')).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/22\.1\.0\/bin\/node x\n$/),
  })
  for (const name of ['tool', 'sh', 'env'])
    expect(run(name)).toMatchObject({status: 0, stdout: expect.stringContaining(`22.1.0/bin/${name} x`)})
  m.box.write('.toolversion', 'node 9.9.9\n')
  for (const name of ['node', 'tool', 'sh', 'env']) expect(run(name).status).toBeGreaterThan(0)
})

test('a home elsewhere is found by its own shims, without a variable', async () => {
  await using m = await machine()
  const home = join(m.box.root, 'other home')
  await tool(['install', '5.9.3'], {
    cwd: m.box.project,
    env: {HOME: m.box.root, ...m.registry.env, TOOL_HOME: home},
  })
  m.box.write('.toolversion', 'typescript >=5.9\n')
  const ran = await m.type(`"${join(home, 'shims', 'tsc')}"`)
  expect(ran).toMatchObject({status: 0, stdout: 'tsc 5.9.3\n', stderr: ''})
  expect(existsSync(join(m.box.root, '.tool', 'versions'))).toBe(false)
})

test('a bad pin file is told by a shim as by any command', async () => {
  await using m = await machine()
  await m.tool('install', '5.9.3')
  const cases: [string | Buffer, string][] = [
    ['\0'.repeat(1000), 'PIN_FILE_BINARY'],
    ['x'.repeat(1_000_000), 'PIN_FILE_TOO_LARGE'],
    ['typescript\n', 'PIN_WITHOUT_VERSION'],
    ['typescript ../x\n', 'PIN_VERSION_UNSAFE'],
  ]
  for (const [content, code] of cases) {
    writeFileSync(join(m.box.project, '.toolversion'), content)
    expect(await m.type('tsc')).toMatchObject({
      status: 3,
      stdout: '',
      stderr: expect.stringMatching(`^error ${code}: .*\n {2}try: .*\n$`),
    })
  }
  execFileSync('rm', [join(m.box.project, '.toolversion')])
  symlinkSync('.toolversion', join(m.box.project, '.toolversion'))
  expect(await m.type('tsc')).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('PIN_FILE_UNREADABLE'),
  })
  execFileSync('rm', [join(m.box.project, '.toolversion')])
  mkdirSync(join(m.box.project, '.toolversion'))
  expect(await m.type('tsc')).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('PIN_FILE_NOT_A_FILE'),
  })
})

test('a pinned node is never the one that runs tool itself, however it is called', async () => {
  await using m = await machine()
  const directory = putVersion(m.box, 'node', '8.17.0')
  writeProgram(join(directory, 'bin', 'node'), '#!/bin/sh\necho "node 8 runs $1"\nexit 9\n')
  m.box.write('.toolversion', 'node 8.17.0\n')
  expect(await m.tool('rehash')).toMatchObject({code: 0})
  // As npm installs it: a link on PATH, whose first line asks env for node.
  const global = join(m.box.root, 'global')
  mkdirSync(global)
  symlinkSync(join(packageRoot, 'bin', 'tool.cjs'), join(global, 'tool'))
  const path = `${join(m.home, 'shims')}:${global}:/usr/bin:/bin`
  const typed = (command: string) => m.type(command, {PATH: path})
  expect(await typed('tool version-name -t node')).toEqual({status: 0, stdout: '8.17.0\n', stderr: ''})
  writeFileSync(join(m.box.project, '.toolversion'), 'node 99\n')
  expect((await typed('tool current')).stdout).toContain('not installed: tool install node@99')
  // Another program that is called tool runs on what is pinned.
  m.box.write('.toolversion', 'node 8.17.0\n')
  const other = m.box.write('other/tool', '')
  expect(await typed(`node ${other}`)).toMatchObject({status: 9, stdout: `node 8 runs ${other}\n`})
})
