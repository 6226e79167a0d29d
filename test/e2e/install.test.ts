import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {tool} from '../support/tool.ts'

const tsc = '#!/usr/bin/env node\nconsole.log("Version 5.9.3", ...process.argv.slice(2))\n'

async function machine() {
  const box = sandbox()
  const registry = await startRegistry()
  for (const version of ['5.8.2', '5.9.2', '5.9.3']) {
    registry.publish('typescript', version, {'bin/tsc': tsc.replace('5.9.3', version), 'bin/tsserver': tsc})
  }
  const env = {HOME: box.root, ...registry.env}
  return {
    box,
    registry,
    run: (...args: string[]) => tool(args, {cwd: box.project, env}),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

test('what a project pins is installed, found, run and listed', async () => {
  await using m = await machine()
  m.box.write('.toolversion', '# ours\ntypescript 5.9\n')

  expect((await m.run('current')).stdout).toBe(
    'typescript  5.9  (set by .toolversion:2) not installed: tool install typescript@5.9\n',
  )
  const installed = await m.run('install')
  expect(installed.code).toBe(0)
  expect(installed.stderr).toMatch(
    /^installing typescript 5\.9\.3\nto run tsc by its name, add this line to ~\/\.bashrc .*: eval .* init bash\)"\n$/,
  )
  const directory = join(m.box.root, '.tool', 'versions', 'typescript', '5.9.3')
  expect(installed.stdout).toBe(`typescript 5.9.3  installed  ${directory}\n`)

  expect((await m.run('install')).stdout).toBe(`typescript 5.9.3  was installed already  ${directory}\n`)
  expect((await m.run('current')).stdout).toBe('typescript  5.9.3  (5.9, set by .toolversion:2)\n')
  expect((await m.run('which', 'tsc')).stdout).toBe(`${join(directory, 'bin', 'tsc')}\n`)
  expect(await m.run('exec', 'tsc', '--version', '--', '-x')).toMatchObject({
    code: 0,
    stdout: 'Version 5.9.3 --version -- -x\n',
    stderr: '',
  })
  expect((await m.run('versions')).stdout).toBe('* typescript  5.9.3  (set by .toolversion:2)\n')
})

test('a bare version is of the default toolchain, and several can be named', async () => {
  await using m = await machine()
  const ran = await m.run('install', '5.8.2', 'typescript@~5.9.0', '--json')
  expect(JSON.parse(ran.stdout)).toMatchObject([
    {toolchain: 'typescript', version: '5.8.2', fresh: true, origin: {kind: 'argument'}},
    {toolchain: 'typescript', version: '5.9.3', fresh: true},
  ])
  expect((await m.run('versions', '--bare')).stdout).toBe('5.8.2\n5.9.3\n')
})

test('exec installs a pinned version that is missing, unless told not to', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript 5.9.2\n')
  expect(await m.run('exec', '--no-install', 'tsc')).toMatchObject({
    code: 7,
    stdout: '',
    stderr:
      'error VERSION_NOT_INSTALLED: typescript 5.9.2 is not installed (set by .toolversion:1)\n  try: tool install typescript@5.9.2\n',
  })
  expect(await m.run('exec', 'tsc', 'a b')).toMatchObject({code: 0, stdout: 'Version 5.9.2 a b\n'})
})

test('exec runs a version that nothing pins, and any program with the pinned versions first on its PATH', async () => {
  await using m = await machine()
  expect((await m.run('exec', 'typescript@5.8.2', '--', 'tsc', '-v')).stdout).toBe('Version 5.8.2 -v\n')
  m.box.write('.toolversion', 'typescript 5.8.2\n')
  expect((await m.run('exec', 'sh', '-c', 'command -v tsc')).stdout).toContain(
    '/versions/typescript/5.8.2/bin/tsc',
  )
})

test('exec passes on the exit code, and becomes the command: same process', async () => {
  await using m = await machine()
  expect(await m.run('exec', 'sh', '-c', 'exit 42')).toMatchObject({code: 42})
  expect(await m.run('exec', 'sh', '-c', 'kill -KILL $$')).toMatchObject({code: null, signal: 'SIGKILL'})
})

test('exec runs a script without an interpreter line with sh, and says what is no program', async () => {
  await using m = await machine()
  const script = m.box.write('plain', 'echo "plain $1"\n')
  writeFileSync(script, 'echo "plain $1"\n', {mode: 0o755})
  const {chmodSync} = await import('node:fs')
  chmodSync(script, 0o755)
  expect(await m.run('exec', script, 'x')).toMatchObject({code: 0, stdout: 'plain x\n', stderr: ''})
  chmodSync(script, 0o644)
  expect(await m.run('exec', script)).toMatchObject({
    code: 126,
    stderr: expect.stringContaining('error COMMAND_NOT_EXECUTABLE'),
  })
  expect(await m.run('exec', './none')).toMatchObject({
    code: 127,
    stderr: expect.stringMatching(/^error COMMAND_NOT_FOUND: .*\n {2}try: .*\n$/),
  })
})

