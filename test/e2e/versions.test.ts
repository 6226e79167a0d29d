import {spawn} from 'node:child_process'
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
import {createInterface} from 'node:readline'
import {expect, test} from 'vitest'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {tool} from '../support/tool.ts'
import {treeOf} from '../support/tree.ts'

const files = (version: string) => ({
  'bin/tsc': `#!/usr/bin/env node\nconsole.log("Version ${version}")\n`,
  'bin/tsserver': '#!/usr/bin/env node\n',
})

async function machine() {
  const box = sandbox()
  const registry = await startRegistry()
  for (const version of ['5.8.2', '5.8.3', '5.10.0-beta', '5.9.3'])
    registry.publish('typescript', version, files(version))
  const env = {HOME: box.root, ...registry.env}
  const run = (...args: string[]) => tool(args, {cwd: box.project, env})
  return {
    box,
    registry,
    env,
    run,
    /** What a command prints that must end well. */
    async out(...args: string[]): Promise<string> {
      const ran = await run(...args)
      expect({args, code: ran.code, stderr: ran.stderr}).toMatchObject({args, code: 0})
      return ran.stdout
    },
    home: box.context.layout,
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

test('what rbenv’s users type about versions: versions, prefix, whence, root, install --list', async () => {
  await using m = await machine()
  const {box, out, home} = m
  expect(await out('install', '--list')).toBe('5.8.2\n5.8.3\n5.9.3  latest\n')
  expect(await out('install', '--skip-existing', '5.8.2', '5.9.3')).toContain('typescript 5.9.3  installed')
  expect(await out('available', '5.8')).toBe('5.8.2    installed\n5.8.3\n')
  expect(await out('available', 'typescript', '--all', '--bare')).toBe('5.8.2\n5.8.3\n5.9.3\n5.10.0-beta\n')
  putVersion(box, 'esbuild', '0.28.2')
  writeFileSync(join(box.project, '.toolversion'), 'typescript 5.8.2\n')
  expect(await out('versions')).toBe(
    '  esbuild     0.28.2\n* typescript  5.8.2   (set by .toolversion:1)\n  typescript  5.9.3\n',
  )
  expect(await out('versions', '--bare')).toBe('5.8.2\n5.9.3\n')
  expect(await out('versions', '-t', 'esbuild', '--bare')).toBe('0.28.2\n')
  expect(await out('versions', '--sizes')).toMatch(/^\* typescript {2}5\.8\.2 +\d+\.\d kB {2}\(set by/m)
  expect(JSON.parse(await out('versions', '-t', 'typescript', '--json'))).toMatchObject([
    {
      toolchain: 'typescript',
      version: '5.8.2',
      directory: home.version('typescript', '5.8.2'),
      current: {kind: 'file', line: 1},
      size: expect.any(Number),
      origin: {kind: 'source', source: 'npm typescript', url: expect.stringMatching(/5\.8\.2\.tgz$/)},
    },
    {version: '5.9.3', current: null},
  ])
  expect(await out('prefix')).toBe(`${home.version('typescript', '5.8.2')}\n`)
  expect(await out('prefix', '5.9')).toBe(`${home.version('typescript', '5.9.3')}\n`)
  expect(await out('prefix', '-t', 'esbuild', '0.28.2')).toBe(`${home.version('esbuild', '0.28.2')}\n`)
  expect(await out('whence', 'tsc')).toBe('5.8.2\n5.9.3\n')
  expect(await out('whence', 'esbuild')).toBe('esbuild@0.28.2\n')
  expect(await out('whence', '-t', 'esbuild', 'esbuild')).toBe('0.28.2\n')
  expect(await out('whence', '--path', 'tsserver')).toContain(join('5.8.2', 'bin', 'tsserver'))
  expect(await m.run('whence', 'nothing')).toMatchObject({code: 127, stdout: ''})
  expect(await out('root')).toBe(`${home.home}\n`)
  expect(JSON.parse(await out('root', '--json'))).toEqual({home: home.home})
})

test('outdated exits 100 and upgrade mends it', async () => {
  await using m = await machine()
  const {box, out, run} = m
  await out('install', '5.8.2')
  box.write('.toolversion', 'typescript ^5.8\n')
  expect(await run('outdated')).toMatchObject({
    code: 100,
    stdout:
      'TOOLCHAIN   CURRENT  WANTED  LATEST  PINNED AS\ntypescript  5.8.2    5.9.3   5.9.3   ^5.8 (.toolversion:1)\n',
    stderr: '',
  })
  const json = await run('outdated', '--json')
  expect({...json, stdout: JSON.parse(json.stdout)}).toMatchObject({
    code: 100,
    stdout: [{toolchain: 'typescript', current: '5.8.2', wanted: '5.9.3', outdated: true}],
  })
  const before = treeOf(m.home.versions)
  expect(await out('upgrade', '--dry-run')).toBe('typescript  5.8.2 → 5.9.3  (^5.8, set by .toolversion:1)\n')
  expect(await out('upgrade', '--dry-run', '-t', 'ts')).toContain('5.8.2 → 5.9.3')
  expect(await run('outdated', '-t', 'typescript')).toMatchObject({code: 100})
  for (const command of ['outdated', 'upgrade'])
    expect(await run(command, '-t', 'esbuild')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^error TOOLCHAIN_NOT_PINNED: esbuild is not pinned here/),
    })
  expect(treeOf(m.home.versions)).toEqual(before)
  expect(await out('upgrade', 'typescript')).toBe(
    'typescript  5.8.2 → 5.9.3  (^5.8, set by .toolversion:1)\n',
  )
  expect(await out('which', 'tsc')).toContain('5.9.3')
  expect(await run('outdated')).toMatchObject({code: 0, stdout: '', stderr: 'everything is up to date\n'})
  expect(await out('upgrade')).toBe('typescript  5.9.3  (^5.8, set by .toolversion:1)\n')
  expect(await run('upgrade', 'esbuild')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^error TOOLCHAIN_NOT_PINNED: esbuild is not pinned here/),
  })
})

