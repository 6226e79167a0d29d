import {existsSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {listenSocket} from '../../src/ipc/listen.ts'
import type {Connection, Schema} from '../../src/ipc/types.ts'
import {
  compileResult,
  type InitializeResult,
  initializeParams,
  type WorkerMessage,
  workerMessages,
} from '../../src/model/protocol.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {type PackedSitec, packedSitec} from './packed.ts'
import {run} from './running.ts'
import {page} from './support.ts'

let packed: PackedSitec

beforeAll(async () => {
  packed = await packedSitec()
})

afterAll(() => packed[Symbol.dispose]())

type Said = {[M in WorkerMessage['method']]: Extract<WorkerMessage, {method: M}>['params']}

/** A sitec of one release that has joined, and what it says. */
async function supervised(box: Sandbox, version: string, args: string[], setup: Partial<InitializeResult>) {
  const said: WorkerMessage[] = []
  const checks = new Set<() => void>()
  const joined = Promise.withResolvers<Connection>()
  const listening = await listenSocket({
    directory: join(box.root, 'run'),
    name: 'sitec.sock',
    handshake: {
      schema: initializeParams,
      tokenFor: ({workerId}) => (workerId === 'sitec-1' ? 'secret' : undefined),
      welcome(connection, {name, version: told}) {
        expect([name, told]).toEqual(['sitec', version])
        for (const [method, schema] of Object.entries(workerMessages)) {
          connection.onNotification(method, schema as Schema<unknown>, params => {
            said.push({method, params} as WorkerMessage)
            for (const check of checks) check()
          })
        }
        joined.resolve(connection)
        return {
          root: box.project,
          mode: 'build',
          arguments: [],
          server: {host: '127.0.0.1', port: 0},
          ...setup,
        }
      },
    },
  })
  const env = {TOOL_IPC: listening.path, TOOL_WORKER_ID: 'sitec-1', TOOL_WORKER_TOKEN: 'secret'}
  const running = run(packed.program(version), args, {cwd: box.project, env})
  const connection = await joined.promise
  return {
    connection,
    exited: running.exited,
    compile: async (taskId: string, given: string[] = []) =>
      compileResult.parse(await connection.request('compile', {taskId, arguments: given})),
    /** Takes what was said up to the first message that fits, and returns that one. */
    hears: <M extends keyof Said>(method: M, fits: (params: Said[M]) => boolean = () => true) =>
      new Promise<Said[M]>(resolve => {
        const check = () => {
          const index = said.findIndex(each => each.method === method && fits(each.params as Said[M]))
          if (index === -1) return
          checks.delete(check)
          resolve(said.splice(0, index + 1).at(-1)?.params as Said[M])
        }
        checks.add(check)
        check()
      }),
    said,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      await listening.close()
    },
  }
}

test('build: warm compiles, and diagnostics that are cleared when the mistake is gone', async () => {
  await using box = sandbox()
  const path = box.write('content/index.md', page('[a](gone.md)'))
  const uri = pathToFileURL(path).href
  await using worker = await supervised(box, '1.1.0', ['build', '--out', 'public'], {})
  expect(await worker.compile('t1')).toEqual({status: 2})
  expect(await worker.hears('task/progress')).toMatchObject({message: '1 files read, 0 unchanged'})
  const diagnostic = {
    range: {start: {line: 3, character: 4}, end: {line: 3, character: 11}},
    severity: 1,
    code: 'SITEC004',
    source: 'sitec',
    message: 'there is no page or file gone.md',
  }
  expect(await worker.hears('diagnostics/publish')).toEqual({
    uri,
    diagnostics: [diagnostic],
    reset: true,
    taskId: 't1',
  })
  expect(await worker.hears('task/finish')).toEqual({taskId: 't1', status: 2})
  expect(existsSync(join(box.project, 'public'))).toBe(false)

  box.write('content/gone.md', page('found'))
  expect(await worker.compile('t2')).toEqual({status: 1})
  expect(await worker.hears('task/progress')).toMatchObject({message: '1 files read, 1 unchanged'})
  expect(await worker.hears('diagnostics/publish')).toEqual({uri, diagnostics: [], reset: true, taskId: 't2'})
  expect(readFileSync(join(box.project, 'public/gone.html'), 'utf8')).toContain('found')

  rmSync(join(box.project, 'content/gone.md'))
  box.write('content/index.md', page('alone'))
  expect(await worker.compile('t3')).toEqual({status: 1})
  expect(existsSync(join(box.project, 'public/gone.html'))).toBe(false)
  await worker.connection.request('shutdown', {})
  await worker.connection.notify('exit', {})
  expect(await worker.exited).toBe(0)
})

