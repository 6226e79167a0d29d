import {once} from 'node:events'
import {connect} from 'node:net'
import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import type {Interpreter} from '../../src/model/interpreter.ts'
import {manualClock} from '../support/manual-clock.ts'
import {shellWorker, supervised, talker} from '../support/supervised.ts'

const byServer = {readiness: {by: 'server', timeout: 20_000} as const}

test.each([
  ['plain IPv4', '127.0.0.1'],
  ['IPv6', '::1'],
  ['a name', 'localhost'],
  ['every IPv4 address', '0.0.0.0'],
  ['every address', '::'],
])('a server on %s is announced when it answers, and makes its worker ready', async (_name, host) => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['serve', host], byServer))
  await worker.ready()
  expect(s.states()).toEqual(['starting', 'starting', 'connected', 'ready'])
  const {servers} = s.supervisor.events.snapshot()
  expect(servers).toMatchObject([{workerId: 'w', host, protocol: 'http'}])
  await worker.stop()
  expect(s.supervisor.events.snapshot().servers).toEqual([])
  expect(s.events.filter(({type}) => type.startsWith('server/')).map(({type}) => type)).toEqual([
    'server/listening',
    'server/closed',
  ])
})

test('an address that is told before it listens is announced only once it does', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['hasty'], byServer))
  await worker.ready()
  const server = s.supervisor.events.snapshot().servers[0]
  if (!server) throw new Error('no server was announced')
  const socket = connect(server.port, server.host)
  await once(socket, 'connect')
  socket.destroy()
})

test('a server that never answers is never announced, and its worker is not ready', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const worker = s.supervisor.start(
    talker(['liar'], {...byServer, reinstall: 'tool install --force talker@1'}),
  )
  await s.reaches('connected')
  await clock.awaited(250)
  while (worker.info.state.kind === 'connected') {
    clock.advance(1000)
    await new Promise(resolve => setImmediate(resolve))
  }
  await expect(worker.ready()).rejects.toMatchObject({
    code: 'WORKER_NOT_READY',
    message: expect.stringContaining(
      'was not ready within 20 s: it says that it listens on http://127.0.0.1:1/, but nobody answers there',
    ),
    hint: expect.stringContaining('readyTimeout'),
  })
  expect(s.events.some(({type}) => type === 'server/listening')).toBe(false)
})

test('a worker that never says where it listens is not ready in time', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const worker = s.supervisor.start(shellWorker('sleep 600', byServer))
  await s.event(
    event => event.type === 'worker/state' && event.state.kind === 'starting' && event.state.pid !== null,
  )
  clock.advance(20_000)
  await expect(worker.ready()).rejects.toMatchObject({code: 'WORKER_NOT_READY', exitCode: 8})
})

test('an address read from the output counts like one that was told', async () => {
  await using s = supervised()
  const interpreter = (): Interpreter => ({
    line(_stream, text) {
      const [, url = '', port] = /(http:\/\/127\.0\.0\.1:(\d+)\/)/.exec(text) ?? []
      return port
        ? [
            {
              method: 'server/listening',
              params: {url, host: '127.0.0.1', port: Number(port), protocol: 'http'},
            },
          ]
        : []
    },
    end: () => [],
  })
  const script =
    "const s = require('node:net').createServer(c => c.end()).listen(0, '127.0.0.1', () => console.log('at http://127.0.0.1:' + s.address().port + '/'))"
  const worker = s.supervisor.start(
    shellWorker('', {...byServer, file: process.execPath, args: ['-e', script], interpreter}),
  )
  await worker.ready()
  expect(s.states()).toEqual(['starting', 'starting', 'ready'])
  expect(s.supervisor.events.snapshot().servers.length).toBe(1)
})

test.runIf(process.platform !== 'win32')(
  'one that says where it listens in other words than those known is found late by its sockets, with a warning',
  async () => {
    const clock = manualClock()
    await using s = supervised({clock})
    const script =
      "require('http').createServer((_, r) => r.end()).listen(0, '127.0.0.1', () => console.log('here'))"
    const worker = s.supervisor.start(
      shellWorker('', {
        file: process.execPath,
        args: ['-e', script],
        readiness: {by: 'server', timeout: 30_000, sockets: 'late'},
      }),
    )
    await s.line(/^here$/)
    clock.advance(9999)
    expect(s.supervisor.events.snapshot().servers).toEqual([])
    clock.advance(1)
    await worker.ready()
    const {servers} = s.supervisor.events.snapshot()
    expect(servers).toMatchObject([{host: '127.0.0.1', protocol: 'http'}])
    await s.line(/^it has not said where it listens in words that are known; its processes do on http:/)
  },
)

test.runIf(process.platform !== 'win32')('a guess is taken back when it says it by itself', async () => {
  const clock = manualClock()
  const script = `
    const server = require('http').createServer((_, r) => r.end()).listen(0, '127.0.0.1', () => console.log('debugger'))
    process.stdin.once('data', () => {
      const real = require('http').createServer((_, r) => r.end()).listen(0, '127.0.0.1', () =>
        console.log('at http://127.0.0.1:' + real.address().port + '/'))
    })`
  const interpreter = (): Interpreter => ({
    line(_stream, text) {
      const [, url, port] = /^at (http:\/\/127\.0\.0\.1:(\d+)\/)$/.exec(text) ?? []
      if (url === undefined) return []
      const params = {url, host: '127.0.0.1', port: Number(port), protocol: 'http'} as const
      return [{method: 'server/listening', params}]
    },
    end: () => [],
  })
  const stdin = new PassThrough()
  await using other = supervised({clock, stdin})
  const worker = other.supervisor.start(
    shellWorker('', {
      file: process.execPath,
      args: ['-e', script],
      interpreter,
      stdin: 'inherit',
      readiness: {by: 'server', timeout: 30_000, sockets: 'late'},
    }),
  )
  await other.line(/^debugger$/)
  clock.advance(10_000)
  await worker.ready()
  const [guess] = other.supervisor.events.snapshot().servers
  stdin.write('go')
  await other.event(event => event.type === 'server/closed' && event.url === guess?.url)
  const {servers} = other.supervisor.events.snapshot()
  expect(servers).toHaveLength(1)
  expect(servers[0]?.url).not.toBe(guess?.url)
})
