import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {describe, expect, test} from 'vitest'
import {supervise} from '../support/minimal-supervisor.ts'
import {sandbox} from '../support/sandbox.ts'

const compile = (taskId: string, ...words: string[]) => ({taskId, arguments: words})

test('ten lines make a compiler', async () => {
  await using box = sandbox()
  const file = box.write('input.txt', 'fine\nso TODO\n')
  await using worker = await supervise(box.project, 'worker-ten-lines.ts')
  expect(worker.hello).toMatchObject({name: 'ten-lines', version: '1.0.0', protocolVersion: 1})
  expect(worker.hello.capabilities).toEqual({compile: true, serve: false})
  expect(await worker.connection.request('compile', compile('t1', 'input.txt'))).toEqual({status: 2})
  const diagnostic = {
    range: {start: {line: 1, character: 3}, end: {line: 1, character: 7}},
    severity: 1,
    code: 'T1',
    source: 'ten-lines',
    message: 'something is left to do',
  }
  expect(worker.said).toEqual([
    {method: 'task/start', params: {taskId: 't1', title: 'ten-lines 1.0.0'}},
    {
      method: 'diagnostics/publish',
      params: {uri: pathToFileURL(file).href, diagnostics: [diagnostic], reset: true, taskId: 't1'},
    },
    {method: 'task/finish', params: {taskId: 't1', status: 2}},
  ])
  box.write('input.txt', 'all done\n')
  expect(await worker.connection.request('compile', compile('t2', 'input.txt'))).toEqual({status: 1})
  await worker.connection.request('shutdown', {})
  await worker.connection.notify('exit', {})
  expect(await worker.program.ended).toEqual({code: 0, signal: null})
  expect(worker.program).toMatchObject({stdout: '', stderr: ''})
  expect(readFileSync(join(box.project, 'input.txt'), 'utf8')).toBe('all done\n')
})

describe('compile', () => {
  test('has failed if an error is left, and forgets what was not reported again', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts')
    const {connection, said} = worker
    expect(await connection.request('compile', compile('1', 'error', 'more'))).toEqual({status: 2})
    expect(await connection.request('compile', compile('2', 'error', 'clear', 'warning'))).toEqual({
      status: 1,
    })
    said.length = 0
    expect(await connection.request('compile', compile('3', 'error'))).toEqual({status: 2})
    expect(
      said.filter(({method}) => method === 'diagnostics/publish').map(({params}) => params),
    ).toMatchObject([
      {uri: 'file:///app/a', diagnostics: [{message: 'wrong'}]},
      {uri: 'file:///app/b', diagnostics: [], reset: true},
    ])
    said.length = 0
    expect(await connection.request('compile', compile('4'))).toEqual({status: 1})
    expect(said.map(({params}) => params)).toMatchObject([
      {taskId: '4'},
      {uri: 'file:///app/a', diagnostics: [], reset: true},
      {taskId: '4', status: 1},
    ])
  })

  test('runs parts as tasks of their own, which finish whatever happens', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts')
    expect(await worker.connection.request('compile', compile('1', 'part', 'broken-part'))).toEqual({
      status: 2,
    })
    const tasks = worker.said.filter(({method}) => method.startsWith('task/'))
    const ids = tasks.flatMap(({method, params}) =>
      method === 'task/start' && 'taskId' in params ? [params.taskId] : [],
    )
    expect(new Set(ids).size).toBe(3)
    expect(
      tasks.map(({method, params}) => [method, ids.indexOf('taskId' in params ? (params.taskId ?? '') : '')]),
    ).toEqual([
      ['task/start', 0],
      ['task/start', 1],
      ['task/progress', 1],
      ['task/finish', 1],
      ['task/start', 2],
      ['task/finish', 2],
      ['task/finish', 0],
    ])
    expect(tasks.map(({params}) => ('status' in params ? params.status : undefined))).toEqual([
      ...[undefined, undefined, undefined, 2, undefined, 2, 2],
    ])
  })

  test.each(['wait', 'quietly-wait'])('is cancelled by the request: %s', async word => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts')
    const abort = new AbortController()
    const running = worker.connection.request('compile', compile('1', word), {signal: abort.signal})
    const queued = worker.connection.request('compile', compile('2', 'error'))
    await worker.heard('log/message')
    abort.abort()
    expect(await running).toEqual({status: 3})
    expect(worker.said).toContainEqual({method: 'task/finish', params: {taskId: '1', status: 3}})
    expect(await queued).toEqual({status: 2})
  })

  test('that throws is an error reply after the finish, and the worker lives on', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts')
    await expect(worker.connection.request('compile', compile('1', 'throw'))).rejects.toMatchObject({
      code: -32_603,
      message: 'the compiler is broken',
    })
    expect(worker.said.at(-1)).toEqual({method: 'task/finish', params: {taskId: '1', status: 2}})
    expect(await worker.connection.request('compile', compile('2'))).toEqual({status: 1})
  })

  test('is told the mode and the changed files, once', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts', {mode: 'watch'})
    await worker.connection.notify('files/changed', {changes: [{uri: 'file:///a', type: 2}]})
    await worker.connection.notify('files/changed', {changes: [{uri: 'file:///b', type: 1}]})
    await worker.connection.request('compile', compile('1', 'mode', 'changes'))
    await worker.connection.request('compile', compile('2', 'changes'))
    const logged = worker.said.filter(({method}) => method === 'log/message').map(({params}) => params)
    expect(logged.map(params => 'message' in params && params.message)).toEqual([
      'watch',
      'file:///a file:///b',
      '',
    ])
  })

  test('with parameters that do not fit is refused', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts')
    await expect(worker.connection.request('compile', {taskId: 1})).rejects.toMatchObject({code: -32_602})
  })

  test('may say twenty thousand things at once', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts')
    expect(await worker.connection.request('compile', compile('1', 'burst'))).toEqual({status: 1})
    const lines = worker.said.filter(({method}) => method === 'log/message').map(({params}) => params)
    expect(lines).toEqual(Array.from({length: 20_000}, (_, n) => ({level: 'debug', message: `line ${n}`})))
  })

  test('hides from its own children what leads to the supervisor', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts')
    await worker.connection.request('compile', compile('1', 'environment'))
    const log = await worker.heard('log/message')
    expect(JSON.stringify(log)).not.toMatch(/TOOL_IPC|TOOL_WORKER/)
  })
})

