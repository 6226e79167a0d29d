import {spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {check, lockText, type ShimMachine, shells, shimMachine} from './support.ts'

let m: ShimMachine
beforeAll(async () => {
  m = await shimMachine()
  m.link('typescript', '^7', '7.0.2')
  m.link('typescript', 'latest', '7.0.2')
  m.link('typescript', '5', '5.9.3')
})
afterAll(() => m[Symbol.asyncDispose]())

let count = 0

interface Case {
  /** Files by path below a folder of its own. */
  files?: Record<string, string>
  /** Where the shim is called. */
  cwd?: string
  env?: Record<string, string>
  name?: string
}

/** Runs a shim in a folder of its own, with the files that a case has there. */
function runCase({files = {}, cwd = '.', env = {}, name = 'tsc'}: Case, shell: readonly string[]) {
  const base = `case-${count++}`
  for (const [path, text] of Object.entries(files)) m.box.write(join(base, path), text)
  const folder = m.folder(join(base, cwd))
  const filled = Object.entries(env).map(([key, value]) => [
    key,
    value.replace('{base}', join(m.box.project, base)),
  ])
  return m.run(name, {shell, cwd: folder, env: Object.fromEntries(filled), args: ['-v', 'a b', '']})
}

const native = 'typescript 7.0.2 -v a b \n'
const byNode = (version: string) => `node system: typescript ${version} -v a b \n`
const slow = 'slow exec -- tsc -v a b \n'

const fast: [string, Case, string][] = [
  ['an exact version', {files: {'.toolversion': 'typescript 7.0.2\n'}}, native],
  ['three directories above', {files: {'.toolversion': 'typescript 7.0.2'}, cwd: 'a/b/c'}, native],
  ['a link of a range', {files: {'.toolversion': 'typescript ^7\n'}}, native],
  ['a link of a tag', {files: {'.toolversion': 'typescript latest\n'}}, native],
  ['a script that node runs', {files: {'.toolversion': 'typescript 5.9.3\n'}}, byNode('5.9.3')],
  ['a linked script that node runs', {files: {'.toolversion': 'typescript 5\n'}}, byNode('5.9.3')],
  [
    'the pinned node',
    {files: {'.toolversion': 'node 22.1.0\ntypescript 5.9.3\n'}},
    'node 22.1.0: typescript 5.9.3 -v a b \n',
  ],
  [
    'comments, blank lines, CRLF, other toolchains, no last newline',
    {files: {'.toolversion': '# ours\r\n\r\n  esbuild 0.28.2 # x\r\n\ttypescript\t7.0.2 # y\r\nsass 1'}},
    native,
  ],
  ['CRLF at the version', {files: {'.toolversion': 'typescript 7.0.2\r\n'}}, native],
  ['name@version', {files: {'.toolversion': 'typescript@7.0.2\n'}}, native],
  ['a bare version', {files: {'.toolversion': '7.0.2\n'}}, native],
  ['a v before it', {files: {'.toolversion': 'v7.0.2\n'}}, native],
  ['fallbacks, the first of which is there', {files: {'.toolversion': 'typescript 7.0.2 5.9.3\n'}}, native],
  ['of two lines the first', {files: {'.toolversion': 'typescript 7.0.2\ntypescript 5.9.3\n'}}, native],
  [
    'the nearest of two files',
    {files: {'.toolversion': 'typescript 5.9.3\n', 'a/.toolversion': 'typescript 7.0.2\n'}, cwd: 'a'},
    native,
  ],
  [
    'a nearer file that names others',
    {files: {'.toolversion': 'typescript 7.0.2\n', 'a/.toolversion': 'esbuild 0.28.2\n'}, cwd: 'a/b'},
    native,
  ],
  [
    'another name of pin files',
    {
      files: {'.pins': 'typescript 7.0.2\n', '.toolversion': 'typescript 5.9.3\n'},
      env: {TOOL_VERSION_FILE: '.pins'},
    },
    native,
  ],
  [
    'its variable',
    {files: {'.toolversion': 'typescript 5.9.3\n'}, env: {TOOL_TYPESCRIPT_VERSION: '7.0.2'}},
    native,
  ],
  ['the variable of the default', {env: {TOOL_VERSION: '7.0.2'}}, native],
  [
    'an empty variable',
    {files: {'.toolversion': 'typescript 7.0.2\n'}, env: {TOOL_TYPESCRIPT_VERSION: ''}},
    native,
  ],
  [
    'another default toolchain',
    {files: {'.toolversion': '0.28.2\ntypescript 7.0.2\n'}, env: {TOOL_DEFAULT_TOOLCHAIN: 'esbuild'}},
    native,
  ],
  [
    'the folder of TOOL_DIR',
    {files: {'x y/.toolversion': 'typescript 7.0.2\n'}, env: {TOOL_DIR: '{base}/x y'}},
    native,
  ],
  [
    'a relative TOOL_DIR, then the working directory',
    {files: {'.toolversion': 'typescript 7.0.2\n', 'x/y': ''}, env: {TOOL_DIR: 'x'}},
    native,
  ],
  [
    'folders with blanks, newlines, quotes and globs in their names',
    {files: {"a b\n'c'/*?[x]/$HOME/.toolversion": 'typescript 7.0.2\n'}, cwd: "a b\n'c'/*?[x]/$HOME/-d"},
    native,
  ],
  [
    'a package.json that pins nothing',
    {files: {'.toolversion': 'typescript 5.9.3\n', 'package.json': '{"name": "x"}'}},
    byNode('5.9.3'),
  ],
]

const unusual: [string, Case][] = [
  ['nothing', {}],
  ['a version that is not installed', {files: {'.toolversion': 'typescript 1.2.3\n'}}],
  ['a range without a link', {files: {'.toolversion': 'typescript ^5.8\n'}}],
  ['a range in quotes', {files: {'.toolversion': 'typescript ">=7 <8"\n'}}],
  ['fallbacks, the first of which is not there', {files: {'.toolversion': 'typescript 1.2.3 7.0.2\n'}}],
  ['system', {files: {'.toolversion': 'typescript system\n'}}],
  ['a folder', {files: {'.toolversion': 'typescript path:../x\n'}}],
  ['no version', {files: {'.toolversion': 'typescript\n'}}],
  ['a version that would leave the store', {files: {'.toolversion': 'typescript ../../x\n'}}],
  ['dots', {files: {'.toolversion': 'typescript ..\n'}}],
  ['a name that is none', {files: {'.toolversion': 'Type_Script 5\ntypescript 7.0.2\n'}}],
  ['a byte order mark', {files: {'.toolversion': '\uFEFFtypescript 7.0.2\n'}}],
  [
    'another tool’s file on the way',
    {files: {'.toolversion': 'typescript 7.0.2\n', 'a/.tool-versions': ''}, cwd: 'a'},
  ],
  ['a bare version beside tool.json', {files: {'.toolversion': '7.0.2\n', 'tool.json': '{}'}}],
  [
    'a folder of the pin file’s name',
    {files: {'.toolversion': 'typescript 7.0.2\n', 'a/.toolversion/x': ''}, cwd: 'a'},
  ],
  ['a mebibyte', {files: {'.toolversion': `${'#'.repeat(100)}\n`.repeat(11_000)}}],
  ['NULs', {files: {'.toolversion': '\0'.repeat(100)}}],
  ['a pin file elsewhere', {files: {x: 'typescript 7.0.2\n'}, env: {TOOL_VERSION_FILE: '../x'}}],
  [
    'a TOOL_DIR that is not there',
    {files: {'.toolversion': 'typescript 7.0.2\n'}, env: {TOOL_DIR: '{base}/none'}},
  ],
  ['half of a range', {files: {'.toolversion': 'typescript 7.0.2 || 8\n'}}],
  ['a hyphen range', {files: {'.toolversion': 'typescript 7.0.2 - 8\n'}}],
  ['a version beside one that is none', {files: {'.toolversion': 'typescript 7.0.2 ../x\n'}}],
  ['the marks of a merge', {files: {'.toolversion': '<<<<<<< HEAD\ntypescript 7.0.2\n=======\n'}}],
  ['another toolchain without a version', {files: {'.toolversion': 'esbuild # none\ntypescript 7.0.2\n'}}],
  ['a quote that is not closed', {files: {'.toolversion': 'esbuild "0.28\ntypescript 7.0.2\n'}}],
  ['dots in another’s version', {files: {'.toolversion': 'esbuild a..b\ntypescript 7.0.2\n'}}],
  ['a control character', {files: {'.toolversion': 'typescript 7.0.2\v5\n'}}],
  ['a carriage return inside', {files: {'.toolversion': 'typescript\r7.0.2\n'}}],
  ['what must be locked', {files: {'.toolversion': 'typescript 7.0.2\n'}, env: {TOOL_FROZEN: '1'}}],
  ['another home', {files: {'.toolversion': 'typescript 7.0.2\n'}, env: {TOOL_HOME: '/nowhere'}}],
  [
    'the other default’s variable',
    {files: {'tool.json': '{}', '.toolversion': 'typescript 7.0.2\n'}, env: {TOOL_VERSION: '5.9.3'}},
  ],
  [
    'a devEngines for a script',
    {files: {'.toolversion': 'typescript 5.9.3\n', 'package.json': '{"devEngines": {}}'}},
  ],
]

describe.each(shells)('%s %s %s', (...words) => {
  const shell = words.filter(word => typeof word === 'string')

  test.each(fast)('finds by itself: %s', (_, own, stdout) => {
    expect(runCase(own, shell)).toMatchObject({status: 0, stderr: '', stdout})
  })

  test.each(unusual)('asks tool exec about: %s', (_, own) => {
    expect(runCase(own, shell)).toMatchObject({status: 0, stderr: '', stdout: slow})
  })

  test('the global file counts where nothing else pins it', () => {
    const path = m.box.context.layout.globalPins
    writeFileSync(path, 'typescript 7.0.2\n')
    try {
      expect(runCase({}, shell)).toMatchObject({stderr: '', stdout: native})
    } finally {
      writeFileSync(path, '')
    }
  })

  test('with a lock file only what it names runs, if the version has word that it is that one', () => {
    const cases: [string, string][] = [
      [lockText('typescript', '^7', '7.0.2', check), native],
      [lockText('typescript', '">=7 <8"', '7.0.2', check), native],
      [lockText('typescript', '^7', '5.9.3', check), byNode('5.9.3')],
      [lockText('typescript', '^7', '7.0.2', 'ffffffffffffffff'), slow],
      [lockText('typescript', '^7', '7.0.2', ''), slow],
      [lockText('typescript', '^7', '7.0.2', '../bin'), slow],
      [lockText('typescript', '^6', '7.0.2', check), slow],
      [`<<<<<<< HEAD\n${lockText('typescript', '^7', '7.0.2', check)}`, slow],
      [lockText('typescript', '^7', '../../x', check), slow],
      ['', slow],
    ]
    for (const [lock, stdout] of cases) {
      const spec = lock.startsWith('typescript "') ? '">=7 <8"' : '^7'
      const files = {
        '.toolversion': `esbuild 0.28.2\ntypescript ${spec}\n`,
        '.toolversion.lock': `# lock\n${lockText('esbuild', '0.28.2', '0.28.2', check)}${lock}`,
      }
      expect({lock, ...runCase({files}, shell)}).toMatchObject({lock, stderr: '', stdout})
    }
  })

  test('a symlinked working directory is walked as the person sees it', () => {
    m.box.write(`linked-${count}/seen/.toolversion`, 'typescript 7.0.2\n')
    m.folder(`linked-${count}/real`)
    const link = join(m.box.project, `linked-${count}`, 'seen', 'link')
    symlinkSync('../real', link)
    expect(m.run('tsc', {shell, cwd: link})).toMatchObject({stderr: '', stdout: 'typescript 7.0.2\n'})
    const elsewhere = m.run('tsc', {shell, cwd: link, env: {PWD: '/tmp'}})
    expect(elsewhere).toMatchObject({stderr: '', stdout: 'slow exec -- tsc\n'})
    count++
  })

  test('argv, environment, input, exit code and signals are the program’s own', () => {
    const program = '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done\ncat\nenv | grep __tool\nexit 42\n'
    const bin = m.box.context.layout.bin('typescript', '9.9.9')
    mkdirSync(bin, {recursive: true})
    writeFileSync(join(bin, 'tsc'), program)
    chmodSync(join(bin, 'tsc'), 0o755)
    const env = {TOOL_TYPESCRIPT_VERSION: '9.9.9', IFS: 'x', CDPATH: '/'}
    const args = ['-n', '*', '', 'a\nb', '--', "it's", '$HOME', '\\']
    const ran = m.run('tsc', {shell, env, args, input: 'typed\n'})
    expect(ran).toMatchObject({
      status: 42,
      stderr: '',
      stdout: "<-n><*><><a\nb><--><it's><$HOME><\\>typed\n",
    })
    writeFileSync(join(bin, 'tsc'), '#!/bin/sh\necho "$PATH"\nkill -TERM $$\n')
    const path = `${bin}:${m.box.context.layout.shims}`
    const killed = m.run('tsc', {shell, env})
    expect(killed).toMatchObject({
      status: null,
      signal: 'SIGTERM',
      stdout: expect.stringMatching(`^${path}:`),
    })
  })
})

test('it is clean to shellcheck, also for several toolchains', () => {
  for (const name of ['tsc', 'node']) {
    const {shims} = m.box.context.layout
    expect(spawnSync('shellcheck', ['-s', 'sh', join(shims, name)], {encoding: 'utf8'}).stdout).toBe('')
  }
})

test('it forks nothing, and becomes the program at once', () => {
  m.box.write('traced/.toolversion', 'node 22.1.0\ntypescript 5.9.3\n')
  const {shims} = m.box.context.layout
  const bin = m.box.context.layout.bin('typescript', '5.9.3')
  writeFileSync(join(bin, 'tsc'), '')
  const node = join(m.box.context.layout.bin('node', '22.1.0'), 'node')
  writeFileSync(node, '#!/bin/true\n')
  const trace = spawnSync('strace', ['-f', '-e', 'trace=process', '-e', 'signal=none', join(shims, 'tsc')], {
    cwd: join(m.box.project, 'traced'),
    env: {HOME: m.box.root, PATH: '/usr/bin:/bin'},
    encoding: 'utf8',
  })
  const calls = trace.stderr.split('\n').filter(line => /^(?:\[pid|execve|clone|fork|vfork)/.test(line))
  expect(calls.map(line => /^(\w+)\("([^"]*)"/.exec(line)?.slice(1))).toEqual([
    ['execve', join(shims, 'tsc')],
    ['execve', node],
  ])
})

test('a shim whose toolversion is gone says so in one line', async () => {
  await using other = await shimMachine()
  const {rm} = await import('node:fs/promises')
  await rm(join(other.box.root, 'own runtime'))
  expect(other.run('tsc')).toMatchObject({
    status: 127,
    stdout: '',
    stderr: expect.stringMatching(/^error SHIM_OUTDATED: .*\n {2}try: .*tool rehash\n$/),
  })
})
