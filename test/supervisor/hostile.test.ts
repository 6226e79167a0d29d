import {once} from 'node:events'
import {createConnection, type Socket} from 'node:net'
import {setTimeout as delay} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {besieged} from '../support/besieged.ts'
import {brokenFrames, nested, senseless} from '../support/hostile.ts'
import {frame} from '../support/ipc.ts'
import {rawPeer} from '../support/raw-peer.ts'

/** One line, and none of the program's inner life. */
const oneClearLine = /^bad frame: [^\n]{5,80}$/

const call = (id: number | string, method: string, params: object = {}) =>
  frame({jsonrpc: '2.0', id, method, params})

test('any frame that is broken ends its connection, is told why, and harms nobody else', async () => {
  await using s = await besieged()
  for (const [what, bytes] of Object.entries(brokenFrames)) {
    using foe = await s.foe()
    // What came before is still answered, what comes after is not looked at.
    foe.send(
      Buffer.concat([call('before', 'workers/list'), Buffer.from(bytes), call('after', 'workers/list')]),
    )
    await foe.closed
    const [hello, ...answers] = foe.messages
    expect([what, hello?.id, answers]).toEqual([
      what,
      'hello',
      expect.arrayContaining([
        {jsonrpc: '2.0', id: null, error: {code: -32_700, message: expect.stringMatching(oneClearLine)}},
      ]),
    ])
    expect(answers.filter(({id}) => id === 'after')).toEqual([])
  }
  await s.isUnharmed()
})

test('who has not shown a token is told nothing at all', async () => {
  await using s = await besieged()
  for (const bytes of Object.values(brokenFrames)) {
    using foe = await rawPeer(s.socket)
    foe.send(bytes)
    await foe.closed
    expect(foe.socket.bytesRead).toBe(0)
  }
  await s.isUnharmed()
})

test.each(['two lengths that differ', 'header without end', 'invalid UTF-8', 'a batch'])(
  'a worker that sends %s fails with one clear line',
  async what => {
    await using s = await besieged()
    const worker = s.supervisor.start(s.worker('foe', brokenFrames[what] ?? ''))
    const outcome = await worker.done
    expect(outcome).toMatchObject({kind: 'failed', reason: 'protocol-error'})
    const message = outcome.exit?.failure?.message ?? ''
    expect(message).toMatch(/^foe does not speak the protocol: bad frame: [^\n]{5,80}$/)
    await s.line(/^told .*bad frame: /)
    await s.isUnharmed()
  },
)

test('a frame may be cut at every byte', async () => {
  await using s = await besieged()
  const bytes = call('cut', 'workers/list', {text: 'ä🎉'})
  const whole = {result: {workers: [{workerId: 'bystander'}]}}
  for (let at = 1; at < bytes.length; at++) {
    using foe = await s.foe()
    foe.send(bytes.subarray(0, at))
    // Once another one was answered the first part has been read.
    await s.friend.workers()
    foe.send(bytes.subarray(at))
    expect(await foe.answer('cut')).toMatchObject(whole)
  }
})

test('a worker that writes byte by byte is understood', async () => {
  await using s = await besieged()
  const log = frame({jsonrpc: '2.0', method: 'log/message', params: {level: 'info', message: 'grüße 🎉'}})
  s.supervisor.start(s.worker('slow', log, {times: 3, portion: 1}))
  await s.line(/^all sent/)
  await s.friend.workers()
  expect(s.lines.filter(({text}) => text === 'grüße 🎉')).toHaveLength(3)
})

test.each(Object.entries(senseless))('%s: no harm, and no end', async (_, messages) => {
  await using s = await besieged()
  using foe = await s.foe()
  for (const message of messages) foe.send(message as object)
  foe.send(call('last', 'workers/list'))
  expect(await foe.answer('last')).toHaveProperty('result')
  for (const {error} of foe.messages) {
    if (error) expect([error.code, error.message.length < 200]).toEqual([-32_600, true])
  }

  const bytes = Buffer.concat(messages.map(message => frame({jsonrpc: '2.0', ...(message as object)})))
  const worker = s.supervisor.start({...s.worker('odd', bytes), grace: 20_000})
  await s.line(/^all sent/)
  expect(await worker.stop()).toMatchObject({kind: 'stopped', exit: {code: 0}})
  expect({}).not.toHaveProperty('polluted')
  await s.isUnharmed()
})

