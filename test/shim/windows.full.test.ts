import {linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {packageRoot} from '../support/sandbox.ts'
import {startWine, type Typed, typeLines, type Wine, windowsPath} from '../support/wine.ts'

let wine: Wine
/** A person's folder, with a name that batch files have trouble with; a percent sign is beyond Wine, which expands it twice. */
let user: string
let app: string
beforeAll(() => {
  wine = startWine()
  user = join(wine.root, "é & o'b (x)")
  app = join(user, 'app')
  put('typescript', '9.9.9', 'tsc.exe')
  put('esbuild', '0.1.0', 'esbuild.cmd', `@"${windowsPath(wine.node)}" %*\r\n@exit /b %ERRORLEVEL%\r\n`)
  mkdirSync(app)
  writeFileSync(join(app, '.toolversion'), 'typescript 9.9.9\nesbuild 0.1.0\n')
  writeFileSync(join(app, 'show.cjs'), show)
  expect(rehash()).toMatchObject({foreign: [], removed: []})
}, 300_000)
afterAll(() => wine[Symbol.dispose]())

/** Tells what it was given, on stdout. */
const show = `
const given = {args: process.argv.slice(2), home: process.env.TOOL_HOME, path: process.env.PATH}
const input = require('node:fs').readFileSync(0, 'utf8')
process.stdout.write(JSON.stringify({...given, input}))
process.exitCode = Number(process.env.EXIT || 0)
`

const home = () => join(user, '.tool')
const environment = () => ({
  TOOL_HOME: windowsPath(home()),
  USERPROFILE: windowsPath(user),
  TOOL_OFFLINE: '1',
})
const shim = (name: string) => `"${windowsPath(join(home(), 'shims', name))}.cmd"`
const type = (lines: readonly Typed[]) => typeLines(wine, app, lines, environment())

/** Puts a program into a version by hand: Node itself, if no text is given. */
function put(toolchain: string, version: string, name: string, text?: string): string {
  const file = join(user, '.tool', 'versions', toolchain, version, 'bin', name)
  mkdirSync(dirname(file), {recursive: true})
  if (text === undefined) linkSync(wine.node, file)
  else writeFileSync(file, text)
  return file
}

function tool(...args: string[]) {
  return wine.run([windowsPath(join(packageRoot, 'bin', 'tool.cjs')), ...args], {
    cwd: app,
    env: environment(),
  })
}

function rehash() {
  const {stdout, stderr, status} = tool('rehash', '--json')
  expect({status, stderr}).toEqual({status: 0, stderr: ''})
  return JSON.parse(stdout)
}

test('there is a batch file and a PowerShell script for each command, and none that is stale', () => {
  const all = ['esbuild.cmd', 'esbuild.ps1', 'tsc.cmd', 'tsc.ps1']
  expect(readdirSync(join(home(), 'shims')).sort()).toEqual(all)
  const again = put('typescript', '9.9.8', 'TSC.bat', '')
  const gone = put('esbuild', '0.0.9', 'old.exe', '')
  expect(rehash()).toMatchObject({written: ['old.cmd', 'old.ps1'], removed: []})
  for (const file of [again, gone]) rmSync(file)
  expect(rehash()).toMatchObject({written: [], removed: ['old.cmd', 'old.ps1'], kept: expect.any(Array)})
  expect(readdirSync(join(home(), 'shims')).sort()).toEqual(all)
})

test('arguments arrive as they do without a shim, and quotes keep what cmd would take for its own', () => {
  const words: [string, string[]][] = [
    ['plain -x /y --', ['plain', '-x', '/y', '--']],
    ['"a b" ""', ['a b', '']],
    ['"a&b" "a|b" "a>b" "<a" "a^b" "(a)"', ['a&b', 'a|b', 'a>b', '<a', 'a^b', '(a)']],
    ['"q\\"q" "x\\\\"', ['q"q', 'x\\']],
    ['a=b a,b a;b *.cjs ?', ['a=b', 'a,b', 'a;b', '*.cjs', '?']],
    ['wow! "w o!"', ['wow!', 'w o!']],
  ]
  const direct = `"${windowsPath(join(home(), 'versions', 'typescript', '9.9.9', 'bin', 'tsc.exe'))}"`
  const ran = type(
    words.flatMap(([text]) => [direct, shim('tsc')].map(program => ({line: `${program} show.cjs ${text}`}))),
  )
  const seen = ran.map(({stdout, stderr}) => ({args: JSON.parse(stdout || 'null')?.args, stderr}))
  expect(seen).toEqual(
    words.flatMap(([, args]) => [
      {args, stderr: ''},
      {args, stderr: ''},
    ]),
  )
})

test('exit code and input are the program’s own, its folder is first on PATH, and its environment is as it was', () => {
  const [ran, ofAnother] = type([
    {
      line: `${shim('tsc')} show.cjs`,
      env: {TOOL_HOME: null, HOME: null, USERPROFILE: windowsPath(user), EXIT: '42'},
      input: 'typed\n',
    },
    {line: `${shim('tsc')} show.cjs`, env: {TOOL_HOME: null, HOME: null, USERPROFILE: 'C:\\'}},
  ])
  const bin = windowsPath(join(home(), 'versions', 'typescript', '9.9.9', 'bin'))
  expect(ran).toMatchObject({status: 42, stderr: ''})
  const given = JSON.parse(ran?.stdout ?? '')
  expect(given).toMatchObject({input: 'typed\n'})
  expect(given.home).toBeUndefined()
  expect(given.path.toLowerCase().startsWith(`${bin};`.toLowerCase())).toBe(true)
  expect(ofAnother).toMatchObject({status: 0, stderr: ''})
  expect(JSON.parse(ofAnother?.stdout ?? '')).toMatchObject({home: windowsPath(home())})
})

test('a version’s own batch file gets its arguments, too', () => {
  const args = ['a b', '', 'a&b', 'q"q', 'x\\', '^', '(a)', '"&"']
  const ran = tool('exec', '--', 'esbuild', 'show.cjs', ...args)
  expect(ran).toMatchObject({status: 0, stderr: ''})
  expect(JSON.parse(ran.stdout)).toMatchObject({args})
  expect(tool('exec', '--', 'esbuild', 'show.cjs', 'a\nb')).toMatchObject({
    status: 126,
    stderr: expect.stringMatching(/^error COMMAND_NOT_EXECUTABLE: .*line break/),
  })
})

test('shims on PATH in whatever spelling are never the system’s', () => {
  const shims = windowsPath(join(home(), 'shims'))
  const path = [shims.toUpperCase(), shims.toLowerCase(), `${shims}\\`, 'C:\\windows\\system32'].join(';')
  const env = {PATH: path, TOOL_TYPESCRIPT_VERSION: 'system'}
  expect(type([{line: `${shim('tsc')} show.cjs`, env}])).toMatchObject([
    {status: 127, stdout: '', stderr: expect.stringMatching(/^error COMMAND_NOT_FOUND: /)},
  ])
})

test('a shim whose toolversion is gone says so', () => {
  const file = join(home(), 'shims', 'tsc.cmd')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replaceAll('tool.cjs', 'gone.cjs'))
  const [ran] = type([{line: `${shim('tsc')} show.cjs`}])
  expect(ran).toMatchObject({
    status: 127,
    stdout: '',
    stderr: expect.stringMatching(/^error SHIM_OUTDATED: .*gone\.cjs.*\r?\n {2}try: .*tool rehash/),
  })
  renameSync(file, `${file}.old`)
  rmSync(`${file}.old`)
  expect(rehash()).toMatchObject({written: ['tsc.cmd']})
})