test('upgrade --pin moves an exact pin to the latest, and says so first with --dry-run', async () => {
  await using m = await machine()
  const {box, out, run} = m
  await out('install', '5.8.2')
  const file = box.write('.toolversion', 'typescript 5.8.2  # for now\n')
  expect(await run('outdated')).toMatchObject({code: 100})
  expect(await out('upgrade')).toBe(
    'typescript  5.8.2  (5.8.2, set by .toolversion:1; the latest is 5.9.3: tool upgrade --pin)\n',
  )
  const line = 'typescript  5.8.2 → 5.9.3  (5.8.2 → 5.9.3, set by .toolversion:1)\n'
  expect(await out('upgrade', '--pin', '--dry-run')).toBe(line)
  expect(readFileSync(file, 'utf8')).toBe('typescript 5.8.2  # for now\n')
  expect(await out('upgrade', '--pin')).toBe(line)
  expect(readFileSync(file, 'utf8')).toBe('typescript 5.9.3  # for now\n')
  expect(await run('outdated')).toMatchObject({code: 0})
})

test('upgrade moves the lock with the versions, and is refused when everything is frozen', async () => {
  await using m = await machine()
  const {box, out, run} = m
  const lockFile = join(box.project, '.toolversion.lock')
  box.write('.toolversion', 'typescript ~5.8.0\n')
  writeFileSync(lockFile, '')
  await out('install')
  expect(readFileSync(lockFile, 'utf8')).toMatch(/^typescript ~5\.8\.0 5\.8\.3 /m)
  m.registry.publish('typescript', '5.8.4', files('5.8.4'))
  expect(await run('outdated', '--json')).toMatchObject({code: 100, stdout: expect.stringContaining('5.8.4')})
  const frozen = await tool(['upgrade'], {cwd: box.project, env: {...m.env, TOOL_FROZEN: '1'}})
  expect(frozen).toMatchObject({code: 2, stderr: expect.stringMatching(/^error UPGRADE_FROZEN/)})
  expect(await out('upgrade')).toMatch(/^typescript {2}5\.8\.3 → 5\.8\.4/)
  expect(readFileSync(lockFile, 'utf8')).toMatch(/^typescript ~5\.8\.0 5\.8\.4 /m)
  expect(await out('which', 'tsc')).toContain('5.8.4')
  expect(await out('upgrade', '--pin')).toBe('typescript  5.8.4  (~5.8.0 → ~5.8.4, set by .toolversion:1)\n')
  expect(readFileSync(lockFile, 'utf8')).toMatch(/^typescript ~5\.8\.4 5\.8\.4 /m)
  expect(await out('which', 'tsc')).toContain('5.8.4')
})

