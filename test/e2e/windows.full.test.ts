import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {packageRoot} from '../support/sandbox.ts'
import {startWine, type Wine, windowsPath} from '../support/wine.ts'

let wine: Wine
let user: string
let app: string
beforeAll(() => {
  wine = startWine()
  user = join(wine.root, "é & o'b (x)")
  app = join(user, 'app')
  mkdirSync(app, {recursive: true})
  define('script', 'bin/script.js', 'node')
  define('batch', 'bin/batch.cmd')
  put('script/1.0.0/bin/script.js', script)
  put('script/1.1.0/bin/script.js', script)
  // A program that is none of Node's, with a child that is no child of ours.
  const words = `"${windowsPath(wine.node)}" "%~dp0..\\..\\..\\script\\1.0.0\\bin\\script.js"`
  put('batch/1.0.0/bin/batch.cmd', `@${words} %*\r\n@exit /b %ERRORLEVEL%\r\n`)
}, 300_000)
afterAll(() => wine[Symbol.dispose]())

/** Builds with an error that tells its arguments, or serves. */
const script = `#!/usr/bin/env node
const [what, ...args] = process.argv.slice(2)
if (what === 'build') {
  console.log('src\\\\main.x:2:3: error: ' + JSON.stringify(args))
  process.exitCode = 1
} else {
  const [host, port] = args
  const server = require('node:http').createServer((_request, response) => response.end('here'))
  server.listen(Number(port), host, () => console.log('ready on http://' + host + ':' + server.address().port + '/'))
}
`

function put(path: string, text: string): void {
  const file = join(user, '.tool', 'versions', path)
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, text)
}

function define(name: string, path: string, runtime?: string): void {
  const pattern = String.raw`^(?<file>[^:]+):(?<line>\d+):(?<column>\d+): (?<severity>\w+): (?<message>.*)$`
  const definition = {
    name,
    title: name,
    homepage: 'https://toolchain.example/',
    sources: [{kind: 'npm', package: name}],
    executables: {[name]: {path, ...(runtime && {runtime})}},
    build: {driver: 'stream', command: [name, 'build'], diagnostics: {pattern}},
    serve: {
      driver: 'stream',
      command: [name, 'serve', '{host}', '{port}'],
      ready: String.raw`^ready on (?<url>\S+)`,
    },
  }
  const folder = join(user, '.tool', 'toolchains')
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(definition))
}

function tool(...args: string[]) {
  const env = {TOOL_HOME: windowsPath(join(user, '.tool')), USERPROFILE: windowsPath(user), TOOL_OFFLINE: '1'}
  return wine.run([windowsPath(join(packageRoot, 'bin', 'tool.cjs')), ...args], {cwd: app, env})
}

/** What a command prints with `--json`. */
function answer(...args: string[]) {
  const {stdout, stderr} = tool(...args, '--json')
  return stdout === '' ? stderr : JSON.parse(stdout)
}

async function isServed(url: string): Promise<boolean> {
  return fetch(url).then(
    response => response.ok,
    () => false,
  )
}

test('versions are pinned, listed and found', () => {
  for (const one of ['script@1.0.0', 'batch@1.0.0'])
    expect(tool('local', one)).toEqual({status: 0, stdout: '', stderr: ''})
  expect(readFileSync(join(app, '.toolversion'), 'utf8')).toBe('script 1.0.0\nbatch 1.0.0\n')
  expect(tool('versions', '--bare', '-t', 'script')).toEqual({
    status: 0,
    stdout: '1.0.0\n1.1.0\n',
    stderr: '',
  })
  const program = windowsPath(join(user, '.tool', 'versions', 'script', '1.0.0', 'bin', 'script.js'))
  expect(tool('which', 'script')).toEqual({status: 0, stdout: `${program}\n`, stderr: ''})
  expect(tool('version-name', '-t', 'script')).toEqual({status: 0, stdout: '1.0.0\n', stderr: ''})
})

test('a script and a batch file build, and get their arguments as they are', () => {
  const args = ['a b', '', 'x&y', 'q"r', '^', '(z)', 'a;b,c']
  const {status, stdout} = tool('build', '--format', 'json', '--', ...args)
  expect(status).toBe(1)
  const {diagnostics} = JSON.parse(stdout)
  expect(diagnostics).toHaveLength(2)
  for (const one of diagnostics) expect(one).toMatchObject({range: {start: {line: 1, character: 2}}})
  expect(diagnostics.map(({message}: {message: string}) => JSON.parse(message))).toEqual([args, args])
})

test('servers run in the background, tell where, start again, and stop', async () => {
  const started = tool('serve', 'script', '--detach')
  expect(started).toMatchObject({status: 0, stderr: expect.stringContaining('in the background')})
  const url = /^script 1\.0\.0 (http:\S+\/)\n$/.exec(started.stdout)?.[1] ?? ''
  expect(await isServed(url)).toBe(true)
  expect(tool('port')).toMatchObject({status: 0, stdout: `${new URL(url).port}\n`})
  const [project] = answer('ps')
  expect(project).toMatchObject({root: windowsPath(app), detached: true, workers: [{state: 'ready'}]})
  expect(tool('serve', 'script', '--detach')).toMatchObject({status: 0, stdout: started.stdout})
  const again = /(http:\S+\/)\n$/.exec(tool('restart').stdout)?.[1] ?? ''
  expect([await isServed(url), await isServed(again)]).toEqual([url === again, true])
  expect(tool('logs').stdout).toContain(`listens at ${again}`)
  expect(tool('stop')).toMatchObject({status: 0, stdout: expect.stringContaining('stopped')})
  expect(await isServed(again)).toBe(false)
  expect(answer('ps')).toEqual([])
})

test.each(['stopped', 'killed'])('the server that a batch file started goes when it is %s', async how => {
  const {stdout} = tool('serve', 'batch', '--detach')
  const url = /(http:\S+\/)\n$/.exec(stdout)?.[1] ?? ''
  expect(await isServed(url)).toBe(true)
  if (how === 'stopped') expect(tool('stop')).toMatchObject({status: 0})
  else {
    const [{pid}] = answer('ps')
    wine.run(['-e', `process.kill(${pid}, 'SIGKILL')`], {cwd: app})
  }
  await expect.poll(() => isServed(url), {timeout: 20_000}).toBe(false)
  expect(answer('ps')).toEqual([])
})