test('what is nested a hundred thousand levels deep is told without it', async () => {
  await using s = await besieged()
  const range = '{"start":{"line":0,"character":0},"end":{"line":0,"character":0}}'
  const {'numbered objects': deep} = nested(100_000)
  const diagnostic = `{"range":${range},"message":"deep","data":${deep}}`
  const params = `{"uri":"file:///a","diagnostics":[${diagnostic}]}`
  s.supervisor.start(
    s.worker('deep', frame(`{"jsonrpc":"2.0","method":"diagnostics/publish","params":${params}}`)),
  )
  await s.event(({type}) => type === 'diagnostics/publish')
  await s.isUnharmed()
  expect(await s.friend.diagnostics()).toMatchObject([{diagnostics: [{message: 'deep'}]}])
})

test('a frame full of misfits costs no more than its bytes', async () => {
  await using s = await besieged()
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 1)
  const full = (method: string, field: string, more = '') =>
    frame(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":{${more}"${field}":[${'1,'.repeat(4e6)}1]}}`)
  using foe = await s.foe()
  foe.send(full('workers/spawn', 'args', '"id":"a","command":"b",'))
  expect(await foe.answer(1)).toMatchObject({
    error: {code: -32_602, message: expect.stringMatching(/^"workers\/spawn": args\.0: [^\n]{5,100}$/)},
  })
  const misfit = frame(
    `{"jsonrpc":"2.0","method":"diagnostics/publish","params":{"uri":"file:///a","diagnostics":[${'1,'.repeat(4e6)}1]}}`,
  )
  s.supervisor.start(s.worker('full', misfit))
  await s.line(/it sent a diagnostics\/publish that is none: diagnostics\.0: [^\n]{5,100}$/)
  await s.isUnharmed()
  clearInterval(watch)
  expect(most - before).toBeLessThan(400e6)
})

test('of more servers than anybody has most are not looked at, and the log says so', async () => {
  await using s = await besieged()
  const listening = Array.from({length: 5000}, (_, i) =>
    frame({
      jsonrpc: '2.0',
      method: 'server/listening',
      params: {url: `http://127.0.0.1:1/${i}`, host: '127.0.0.1', port: 1, protocol: 'http'},
    }),
  )
  s.supervisor.start(s.worker('many', Buffer.concat(listening)))
  await s.line(/^it says that it has more than 100 servers; only those are looked at$/)
  await s.line(/^all sent/)
  await s.isUnharmed()
  expect(s.lines.filter(({text}) => text.includes('more than 100 servers'))).toHaveLength(1)
})

test('a message for people is cut into lines as long as those that are printed', async () => {
  await using s = await besieged()
  const long = {level: 'info', message: `${'x'.repeat(10_000_000)}\r\nshort\n`}
  s.supervisor.start(s.worker('long', frame({jsonrpc: '2.0', method: 'log/message', params: long})))
  await s.line(/^short$/)
  await s.isUnharmed()
  expect(Math.max(...s.lines.map(({text}) => text.length))).toBeLessThan(70_000)
  const page = await s.friend.logs()
  expect(page.lines.length).toBeGreaterThan(10)
})

test('a half frame and then silence holds nobody up, also not the end', async () => {
  await using s = await besieged()
  using foe = await s.foe()
  foe.send('Content-Length: 16777216\r\n\r\n{"half":"')
  s.supervisor.start(s.worker('half', 'Content-Length: 100\r\n\r\n{"jsonrpc'))
  await s.line(/^all sent/)
  await s.isUnharmed()
  await s.friend.shutdown()
  await foe.closed
})

test('of 1,000 connections that say nothing 256 are kept; who has something to say gets in meanwhile', async () => {
  await using s = await besieged()
  const few = Promise.withResolvers<void>()
  const [silent, entered]: [Socket[], Promise<void>[]] = [[], []]
  let ended = 0
  const crowd = async () => {
    for (;;) {
      const socket = createConnection(s.socket)
      try {
        await once(socket, 'connect')
      } catch {
        // The system has no place for it right now.
        await delay(5)
        continue
      }
      silent.push(socket)
      socket.on('error', () => {})
      socket.resume().on('close', () => {
        ended += 1
        if (ended === 744) few.resolve()
      })
      return
    }
  }
  for (let round = 0; round < 10; round++) {
    entered.push(s.isUnharmed())
    await Promise.all(Array.from({length: 100}, crowd))
  }
  await Promise.all(entered)
  await few.promise
  await s.isUnharmed()
  expect(silent.filter(({closed}) => !closed)).toHaveLength(256)
  for (const socket of silent) socket.destroy()
})

test('a client waits where so many come at once that the system has no place for it', async () => {
  await using s = await besieged()
  // More than wait to be let in, all before the other side can look.
  const crowd = Array.from({length: 900}, () => createConnection(s.socket).on('error', () => {}))
  await s.isUnharmed()
  for (const socket of crowd) socket.destroy()
})
