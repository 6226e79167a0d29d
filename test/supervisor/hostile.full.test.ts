import {setTimeout as delay} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {besieged} from '../support/besieged.ts'
import {brokenFrames, nested} from '../support/hostile.ts'
import {frame} from '../support/ipc.ts'
import {startProgram} from '../support/programs.ts'
import {rawPeer} from '../support/raw-peer.ts'
import {policy, talker} from '../support/supervised.ts'

const call = (id: number | string, method: string, params: object = {}) =>
  frame({jsonrpc: '2.0', id, method, params})

/** The most memory that this process took above what it has now, asked every few ms. */
function watchMemory() {
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 5)
  return () => {
    clearInterval(timer)
    return most - before
  }
}

test('a worker that sends any broken frame fails with one clear line, beside forty others that do', async () => {
  await using s = await besieged()
  const outcomes = await Promise.all(
    Object.entries(brokenFrames).map(async ([what, bytes]) => {
      const worker = s.supervisor.start(s.worker(what, bytes))
      return [what, await worker.done] as const
    }),
  )
  for (const [what, outcome] of outcomes) {
    const failure = outcome.exit?.failure
    expect([what, outcome.kind, failure?.code]).toEqual([what, 'failed', 'WORKER_PROTOCOL_ERROR'])
    expect(failure?.message).toMatch(/^[^\n]+ does not speak the protocol: bad frame: [^\n]{5,80}$/)
  }
  await s.isUnharmed()
})

test('nesting of a hundred thousand levels is read or refused, wherever it is', async () => {
  await using s = await besieged()
  using foe = await s.foe()
  const range = '{"start":{"line":0,"character":0},"end":{"line":0,"character":0}}'
  const said: string[] = []
  for (const deep of Object.values(nested(100_000))) {
    for (const method of ['workers/list', 'workers/spawn', 'workers/logs', 'events/subscribe', 'who/knows']) {
      for (const params of [deep, `{"id":${deep}}`, `{"since":${deep}}`, `{"id":"a","env":${deep}}`]) {
        foe.send(frame(`{"jsonrpc":"2.0","id":"${said.length}","method":"${method}","params":${params}}`))
      }
    }
    foe.send(frame(`{"jsonrpc":"2.0","id":${deep},"method":"workers/list"}`))
    foe.send(frame(`{"jsonrpc":"2.0","id":5,"result":${deep},"error":${deep}}`))
    foe.send(frame(deep.startsWith('{') ? deep : `{"a":${deep}}`))
    const uri = `file:///${said.length}`
    for (const params of [
      deep,
      `{"uri":${deep},"diagnostics":[]}`,
      `{"uri":"${uri}","diagnostics":${deep}}`,
      `{"uri":"${uri}","diagnostics":[{"range":${range},"message":"deep","data":${deep}}]}`,
    ]) {
      said.push(`{"jsonrpc":"2.0","method":"diagnostics/publish","params":${params}}`)
    }
  }
  foe.send(call('last', 'workers/list'))
  expect(await foe.answer('last')).toHaveProperty('result')

  s.supervisor.start(s.worker('deep', Buffer.concat(said.map(frame))))
  await s.line(/^all sent/)
  await s.isUnharmed()
  // What can be told of is, without what makes it so deep.
  const told = await s.friend.diagnostics()
  expect(told.filter(({workerId}) => workerId === 'deep')).toHaveLength(Object.keys(nested(1)).length)
  for (const {text} of s.lines) expect(text.length).toBeLessThan(1000)
})

test('a million tiny messages on each door: none is lost, in bounded memory', async () => {
  await using s = await besieged()
  const tiny = Buffer.concat(Array.from({length: 1000}, () => frame('{"jsonrpc":"2.0","method":"x"}')))
  const progress = frame({jsonrpc: '2.0', method: 'task/progress', params: {taskId: 't'}})
  const said = [
    frame({jsonrpc: '2.0', method: 'task/start', params: {taskId: 't', title: ''}}),
    ...Array.from({length: 998}, () => progress),
    frame({jsonrpc: '2.0', method: 'task/finish', params: {taskId: 't', status: 1}}),
  ]
  const grown = watchMemory()
  await using controller = startProgram('child-hostile.js', [s.box.write('tiny', tiny), '1000'], {
    env: {...process.env, TOOL_IPC: s.socket, TOOL_WORKER_ID: 'x', TOOL_WORKER_TOKEN: s.token},
  })
  let counted = 0
  s.supervisor.onEvent(({workerId, type}) => {
    if (workerId === 'tiny' && type !== 'worker/state') counted += 1
  })
  s.events.push = () => 0
  const worker = s.supervisor.start(s.worker('tiny', Buffer.concat(said), {times: 1000}))
  while (counted < 1_000_000 || !controller.stdout.includes('all sent')) {
    await delay(100)
    // Others are answered meanwhile.
    await s.friend.workers()
  }
  await s.isUnharmed()
  await worker.stop()
  const most = grown()
  expect(counted).toBe(1_000_000)
  expect(most).toBeLessThan(150e6)
})

test('workers that flood while the supervisor sleeps wait for it, in bounded memory', async () => {
  await using s = await besieged()
  const log = frame({
    jsonrpc: '2.0',
    method: 'log/message',
    params: {level: 'info', message: 'x'.repeat(1024)},
  })
  const bytes = Buffer.concat(Array.from({length: 1000}, () => log))
  const counts = new Map<string, number>()
  s.lines.push = () => 0
  s.supervisor.onLine(({workerId, stream}) => {
    if (stream === 'log') counts.set(workerId, (counts.get(workerId) ?? 0) + 1)
  })
  const grown = watchMemory()
  const workers = ['a', 'b'].map(id => s.supervisor.start(s.worker(id, bytes, {times: 100})))
  await Promise.all(workers.map(worker => worker.ready()))
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000)
  while (counts.get('a') !== 100_000 || counts.get('b') !== 100_000) await delay(50)
  await s.isUnharmed()
  const most = grown()
  expect(most).toBeLessThan(150e6)
})

test('who says hello too late, never, by halves or drop by drop is turned away after ten seconds', async () => {
  await using s = await besieged()
  const hello = call(1, 'initialize', {protocolVersion: 1, token: s.token})
  const began = Date.now()
  const peers = await Promise.all(
    ['', 'Content-Length: ', 'Content-Length: 60000\r\n\r\n{"a":', hello.subarray(0, -1)].map(async bytes => {
      const peer = await rawPeer(s.socket)
      peer.send(Buffer.from(bytes))
      return peer
    }),
  )
  const dropper = await rawPeer(s.socket)
  const drops = setInterval(() => dropper.send('X'), 50)
  // A worker that connects and then says nothing is given up too, and started again as its policy says.
  const silent = s.supervisor.start(
    talker(['silent'], {id: 'silent', grace: 100, restart: policy({restart: 'temporary'})}),
  )
  await Promise.all([...peers, dropper].map(({closed}) => closed))
  clearInterval(drops)
  const took = Date.now() - began
  expect(took).toBeGreaterThan(9_900)
  expect(took).toBeLessThan(30_000)
  for (const {socket} of [...peers, dropper]) expect(socket.bytesRead).toBe(0)
  expect(await silent.done).toMatchObject({kind: 'failed'})
  await s.isUnharmed()
})