test('what a newcomer mistypes gets one clear error and leaves the store alone', async () => {
  await using m = await machine()
  const cases: [string[], number, RegExp][] = [
    [['instal'], 2, /^error UNKNOWN_COMMAND: .*"instal"\n {2}try: did you mean tool install\?\n$/],
    [['install', '--frce'], 2, /^error USAGE: .*--frce\n {2}try: did you mean --force or --from\?\n$/],
    [
      ['install', '5.99'],
      4,
      /^error NO_SUCH_VERSION: there is no typescript 5.99 \(set by the command line\)\n {2}try: near it are 5.9.3/,
    ],
    [['install', '4.0.0'], 4, /^error NO_SUCH_VERSION: there is no typescript 4.0.0 .*\n {2}try: /],
    [
      ['install', 'typscript@5.9.3'],
      3,
      /^error UNKNOWN_TOOLCHAIN: .*"typscript".*\n {2}try: did you mean typescript/,
    ],
    [['install', 'typescript@../5'], 2, /^error PIN_VERSION_UNSAFE: /],
    [['install'], 3, /^error NO_PROJECT: no \.toolversion in .*\n {2}try: /],
    [['build'], 3, /^error NO_PROJECT: /],
    [['serve', '--port', '70000'], 2, /^error USAGE: .*70000/],
    [['which', 'tcs'], 127, /^error COMMAND_NOT_FOUND: .*"tcs".*\n {2}try: did you mean tsc/],
    [['exec'], 2, /^error EXEC_WITHOUT_COMMAND: /],
    [['current', 'typescript'], 2, /^error USAGE: .*typescript/],
    [['ls'], 2, /did you mean tool versions\?/],
    [['serve', '--host', ''], 2, /^error USAGE: .*empty/],
    [['port'], 3, /^error NO_PROJECT: /],
    [['-C', 'nowhere', 'current'], 2, /^error DIRECTORY_NOT_FOUND: /],
    [['current', '-C', 'nowhere'], 2, /^error DIRECTORY_NOT_FOUND: .*nowhere \(set by -C\)/],
  ]
  for (const [args, code, stderr] of cases) {
    const ran = await m.run(...args)
    expect({args, code: ran.code, stdout: ran.stdout}).toEqual({args, code, stdout: ''})
    expect(ran.stderr).toMatch(stderr)
    expect(ran.stderr).not.toMatch(/^\s+at /m)
  }
  const versions = join(m.box.root, '.tool', 'versions')
  expect(existsSync(versions) ? readdirSync(versions) : []).toEqual([])
})

test('a toolchain and its version may be two words, or the toolchain a flag', async () => {
  await using m = await machine()
  const json = async (...args: string[]) => JSON.parse((await m.run('install', ...args, '--json')).stdout)
  expect(await json('typescript', '5.8.2')).toMatchObject([{toolchain: 'typescript', version: '5.8.2'}])
  expect(await json('-t', 'typescript', '5.9.2', '5.9.3')).toMatchObject([
    {version: '5.9.2'},
    {version: '5.9.3'},
  ])
})

test('-C may stand before the verb, as with git and make', async () => {
  await using m = await machine()
  m.box.write('deep/.toolversion', 'typescript ">=5.9 <6"\n')
  expect((await m.run('-C', 'deep', 'current')).stdout).toBe(
    "typescript  >=5.9 <6  (set by .toolversion:1) not installed: tool install 'typescript@>=5.9 <6'\n",
  )
  expect((await m.run('-C', 'deep', '--quiet', 'install')).stdout).toMatch(/^typescript 5\.9\.3 {2}installed/)
})

test('a misspelt toolchain is named, on the command line and in tool.json', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript 5.9.3\n')
  expect(await m.run('build', 'esbiuld')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /^error UNKNOWN_TOOLCHAIN: .*"esbiuld" \(set by the command line\)\n {2}try: did you mean esbuild\?\n$/,
    ),
  })
  m.box.write('tool.json', '{"build": {"typescrpt": {"args": ["x"]}}}')
  expect(await m.run('build')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /^error PROJECT_CONFIG_INVALID: .*"typescrpt".*tool\.json.*\n {2}try: did you mean typescript\?\n$/,
    ),
  })
})

test('an output that can’t be written is said in one line', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript 5.9.3\n')
  for (const verb of ['current', 'versions --json']) {
    const line = `${process.execPath} ${join(packageRoot, 'bin', 'tool.cjs')} ${verb} >/dev/full`
    const ran = spawnSync('sh', ['-c', line], {cwd: m.box.project, encoding: 'utf8', env: {HOME: m.box.root}})
    expect(ran).toMatchObject({
      status: 7,
      stderr: expect.stringMatching(/^error OUTPUT_UNWRITABLE: .*ENOSPC.*\n {2}try: .*\n$/),
    })
  }
})

test('with --json an error is JSON on stdout, with the same exit code', async () => {
  await using m = await machine()
  const ran = await m.run('install', '5.99', '--json')
  expect(ran).toMatchObject({code: 4, stderr: ''})
  expect(JSON.parse(ran.stdout)).toMatchObject({
    error: {code: 'NO_SUCH_VERSION', message: expect.any(String), hint: expect.any(String)},
  })
})

test('with --json also what is no command at all', async () => {
  await using m = await machine()
  const ran = await m.run('instal', '--json')
  expect(ran).toMatchObject({code: 2, stderr: ''})
  expect(JSON.parse(ran.stdout)).toMatchObject({error: {code: 'UNKNOWN_COMMAND'}})
})

test('a bad line of a pin file is named with its place', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'typescript 5.9.3\nesbuild\n')
  for (const args of [['current'], ['install'], ['build'], ['which', 'tsc']]) {
    expect(await m.run(...args)).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^error PIN_WITHOUT_VERSION: .*\.toolversion:2.*\n {2}try: .*\n$/),
    })
  }
})

test('where there is nothing to list, that is said', async () => {
  await using m = await machine()
  expect(await m.run('current')).toMatchObject({code: 0, stdout: '', stderr: 'nothing is pinned here\n'})
  expect(await m.run('versions')).toMatchObject({code: 0, stdout: '', stderr: 'nothing is installed\n'})
})

test('a log level that does not exist is refused', async () => {
  await using box = sandbox()
  const ran = await tool(['current'], {cwd: box.project, env: {HOME: box.root, TOOL_LOG: 'loud'}})
  expect(ran).toMatchObject({code: 2, stderr: expect.stringContaining('set by TOOL_LOG')})
})
