import {execFile} from 'node:child_process'
import {chmodSync, chownSync, mkdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {startRegistry} from '../support/registry.ts'
import {machinePath, packageRoot, sandbox} from '../support/sandbox.ts'
import {writeProgram} from '../support/store.ts'
import {tool} from '../support/tool.ts'

const tsc = (version: string) =>
  `#!/usr/bin/env node\nconsole.log("Version ${version}", ...process.argv.slice(2))\n`

async function machine() {
  const box = sandbox()
  const registry = await startRegistry()
  const publish = (version: string) =>
    registry.publish('typescript', version, {'bin/tsc': tsc(version), 'bin/tsserver': tsc(version)})
  for (const version of ['5.8.3', '5.9.2']) publish(version)
  const env = {HOME: box.root, ...registry.env}
  return {
    box,
    registry,
    publish,
    env,
    run: (...args: string[]) => tool(args, {cwd: box.project, env}),
    with: (more: Record<string, string>, ...args: string[]) =>
      tool(args, {cwd: box.project, env: {...env, ...more}}),
    read: (path: string) => readFileSync(join(box.project, path), 'utf8'),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

test('what is locked is what everybody gets', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript ^5.9\n')
  expect(await m.run('lock')).toMatchObject({
    code: 0,
    stdout: '.toolversion.lock: written\n  typescript  ^5.9  5.9.2  added, for any platform\n',
    stderr: '',
  })
  expect(m.read('.toolversion.lock')).toMatch(
    /^typescript \^5\.9 5\.9\.2 [0-9a-f]{16}\n {2}any sha512-\S{88} - https:\/\/registry\.npmjs\.org\/typescript\/-\/typescript-5\.9\.2\.tgz\n$/,
  )
  m.publish('5.9.3')
  expect(await m.run('exec', 'tsc', '-v')).toMatchObject({code: 0, stdout: 'Version 5.9.2 -v\n'})
  expect((await m.run('current')).stdout).toBe(
    'typescript  5.9.2  (from the store, locked by .toolversion.lock:1, since 5.9.2 satisfies ^5.9 set by .toolversion:1)\n',
  )
  expect((await m.run('lock')).stdout).toBe(
    '.toolversion.lock: up to date\n  typescript  ^5.9  5.9.2  kept\n',
  )
  expect((await m.run('lock', '--upgrade', 'typescript')).stdout).toBe(
    '.toolversion.lock: written\n  typescript  ^5.9  5.9.2 → 5.9.3  changed, for any platform\n',
  )
  expect(await m.run('which', 'tsc')).toMatchObject({
    code: 7,
    stderr:
      'error VERSION_NOT_INSTALLED: typescript 5.9.3, which .toolversion.lock:1 names for typescript ^5.9, is not installed (set by .toolversion:1)\n  try: tool install\n',
  })
  expect((await m.run('install')).stdout).toMatch(/^typescript 5\.9\.3 {2}installed/)
  expect(await m.run('which', '--verbose', 'tsc')).toMatchObject({
    code: 0,
    stdout: `${join(m.box.root, '.tool/versions/typescript/5.9.3/bin/tsc')}\n`,
    stderr: expect.stringContaining('typescript 5.9.3 (from the store, locked by .toolversion.lock:1'),
  })
})

test('for programs', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript ^5.9\n')
  expect(JSON.parse((await m.run('lock', '--json')).stdout)).toEqual([
    {
      path: join(m.box.project, '.toolversion.lock'),
      written: true,
      entries: [
        {
          toolchain: 'typescript',
          spec: '^5.9',
          version: '5.9.2',
          change: 'added',
          platforms: ['any'],
          origin: {kind: 'file', path: join(m.box.project, '.toolversion'), line: 1},
        },
      ],
    },
  ])
  await m.run('install')
  expect(JSON.parse((await m.run('current', '--json')).stdout)).toMatchObject([
    {version: '5.9.2', via: 'store', lock: join(m.box.project, '.toolversion.lock')},
  ])
  expect(JSON.parse((await m.run('which', 'tsc', '--json')).stdout)).toMatchObject({
    command: 'tsc',
    toolchain: 'typescript',
    version: '5.9.2',
    reason: expect.stringContaining('locked by'),
  })
})

describe('--frozen', () => {
  test('installs and runs what is locked, and nothing else', async () => {
    await using m = await machine()
    m.box.write('.toolversion', 'typescript ^5.9\n')
    for (const args of [
      ['install', '--frozen'],
      ['exec', '--frozen', 'tsc'],
      ['build', '--frozen'],
      ['lock', '--frozen'],
    ]) {
      expect(await m.run(...args)).toMatchObject({
        code: 3,
        stdout: '',
        stderr: expect.stringMatching(
          /^error LOCK_OUTDATED: there is no \.toolversion\.lock that names typescript \^5\.9 \(set by \.toolversion:1\).*\n {2}try: .*run tool lock.*\n$/,
        ),
      })
    }
    await m.run('lock')
    expect(await m.run('exec', '--frozen', 'tsc')).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(
        /is not installed \(set by \.toolversion:1\), and it is not installed now, by --frozen\n {2}try: without --frozen: tool install\n$/,
      ),
    })
    expect(await m.run('install', '--frozen')).toMatchObject({code: 0})
    expect(await m.run('exec', '--frozen', 'tsc')).toMatchObject({code: 0, stdout: 'Version 5.9.2\n'})
    expect(await m.with({TOOL_FROZEN: '1'}, 'which', 'tsc')).toMatchObject({code: 0})
    expect(await m.run('lock', '--frozen')).toMatchObject({code: 0})
    m.box.write('.toolversion', 'typescript ~5.9.0\n')
    for (const args of [
      ['exec', 'tsc'],
      ['which', 'tsc'],
      ['install'],
      ['lock'],
      ['exec', 'sh', '-c', 'true'],
    ]) {
      expect(await m.with({TOOL_FROZEN: '1'}, ...args)).toMatchObject({
        code: 3,
        stderr: expect.stringContaining(
          'error LOCK_OUTDATED: .toolversion.lock has no entry for typescript ~5.9.0 (set by .toolversion:1)',
        ),
      })
    }
    expect(await m.run('install', '--frozen', 'typescript@5.8.3')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('typescript 5.8.3 is in no lock file'),
    })
  })

  test('and --upgrade are a contradiction, and toolchains need --upgrade', async () => {
    await using m = await machine()
    m.box.write('.toolversion', 'typescript ^5.9\n')
    expect(await m.run('lock', '--frozen', '--upgrade')).toMatchObject({code: 2})
    expect(await m.run('lock', 'typescript')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('tool lock --upgrade typescript'),
    })
    expect(await m.run('lock', '--upgrade', 'typscript')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('did you mean typescript or rescript?'),
    })
    for (const words of [['esbuild'], ['-t', 'esbuild']])
      expect(await m.run('lock', '--upgrade', ...words)).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('TOOLCHAIN_NOT_PINNED'),
      })
    expect(await m.run('lock', '-t', 'typescript')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('tool lock --upgrade typescript'),
    })
  })
})