test('build: arguments of the person follow those of the definition', async () => {
  await using box = sandbox()
  box.write('site/content/index.md', page('a'))
  await using worker = await supervised(box, '2.0.0', ['build', '--out-dir', 'dist'], {})
  expect(await worker.compile('t1', ['site', '--out-dir', 'other'])).toEqual({status: 1})
  expect(existsSync(join(box.project, 'site/other/index.html'))).toBe(true)

  expect(await worker.compile('t2', ['--out', 'x'])).toEqual({status: 2})
  const {uri, diagnostics} = await worker.hears('diagnostics/publish')
  expect(uri).toBe(pathToFileURL(box.project).href)
  expect(diagnostics).toMatchObject([{code: 'RENAMED_FLAG', severity: 1}])
  expect(await worker.compile('t3', ['site'])).toEqual({status: 1})
  expect(await worker.hears('diagnostics/publish')).toMatchObject({uri, diagnostics: []})
})

test('serve: the port really bound, diagnostics while the sources change, and an end', async () => {
  await using box = sandbox()
  const path = box.write('content/index.md', page('first'))
  const setup = {mode: 'serve', server: {host: '127.0.0.1', port: 0}} as const
  await using worker = await supervised(box, '2.0.0', ['serve'], setup)
  const {url, port, host, protocol} = await worker.hears('server/listening')
  expect({url, host, protocol}).toEqual({
    url: `http://127.0.0.1:${port}/`,
    host: '127.0.0.1',
    protocol: 'http',
  })
  expect(await (await fetch(url)).text()).toContain('<p>first</p>')

  const about = ({uri}: {uri: string}) => uri === pathToFileURL(path).href
  box.write('content/index.md', page('[a](gone.md)'))
  expect((await worker.hears('diagnostics/publish', about)).diagnostics).toMatchObject([{code: 'SITEC004'}])
  expect(await worker.hears('task/finish')).toMatchObject({status: 2})
  box.write('content/index.md', page('mended'))
  expect((await worker.hears('diagnostics/publish', about)).diagnostics).toEqual([])
  expect(await worker.hears('task/finish')).toMatchObject({status: 1})
  expect(await (await fetch(url)).text()).toContain('<p>mended</p>')

  box.write('content/index.md', page('asked'))
  expect(await worker.compile('t1')).toEqual({status: 1})
  expect(await (await fetch(url)).text()).toContain('<p>asked</p>')
  expect(existsSync(join(box.project, 'dist'))).toBe(false)

  await worker.connection.request('shutdown', {})
  await worker.connection.notify('exit', {})
  expect(await worker.exited).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
})

test('serve: a port that was asked for, and one that is taken', async () => {
  await using box = sandbox()
  box.write('content/index.md', page('first'))
  await using first = await supervised(box, '1.0.0', ['serve'], {mode: 'serve'})
  const {port} = await first.hears('server/listening')
  await using other = sandbox()
  const setup = {mode: 'serve', server: {host: '127.0.0.1', port}} as const
  await using second = await supervised(other, '1.0.0', ['serve'], setup)
  const {level, message} = await second.hears('log/message')
  expect({level, message}).toEqual({
    level: 'error',
    message: `port ${port} on 127.0.0.1 is taken by another program; --port 0 is any free one`,
  })
  expect(await second.exited).toBe(1)
})