describe('serve', () => {
  test('says where it really listens, and closes at the shutdown', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts', {mode: 'serve'})
    const {params} = await worker.heard('server/listening')
    expect(params).toMatchObject({host: '127.0.0.1', protocol: 'http', port: expect.any(Number)})
    const url = 'url' in params ? params.url : ''
    expect(await (await fetch(url)).text()).toBe('here')
    await worker.connection.request('shutdown', {})
    expect(worker.said.at(-1)).toEqual({method: 'server/closed', params: {url}})
    await worker.connection.notify('exit', {})
    expect(await worker.program.ended).toEqual({code: 0, signal: null})
  })

  test('that throws ends the program, and says why', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts', {
      mode: 'serve',
      arguments: ['no-server'],
    })
    expect(await worker.program.ended).toEqual({code: 1, signal: null})
    expect(worker.said).toEqual([
      {method: 'log/message', params: {level: 'error', message: 'no server today'}},
    ])
  })

  test('is refused by a compiler that has no server', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-ten-lines.ts', {mode: 'serve'})
    expect(await worker.program.ended).toEqual({code: 1, signal: null})
    expect(worker.said).toMatchObject([{params: {level: 'error', message: 'ten-lines has no server'}}])
  })
})

describe('the end', () => {
  test('a shutdown cancels what runs', async () => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts')
    const running = worker.connection.request('compile', compile('1', 'wait'))
    await worker.heard('log/message')
    await worker.connection.request('shutdown', {})
    expect(await running).toEqual({status: 3})
  })

  test.each([
    ['build', compile('1', 'wait')],
    ['serve', undefined],
  ] as const)('a worker that lost its supervisor ends by itself: %s', async (mode, work) => {
    await using box = sandbox()
    await using worker = await supervise(box.project, 'worker-all.ts', {mode})
    if (work) worker.connection.request('compile', work)
    await worker.heard(work ? 'log/message' : 'server/listening')
    worker.connection.close(new Error('the supervisor died'))
    expect(await worker.program.ended).toEqual({code: 1, signal: null})
  })
})
