import {existsSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {z} from 'zod'
import type {Event} from '../../src/model/event.ts'
import {EventLog} from '../../src/supervisor/event-log.ts'
import {
  createSupervisor,
  defaultPolicy,
  type NumberedLine,
  RpcCode,
  type WorkerConnection,
  type WorkerOptions,
} from '../../src/supervisor/index.ts'
import {fixture, shellWorker} from '../support/supervised.ts'

const duplex = (options: Partial<WorkerOptions> = {}): WorkerOptions => ({
  file: process.execPath,
  args: [fixture('child-duplex.js')],
  id: 'duplex',
  readiness: 'protocol',
  ...options,
})

test('what is left out is as one would want it', async () => {
  await using supervisor = createSupervisor()
  const one = supervisor.start({file: '/bin/sh', args: ['-c', 'exit 0']})
  expect(one.spec).toMatchObject({
    id: 'sh',
    label: 'sh',
    cwd: process.cwd(),
    env: {PATH: process.env.PATH},
    stdin: 'none',
    readiness: {by: 'spawn'},
    restart: defaultPolicy,
    grace: 5000,
  })
  expect(one.spec.ipc).toBeUndefined()
  const two = supervisor.start({file: 'sh', args: ['-c', 'exec sleep 1000'], restart: {maxRestarts: 1}})
  expect(two.spec).toMatchObject({id: 'sh-2', restart: {...defaultPolicy, maxRestarts: 1}})
  expect(supervisor.start(duplex()).spec).toMatchObject({
    readiness: {by: 'protocol', timeout: 30_000},
    ipc: {root: process.cwd(), mode: 'serve', arguments: []},
  })
  expect(() => supervisor.start(duplex())).toThrow('worker duplex runs already')
})

test('a shutdown says how each worker ended; nothing is left of the socket', async () => {
  const supervisor = createSupervisor()
  const folder = join(tmpdir(), `toolversion-${supervisor.instance}`)
  await supervisor.spawn(duplex())
  expect(existsSync(folder)).toBe(true)
  const failed = supervisor.start(shellWorker('exit 3', {id: 'failed'}))
  await failed.done
  const ended = await supervisor.shutdown()
  expect(ended.map(({worker, outcome}) => [worker.id, outcome])).toEqual([
    ['duplex', {kind: 'stopped', exit: expect.objectContaining({code: 0})}],
    ['failed', {kind: 'exited', exit: expect.objectContaining({code: 3})}],
  ])
  expect(await supervisor.shutdown()).toEqual(ended)
  expect(existsSync(folder)).toBe(false)
  expect(() => supervisor.start(duplex())).toThrow(expect.objectContaining({code: 'SUPERVISOR_STOPPED'}))
})

test('spawn rejects with why, if it ends for good before it is ready', async () => {
  await using supervisor = createSupervisor()
  await expect(supervisor.spawn({file: '/no/such/program'})).rejects.toMatchObject({
    code: 'WORKER_CANNOT_START',
    exitCode: 8,
  })
})

test('both sides call each other, also in the middle of a call', async () => {
  await using supervisor = createSupervisor()
  const told: unknown[] = []
  const worker = await supervisor.spawn(
    duplex({
      onConnection(connection, own) {
        connection.onRequest('who', () => ({id: own.id}))
        connection.onRequest('add', z.object({a: z.number(), b: z.number()}), ({a, b}) => a + b)
        connection.onRequest('nested', async (params: object) => ({
          inner: await connection.request('echo', params),
        }))
        connection.onNotification('told', params => told.push(params))
      },
    }),
  )
  expect(await worker.request('echo', {x: 1})).toEqual({x: 1})
  const ask = (method: string, params = {}) => worker.request('ask', {method, params})
  expect(await ask('who')).toEqual({id: 'duplex'})
  expect(await ask('nested', {deep: true})).toEqual({inner: {deep: true}})
  expect(await ask('add', {a: 1, b: 2})).toBe(3)
  expect(await ask('add', {a: 'one'})).toMatchObject({error: {code: RpcCode.invalidParams}})
  expect(await ask('unknown')).toMatchObject({error: {code: RpcCode.methodNotFound}})
  await worker.notify('tell', {n: 7})
  await expect.poll(() => told).toEqual([{n: 7}])
})

test('every process of a worker is introduced; requests wait for it, or end with it', async () => {
  await using supervisor = createSupervisor()
  const connections: WorkerConnection[] = []
  const worker = supervisor.start(
    duplex({
      restart: {restart: 'permanent', delay: 1},
      onConnection: connection => void connections.push(connection),
    }),
  )
  expect(await worker.request('echo', {n: 1})).toEqual({n: 1})
  await expect(worker.request('leave')).rejects.toMatchObject({code: 'CONNECTION_CLOSED'})
  await expect.poll(() => connections.length).toBe(2)
  expect(await worker.request('echo', {n: 2})).toEqual({n: 2})
  await worker.stop()
  await expect(worker.request('echo')).rejects.toMatchObject({code: 'WORKER_STOPPED'})
})

test('one that never connects lets nobody wait for ever', async () => {
  await using supervisor = createSupervisor()
  const mute = supervisor.start(shellWorker('exec sleep 1000', {id: 'mute', ipc: duplexIpc}))
  await expect(mute.request('echo', {}, {timeout: 100})).rejects.toMatchObject({code: 'REQUEST_TIMEOUT'})
  const gone = supervisor.start(shellWorker('sleep 0.1', {id: 'gone', ipc: duplexIpc}))
  await expect(gone.request('echo')).rejects.toMatchObject({code: 'CONNECTION_CLOSED'})
  const none = supervisor.start(shellWorker('exec sleep 1000', {id: 'none'}))
  await expect(none.request('echo')).rejects.toThrow('it has no socket')
})

const duplexIpc = {root: '/', mode: 'serve' as const, arguments: [], server: {host: '127.0.0.1', port: 0}}

test('an introduction that fails is told in the log, and the worker goes on', async () => {
  await using supervisor = createSupervisor()
  const lines: string[] = []
  supervisor.onLine(({level, text}) => lines.push(`${level}: ${text}`))
  const worker = await supervisor.spawn(
    duplex({onConnection: connection => connection.onRequest('diagnostics/publish', () => null)}),
  )
  expect(await worker.request('echo', {n: 1})).toEqual({n: 1})
  expect(lines).toEqual([
    'error: its onConnection failed: diagnostics/publish is what a worker says to the supervisor itself',
  ])
})

test('events can be iterated from a snapshot or a position, until the shutdown', async () => {
  const supervisor = createSupervisor()
  const early = supervisor.events.read()
  const worker = supervisor.start(shellWorker('exit 0'))
  await worker.done
  const late = supervisor.events.read({since: {instance: supervisor.instance, seq: 1}})
  const fromSnapshot = supervisor.events.read()
  await supervisor.shutdown()
  const kinds = async (items: typeof early) => {
    const seen: string[] = []
    for await (const {event, snapshot} of items) {
      if (snapshot) seen.push(`snapshot of ${snapshot.workers.length}`)
      else if (event.type === 'worker/state') seen.push(event.state.kind)
    }
    return seen
  }
  expect(await kinds(early)).toEqual(['snapshot of 0', 'starting', 'starting', 'ready', 'stopped'])
  expect(await kinds(late)).toEqual(['starting', 'ready', 'stopped'])
  expect(await kinds(fromSnapshot)).toEqual(['snapshot of 1'])
  // Also one that begins afterwards ends.
  expect(await kinds(supervisor.events.read())).toEqual(['snapshot of 1'])
})

test('a reader that stops, or is told to, leaves nothing behind', async () => {
  await using supervisor = createSupervisor()
  for await (const {snapshot} of supervisor.events) {
    expect(snapshot).toBeDefined()
    break
  }
  const giveUp = new AbortController()
  const reading = supervisor.events.read({signal: giveUp.signal})
  expect((await reading.next()).value).toMatchObject({seq: 0})
  const next = reading.next()
  giveUp.abort()
  expect(await next).toEqual({done: true, value: undefined})
})

test('a reader that fell out of the ring goes on from a snapshot, and holds no queue', async () => {
  const log = new EventLog('i', error => {
    throw error
  })
  const event = (taskId: string): Event => ({
    workerId: 'w',
    label: 'w',
    type: 'task/start',
    taskId,
    title: 't',
  })
  const reading = log.read({since: {instance: 'i', seq: 0}})
  log.publish(event('first'))
  expect((await reading.next()).value).toMatchObject({seq: 1, event: {taskId: 'first'}})
  for (let index = 0; index < 10_001; index++) {
    log.publish(event('again'))
    log.publish({workerId: 'w', label: 'w', type: 'task/finish', taskId: 'again', status: 1})
  }
  const {value} = await reading.next()
  expect(value).toEqual({
    seq: 20_003,
    snapshot: {
      workers: [],
      servers: [],
      tasks: [expect.objectContaining({taskId: 'first'})],
      diagnostics: [],
    },
  })
  log.publish(event('last'))
  log.end()
  expect((await reading.next()).value).toMatchObject({seq: 20_004, event: {taskId: 'last'}})
  expect((await reading.next()).done).toBe(true)
})

test('lines can be iterated, of one worker or of all, until the shutdown', async () => {
  const supervisor = createSupervisor()
  const all = supervisor.lines.read()
  const ofB = supervisor.lines.read({workerId: 'b'})
  const a = supervisor.start(shellWorker('echo 1; echo 2', {id: 'a'}))
  await a.done
  const b = supervisor.start(shellWorker('echo 3 >&2', {id: 'b'}))
  await b.done
  const rest = supervisor.lines.read({since: 1})
  const ended = supervisor.shutdown()
  const texts = async (lines: AsyncIterable<NumberedLine>) => {
    const seen: string[] = []
    for await (const {offset, stream, text} of lines) seen.push(`${offset} ${stream} ${text}`)
    return seen
  }
  expect(await texts(all)).toEqual(['0 stdout 1', '1 stdout 2', '2 stderr 3'])
  expect(await texts(ofB)).toEqual(['2 stderr 3'])
  expect(await texts(rest)).toEqual(['1 stdout 2', '2 stderr 3'])
  await ended
})

test('a slow reader of a flood costs bounded memory, and sees the gap', async () => {
  const supervisor = createSupervisor()
  const reading = supervisor.lines.read()
  const flood = supervisor.start(shellWorker('seq 1 50000', {id: 'flood'}))
  await flood.done
  const offsets: number[] = []
  await supervisor.shutdown()
  for await (const {offset} of reading) offsets.push(offset)
  expect(offsets.length).toBeLessThanOrEqual(10_000)
  expect(offsets.at(-1)).toBe(49_999)
  expect(offsets[0]).toBe(50_000 - offsets.length)
})

test('ready is also who prints a line, or whose group listens', async () => {
  await using supervisor = createSupervisor()
  const listens = "require('http').createServer((_, answer) => answer.end()).listen(0, '127.0.0.1')"
  const [line, web] = [
    supervisor.start({
      file: 'sh',
      args: ['-c', 'echo no; read go; printf "\\033[1mgo\\033[0m: %s\\n" "$go"; exec sleep 1000'],
      readiness: {by: 'line', pattern: /^go: $/g},
    }),
    supervisor.start({
      file: process.execPath,
      args: ['-e', listens],
      id: 'web',
      readiness: {by: 'server', sockets: true},
    }),
  ]
  await Promise.all([line.ready(), web.ready()])
  expect(line.tail().map(({text}) => text)).toEqual(['no', '\u001B[1mgo\u001B[0m: '])
  const {servers} = supervisor.events.snapshot()
  expect(servers).toMatchObject([{workerId: 'web', host: '127.0.0.1', protocol: 'http'}])
  expect((await fetch(servers[0]?.url ?? '')).status).toBe(200)
})

test('one that does not get ready in time is ended, with a hint for a program', async () => {
  await using supervisor = createSupervisor()
  const mute = {file: 'sleep', args: ['1000']}
  await expect(
    supervisor.spawn({...mute, readiness: {by: 'line', pattern: /never/, timeout: 50}}),
  ).rejects.toMatchObject({
    code: 'WORKER_NOT_READY',
    hint: 'give it more time, or another sign of being ready',
  })
  await expect(
    supervisor.spawn({...mute, readiness: {by: 'server', sockets: true, timeout: 50}}),
  ).rejects.toMatchObject({code: 'WORKER_NOT_READY', message: 'sleep was not ready within 0.05 s'})
})