test('--offline, nothing is installed by itself, and that is said', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript 5.9.2\n')
  expect(await m.run('exec', '--offline', 'tsc')).toMatchObject({
    code: 7,
    stderr:
      'error VERSION_NOT_INSTALLED: typescript 5.9.2 is not installed (set by .toolversion:1), and it is not installed now, by --offline\n  try: without --offline: tool install typescript@5.9.2\n',
  })
  expect(await m.run('exec', '--offline', 'sh', '-c', 'echo on')).toMatchObject({
    code: 0,
    stdout: 'on\n',
    stderr: 'warning: typescript 5.9.2 is not installed (set by .toolversion:1)\n',
  })
  await m.run('lock')
  await m.run('install')
  expect(await m.run('exec', '--offline', 'tsc')).toMatchObject({code: 0, stdout: 'Version 5.9.2\n'})
  expect(await m.run('lock', '--offline')).toMatchObject({code: 0})
})

test('a bad lock is told by every command that would go by it, and never a stack', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript ^5.9\n')
  const bad: [text: string, message: RegExp][] = [
    ['typescript ^5.9\n', /\.toolversion\.lock:1/],
    [
      `<<<<<<< HEAD\ntypescript ^5.9 5.9.2\n=======\ntypescript ^5.9 5.9.3\n>>>>>>> theirs\n`,
      /merge conflict .*\.toolversion\.lock:1/,
    ],
    ['\0\0\0', /is not UTF-8 text/],
    ['#'.repeat(1024 * 1024), /has 1048576 bytes/],
  ]
  for (const [text, message] of bad) {
    m.box.write('.toolversion.lock', text)
    // All of them read it by one function, and tell it by another.
    const commands = [['current'], ['which', 'tsc'], ['exec', 'tsc'], ['install'], ['lock']]
    for (const args of text === bad[0]?.[0] ? commands : [['current']]) {
      const ran = await m.run(...args)
      expect({args, ...ran}).toMatchObject({
        args,
        code: 3,
        stdout: '',
        stderr: expect.stringMatching(/^error LOCK_INVALID: .*\n {2}try: .*\n$/),
      })
      expect(ran.stderr).toMatch(message)
    }
  }
  rmSync(join(m.box.project, '.toolversion.lock'))
  mkdirSync(join(m.box.project, '.toolversion.lock'))
  expect(await m.run('current')).toMatchObject({code: 3, stderr: expect.stringContaining('is a folder')})
})