test('outside of a project both speak of the global pins', async () => {
  await using m = await machine()
  const {run, out} = m
  expect(await run('outdated')).toMatchObject({code: 3, stderr: expect.stringMatching(/^error NO_PROJECT/)})
  mkdirSync(m.home.home, {recursive: true})
  writeFileSync(m.home.globalPins, 'typescript 5.8.2\n')
  await out('install', '5.8.2')
  for (const args of [[], ['--global']])
    expect(await run('outdated', ...args)).toMatchObject({
      code: 100,
      stdout: expect.stringContaining('5.9.3'),
    })
})

test('uninstall refuses what is in use where nobody can be asked, and takes --yes', async () => {
  await using m = await machine()
  const {box, run, out} = m
  await out('install', '5.8.2', '5.9.3')
  box.write('.toolversion', 'typescript 5.8.2\n')
  expect(await run('uninstall', '5.8.2')).toMatchObject({
    code: 2,
    stdout: '',
    stderr:
      'error VERSION_IN_USE: typescript 5.8.2 is in use: pinned by .toolversion:1\n' +
      '  try: to remove it nevertheless: tool uninstall --yes typescript@5.8.2\n',
  })
  expect(await out('versions', '--bare')).toBe('5.8.2\n5.9.3\n')
  expect(await out('uninstall', 'typescript', '5.9.3')).toBe('typescript 5.9.3  removed\n')
  expect(await out('uninstall', '--yes', '5.8.2')).toBe('typescript 5.8.2  removed\n')
  expect(await out('versions', '--bare')).toBe('')
  expect(await run('uninstall', '5.8.2')).toMatchObject({
    code: 7,
    stderr: expect.stringMatching(/^error VERSION_NOT_INSTALLED/),
  })
  putVersion(box, 'typescript', '-odd one')
  expect(await out('uninstall', '--', '-odd one')).toBe('typescript -odd one  removed\n')
  expect(await run('uninstall', '--force', '5.8.2')).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect(await run('uninstall')).toMatchObject({code: 2, stderr: expect.stringMatching(/^error USAGE/)})
})

test('a running program goes on when its version is removed', async () => {
  await using m = await machine()
  const {box, out} = m
  putVersion(box, 'esbuild', '1.0.0')
  const program = join(m.home.bin('esbuild', '1.0.0'), 'esbuild')
  rmSync(program)
  writeProgram(program, '#!/bin/sh\necho up\nread line\necho "got $line"\n')
  const child = spawn(program, {stdio: ['pipe', 'pipe', 'inherit']})
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('up')
  await out('uninstall', 'esbuild@1.0.0')
  child.stdin.end('on\n')
  expect((await lines.next()).value).toBe('got on')
})

test('link makes a folder a version that can be pinned; unlink takes the link away', async () => {
  await using m = await machine()
  const {box, run, out} = m
  writeProgram(join(box.root, 'mine', 'bin', 'tsc'), '#!/bin/sh\necho mine\n')
  expect(await out('link', 'dev', '../mine')).toBe(`typescript dev  linked to ${join(box.root, 'mine')}\n`)
  box.write('.toolversion', 'typescript dev\n')
  expect(await out('exec', 'tsc')).toBe('mine\n')
  expect(await out('versions')).toBe('* typescript  dev  (set by .toolversion:1)\n')
  expect(await run('link', 'typescript@dev', '../mine')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error VERSION_EXISTS: .*\n {2}try: add --force/),
  })
  expect(await out('link', '--force', 'typescript@dev', '../mine')).toContain('linked to')
  expect(readdirSync(m.home.shims)).toContain('tsc')
  expect(await out('unlink', '--yes', 'dev')).toBe('typescript dev  removed\n')
  expect(readdirSync(m.home.shims)).not.toContain('tsc')
  expect(existsSync(join(box.root, 'mine', 'bin', 'tsc'))).toBe(true)
})

