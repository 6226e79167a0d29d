import {mkdirSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {CommandLines} from '../../src/cli/command-line.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {tool} from '../support/tool.ts'

test('tool alone says where you are: the project, its pins, what is missing, what to type', async () => {
  await using box = sandbox()
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc']})
  box.write('.toolversion', 'typescript 5.9.3\nesbuild 0.28\n')
  const options = {cwd: box.project, env: {HOME: box.root}}
  const ran = await tool([], options)
  expect(ran).toMatchObject({code: 0, stderr: ''})
  expect(ran.stdout).toMatch(/^tool \d+\.\d+\.\d+ · project ~\/app\n/)
  expect(ran.stdout).toContain('typescript  5.9.3  (set by .toolversion:1)\n')
  expect(ran.stdout).toContain('not installed: tool install esbuild@0.28\n')
  expect(ran.stdout).toContain('install what is missing: tool install\n')
  const {stdout} = await tool(['status', '--json'], options)
  expect(JSON.parse(stdout)).toMatchObject({
    project: box.project,
    pins: [
      {toolchain: 'typescript', version: '5.9.3', via: 'store'},
      {toolchain: 'esbuild', version: null, via: 'missing'},
    ],
    servers: [],
  })
})

test('what package.json asks for in engines is a hint, until node is pinned', async () => {
  await using box = sandbox()
  box.write('package.json', '{"engines": {"node": ">=20 || 22", "npm": ">=10"}}')
  box.write('.toolversion', 'esbuild system\n')
  box.write('src/a.js', '')
  const options = {cwd: join(box.project, 'src'), env: {HOME: box.root}}
  const hint =
    '../package.json asks for node >=20 || 22 in "engines", which pins nothing; ' +
    "to pin it: tool local 'node@>=20 || 22'\n"
  for (const words of [[], ['status'], ['current']]) {
    expect(await tool(words, options)).toMatchObject({code: 0, stderr: hint})
    for (const flag of ['--json', '--quiet'])
      expect(await tool([...words, flag], options)).toMatchObject({code: 0, stderr: ''})
  }
  expect(await tool(['version'], options)).toMatchObject({stderr: ''})
  box.write('package.json', '{"engines": {"node": "\\u001b[2J"}}')
  expect(await tool(['current'], options)).toMatchObject({code: 0, stderr: ''})
  box.write('package.json', '{"engines": {"node": ">=22"}}')
  box.write('src/package.json', '{}')
  expect(await tool(['current'], options)).toMatchObject({code: 0, stderr: ''})
  box.write('.toolversion', 'node system\n')
  expect(await tool(['current'], {...options, cwd: box.project})).toMatchObject({code: 0, stderr: ''})
})

test('outside of any project it says how to begin', async () => {
  await using box = sandbox()
  const ran = await tool(['-C', box.root], {cwd: box.project, env: {HOME: box.root}})
  expect(ran).toMatchObject({code: 0, stdout: expect.stringMatching(/no project here\n\n.*tool local/)})
})

test('help is there for every way to ask for it, also for what a command runs not', async () => {
  await using box = sandbox()
  const options = {cwd: box.project, env: {HOME: box.root}}
  const all = (await tool(['help'], options)).stdout
  expect(all).toMatch(/^Pin the compiler.*\n\n {2}tool COMMAND/)
  for (const asked of [['--help'], ['-h'], ['-C', '.', '--help']])
    expect((await tool(asked, options)).stdout).toBe(all)
  const which = (await tool(['help', 'which'], options)).stdout
  expect(which).toMatch(/^Show the program.*\n\nUSAGE\n {2}\$ tool which COMMAND/)
  expect(which).toContain('EXAMPLES\n  $ tool which tsc\n')
  for (const asked of [
    ['which', '--help'],
    ['which', 'tsc', '-h'],
    ['which', '--nonsense', '--help'],
  ])
    expect((await tool(asked, options)).stdout).toBe(which)
  expect(await tool(['help', 'wich'], options)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^error UNKNOWN_COMMAND: .*"wich"\n {2}try: did you mean tool which or tool watch\?\n$/,
    ),
  })
  expect((await tool(['exec', '--', 'sh', '-c', 'echo "$1"', 'sh', '--help'], options)).stdout).toBe(
    '--help\n',
  )
})

test('every command has examples, a summary and a place in the list', async () => {
  await using box = sandbox()
  const read = (path: string) => JSON.parse(readFileSync(join(packageRoot, 'dist', path), 'utf8'))
  const {'': list, ...texts}: Record<string, string> = read('help/80.json')
  const lines: CommandLines = read('command-lines.json')
  expect(Object.keys(texts)).toEqual(Object.keys(lines))
  for (const [id, text] of Object.entries(texts)) {
    expect(text).toContain('\nEXAMPLES\n')
    if (!lines[id]?.hidden) expect(list).toMatch(new RegExp(`^  ${id.replace(':', ' ')} +\\S`, 'm'))
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  }
  const {stdout} = await tool(['--version'], {cwd: box.project, env: {HOME: box.root}})
  expect(stdout).toMatch(/^tool \d+\.\d+\.\d+\n$/)
})

test.each([
  [
    'which',
    'the argument COMMAND is missing: an executable of a toolchain, such as tsc',
    'tool which COMMAND',
  ],
  [
    'mirror --to x --platform linux-x64',
    'the argument VERSION is missing: TOOLCHAIN@VERSION; any number of them',
    'tool mirror TOOLCHAIN@VERSION... --to DIR [--platform NAME...]',
  ],
  [
    'lsp',
    'there is no command "lsp" yet',
    'start the language server with the pinned versions on its PATH: tool exec COMMAND',
  ],
])('tool %s is told in words of ours', async (line, message, hint) => {
  await using box = sandbox()
  const {code, stderr} = await tool(line.split(' '), {cwd: box.project, env: {HOME: box.root}})
  expect({code, stderr: stderr.replace(/^error [A-Z_]+: /, '')}).toEqual({
    code: 2,
    stderr: `${message}\n  try: ${hint}\n`,
  })
})

test('empty words and a wrong -t are told as what they are', async () => {
  await using box = sandbox()
  const run = async (...args: string[]) =>
    (await tool(args, {cwd: box.project, env: {HOME: box.root}})).stderr.split('\n')[0]
  expect(await run('uninstall', '')).toBe('error USAGE: an argument is empty, where a version was expected')
  expect(await run('which', '')).toBe('error COMMAND_NOT_FOUND: the name of the command is empty')
  expect(await run('exec', '-t', 'nosuch', '--', 'x')).toBe(
    'error UNKNOWN_TOOLCHAIN: there is no toolchain "nosuch" (set by the command line)',
  )
})

test('a project that was served before is looked at as quickly as any other', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'esbuild system\n')
  const {layout} = box.context
  mkdirSync(layout.cache, {recursive: true})
  mkdirSync(join(layout.run(box.project), 'logs'), {recursive: true})
  expect(await tool(['status'], {cwd: box.project, env: {HOME: box.root}})).toMatchObject({code: 0})
  const compiled = readdirSync(join(layout.cache, 'compiled'))
  expect(compiled.map(name => name.replace(/-cjs-.*/, ''))).toEqual(['status-dist-hot-index'])
})