test.runIf(process.getuid?.() === 0)(
  'a lock that can’t be read, or is a stranger’s, or a folder that can’t be written',
  async () => {
    await using m = await machine()
    m.box.write('.toolversion', 'typescript ^5.9\n')
    await m.run('lock')
    const lock = join(m.box.project, '.toolversion.lock')
    const asStranger = async (...args: string[]) => {
      const line = [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        join(packageRoot, 'bin/tool.cjs'),
        ...args,
      ]
      try {
        await promisify(execFile)('setpriv', line, {
          cwd: m.box.project,
          env: {PATH: machinePath, ...m.env, TOOL_HOME: join(m.box.root, 'theirs')},
        })
        return 'ok'
      } catch (error) {
        return (error as {stderr: string}).stderr
      }
    }
    chmodSync(m.box.root, 0o755)
    expect(await asStranger('lock', '--upgrade')).toBe('ok')
    m.publish('5.9.4')
    expect(await asStranger('lock', '--upgrade')).toMatch(/^error PERMISSION_DENIED: .*\n {2}try: .*\n$/)
    chmodSync(lock, 0o600)
    expect(await asStranger('current')).toMatch(
      /^error LOCK_INVALID: \.toolversion\.lock can't be read \(EACCES\)/,
    )
    chmodSync(lock, 0o644)
    chownSync(lock, 1, 1)
    expect(await asStranger('current')).toMatch(
      /^error LOCK_INVALID: \.toolversion\.lock belongs to another user \(uid 1\)/,
    )
  },
)

test('pins that are written take the lock along', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript ~5.8.0\n')
  await m.run('lock')
  expect(await m.run('local', 'typescript@^5.9')).toMatchObject({code: 0})
  expect(m.read('.toolversion.lock')).toMatch(/^typescript \^5\.9 5\.9\.2 /)
  m.publish('5.9.3')
  expect(await m.run('upgrade')).toMatchObject({code: 0})
  expect(m.read('.toolversion.lock')).toMatch(/^typescript \^5\.9 5\.9\.3 /)
  expect(await m.run('exec', '--frozen', 'tsc')).toMatchObject({code: 0, stdout: 'Version 5.9.3\n'})
})

describe('a program on PATH', () => {
  async function withProgram() {
    const m = await machine()
    const folder = join(m.box.root, 'usr/bin')
    const program = writeProgram(join(folder, 'tsc'), `#!/bin/sh\necho "Version 5.9.7"\n`)
    m.box.write('.toolversion', 'typescript ^5.9\n')
    return {...m, program, run: (...args: string[]) => m.with({PATH: `${folder}:${machinePath}`}, ...args)}
  }

  test('serves once exec has asked it, and nothing is installed', async () => {
    await using m = await withProgram()
    expect(await m.run('which', 'tsc')).toMatchObject({
      code: 7,
      stderr: expect.stringContaining(`asks ${m.program} for its version`),
    })
    expect((await m.run('current')).stdout).toContain('not installed')
    expect(await m.run('exec', 'tsc')).toMatchObject({code: 0, stdout: 'Version 5.9.7\n', stderr: ''})
    expect((await m.run('which', 'tsc')).stdout).toBe(`${m.program}\n`)
    expect((await m.run('current')).stdout).toBe(
      `typescript  5.9.7  (from ${m.program}, since 5.9.7 satisfies ^5.9 set by .toolversion:1)\n`,
    )
    expect((await m.run('version-name')).stdout).toBe('5.9.7\n')
    expect(m.registry.requests).toEqual([])
  })

  test('that does not fit is no reason not to install', async () => {
    await using m = await withProgram()
    m.box.write('.toolversion', 'typescript ~5.8.0\n')
    expect(await m.run('exec', 'tsc')).toMatchObject({code: 0, stdout: 'Version 5.8.3\n'})
  })

  test('tool install fills the store nevertheless', async () => {
    await using m = await withProgram()
    await m.run('exec', 'tsc')
    expect((await m.run('install')).stdout).toMatch(/^typescript 5\.9\.2 {2}installed/)
    expect((await m.run('exec', 'tsc')).stdout).toBe('Version 5.9.2\n')
  })
})

test('tool build compiles with the project’s own compiler', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript ^5.9\n')
  m.box.write('tsconfig.json', '{}')
  m.box.write(
    'node_modules/typescript/package.json',
    '{"name": "typescript", "version": "5.9.9", "bin": {"tsc": "bin/tsc"}}',
  )
  writeProgram(
    join(m.box.project, 'node_modules/typescript/bin/tsc'),
    '#!/usr/bin/env node\nconsole.log("a.ts(1,2): error TS1: own")\nprocess.exit(1)\n',
  )
  const ran = await m.run('build', '--json')
  expect(ran.code).toBe(1)
  expect(JSON.parse(ran.stdout)).toMatchObject({
    toolchains: [{name: 'typescript', version: '5.9.9', status: 'errors'}],
    diagnostics: [{message: 'own'}],
  })
  expect(m.registry.requests).toEqual([])
})