test('prune shows first, needs a yes, and removes what no project pins', async () => {
  await using m = await machine()
  const {box, run, out} = m
  await out('install', '5.8.2', '5.9.3')
  putVersion(box, 'esbuild', 'mine')
  symlinkSync(box.root, m.home.version('esbuild', 'odd'))
  box.write('.toolversion', 'typescript 5.9.3\n')
  const plan = JSON.parse(await out('prune', '--dry-run', '--json'))
  expect(plan).toMatchObject({dryRun: true, remove: [{toolchain: 'typescript', version: '5.8.2'}]})
  expect(plan.keep.map(({version}: {version: string}) => version)).toEqual(['mine', '5.9.3'])
  expect(await run('prune')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^error CONFIRMATION_NEEDED: 1 version \(\d+\.\d kB\) would be removed, .*\n {2}try: add --yes; .*\n$/,
    ),
  })
  expect(await run('prune', '--json')).toMatchObject({code: 2, stderr: ''})
  expect(await out('prune', '--dry-run', '--verbose')).toMatch(
    /^typescript 5\.9\.3 .* stays: pinned by \.toolversion:1$/m,
  )
  expect(await out('versions', '--bare')).toBe('5.8.2\n5.9.3\n')
  expect(await out('prune', '--yes')).toMatch(
    /^typescript 5\.8\.2 {2}\d+\.\d kB\n1 version removed, \d+\.\d kB\n$/,
  )
  expect(await out('versions', '--bare')).toBe('5.9.3\n')
  expect(await out('prune')).toBe('nothing to remove\n')
})

const isRoot = process.getuid?.() === 0

test.runIf(isRoot)(
  'a home that is another’s is read, and what would change it is one clear error',
  async () => {
    await using m = await machine()
    const {box, out} = m
    await out('install', '5.8.2')
    box.write('.toolversion', 'typescript 5.8.2\n')
    chmodSync(box.root, 0o755)
    const other = (...args: string[]) => tool(args, {cwd: box.project, env: m.env, uid: 65_534})
    const before = treeOf(m.home.versions)
    expect(await other('versions')).toMatchObject({
      code: 0,
      stdout: '* typescript  5.8.2  (set by .toolversion:1)\n',
      stderr: '',
    })
    expect(await other('versions', '--json')).toMatchObject({code: 0, stderr: ''})
    expect(await other('outdated')).toMatchObject({code: 100, stderr: ''})
    expect(await other('available')).toMatchObject({code: 0})
    mkdirSync(join(box.root, 'bin'))
    const refused = async (...args: string[]) => {
      const ran = await other(...args)
      expect({args, code: ran.code, stdout: ran.stdout}).toEqual({args, code: 7, stdout: ''})
      expect(ran.stderr).toMatch(/^error PERMISSION_DENIED: .*\n {2}try: .*\n$/)
    }
    await refused('uninstall', '--yes', '5.8.2')
    await refused('link', 'dev', box.root)
    rmSync(join(box.project, '.toolversion'))
    await refused('prune', '--yes')
    expect(treeOf(m.home.versions)).toEqual(before)
  },
)

test('a home that is no folder is told once, by every command', async () => {
  await using m = await machine()
  mkdirSync(join(m.box.root, 'mine', 'bin'), {recursive: true})
  writeFileSync(m.home.home, '')
  expect(await m.run('versions')).toMatchObject({code: 0, stdout: '', stderr: 'nothing is installed\n'})
  expect(await m.run('prune')).toMatchObject({code: 0, stdout: 'nothing to remove\n', stderr: ''})
  expect(await m.run('uninstall', '5.8.2')).toMatchObject({code: 7})
  expect(await m.run('link', 'dev', '../mine')).toMatchObject({
    code: 7,
    stderr: expect.stringMatching(/^error HOME_NOT_A_DIRECTORY: .*\n {2}try: .*\n$/),
  })
  expect(readdirSync(m.box.root).sort()).toEqual(['.tool', 'app', 'mine'])
})

test('projects are remembered as they are used, so that prune keeps what they pin', async () => {
  await using m = await machine()
  const {box, out} = m
  await out('install', '5.8.2', '5.8.3', '5.9.3')
  const projects = ['one', 'two'].map(name => join(box.root, name))
  for (const [at, version] of ['5.8.2', '5.8.3'].entries())
    box.write(`../${at === 0 ? 'one' : 'two'}/.toolversion`, `typescript ${version}\n`)
  const kept = async () =>
    JSON.parse(await out('prune', '--dry-run', '--json')).keep.map(({version}: {version: string}) => version)
  expect(await kept()).toEqual([])
  await out('-C', '../one', 'exec', 'tsc')
  await out('-C', '../two', 'current')
  expect(await kept()).toEqual(['5.8.2', '5.8.3'])
  mkdirSync(join(box.project, 'package.json'))
  putVersion(box, 'esbuild', '1.0.0')
  expect(await out('exec', 'esbuild@1.0.0', '--', 'esbuild', 'x')).toMatch(/esbuild x\n$/)
  expect(Object.keys(JSON.parse(readFileSync(m.home.projects, 'utf8')).projects)).toEqual(projects)
})
